import { type Policies, parsePolicies } from './policies.ts';
import { accept, type Result, refuse } from './result.ts';

export type PolicyName = keyof Policies;

const defaults = parsePolicies({});

export const policyNames: readonly string[] = Object.keys(defaults);

export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(defaults, name);
}

/**
 * Reads one policy of an institution as somebody wants it: what is absent takes its default.
 * @returns The whole policy, or one sentence that says what it does not take; nothing of the value is repeated in it.
 */
export function readPolicy<Name extends PolicyName>(name: Name, value: unknown): Result<Policies[Name], string> {
  const stranger = placeOfStranger(value, defaults[name], name);
  if (stranger !== undefined) return refuse(stranger);
  try {
    return accept(parsePolicies({ [name]: value })[name]);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'This is no policy.');
  }
}

function placeOfStranger(value: unknown, known: object, place: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `Policy ${place} must be an object.`;
  const names = Object.keys(known);
  if (Object.keys(value).some((name) => !names.includes(name))) return `Policy ${place} takes ${names.join(', ')}.`;
  for (const name of names) {
    const inner: unknown = Reflect.get(value, name);
    const innerKnown: unknown = Reflect.get(known, name);
    if (inner === undefined || typeof innerKnown !== 'object' || innerKnown === null || Array.isArray(innerKnown)) continue;
    const found = placeOfStranger(inner, innerKnown, `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A policy as it is stored and shown: amounts are numbers of minor units, and what is not set has no member. */
export function policyText(policy: object): string {
  return JSON.stringify(policy, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

/** A policy as plain values by the path of their member, for the activity log. */
export function describePolicy(policy: object, lead = ''): Readonly<Record<string, string | number | boolean>> {
  const entries = Object.entries(policy).flatMap(([name, value]): [string, string | number | boolean][] => {
    const path = `${lead}${name}`;
    if (Array.isArray(value)) return [[path, value.join(', ')]];
    if (typeof value === 'object' && value !== null) return Object.entries(describePolicy(value, `${path}.`));
    if (typeof value === 'bigint') return [[path, Number(value)]];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[path, value]] : [];
  });
  return Object.fromEntries(entries);
}
