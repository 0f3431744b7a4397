import type { Failure, Family } from './family.ts';

/** Refusals of who calls and how often: the edge finds them before it looks at anything else of the call. */
const callerFailures: readonly Failure[] = [
  'authorizationMissing',
  'authorizationMalformed',
  'tokenInvalid',
  'tokenExpired',
  'institutionOff',
  'clientInvalid',
  'clientDisabled',
  'addressBlocked',
  'institutionNotAllowed',
  'spikeExceeded',
  'quotaExceeded',
];

/** A refusal of a family that a sandbox can be told to answer (Conventions section 16). */
export interface ArmableError {
  /** Name of the row in the table of the family. */
  readonly name: string;
  /** It is about the caller: it comes before the limits are looked at, every other one after them. */
  readonly isOfCaller: boolean;
}

/**
 * @param error Name of a row, or its code: of several rows with that code the first.
 * @returns undefined when the family has no such row, or reserves it.
 */
export function findArmableError(family: Family, error: string): ArmableError | undefined {
  const armable = Object.entries(family.errors).filter(([, { kind }]) => kind !== 'R');
  const found = armable.find(([name]) => name === error) ?? armable.find(([, { code }]) => code === error);
  if (found === undefined) return undefined;
  const [name] = found;
  return { name, isOfCaller: callerFailures.some((failure) => family.failures[failure] === name) };
}

/** Only calls that name an institution can meet a fault, and the control of the sandbox never does. */
export function canMeetFault(family: Family): boolean {
  return family.checks !== 'open-calls';
}
