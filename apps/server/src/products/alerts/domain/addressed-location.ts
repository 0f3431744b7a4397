import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** A customer, as everybody may write it: 32 hexadecimal digits, with dashes or without. */
function toCustomerId(text: string): string {
  return text.replaceAll('-', '').toLowerCase();
}

/**
 * The one location that header, query and body name between them, if any.
 * @param named What each of them says; undefined and '' say nothing.
 */
export function namedLocation(named: readonly (string | undefined)[]): Result<string | undefined, 'valueInvalid'> {
  const [first, ...others] = new Set(named.flatMap((one) => (one === undefined || one === '' ? [] : [toCustomerId(one)])));
  return others.length === 0 ? accept(first) : refuse('valueInvalid');
}

/** The customers that a user reaches, the default one first, and the user's own GUID, which stands for the default. */
export interface ReachedLocations {
  readonly customerIds: readonly string[];
  readonly ownGuid: string;
}

/** The location that is meant, if the user reaches it. */
export function reachedLocation(
  location: string | undefined,
  { customerIds, ownGuid }: ReachedLocations,
): Result<string | undefined, 'userInvalid'> {
  if (location === undefined || customerIds.includes(location)) return accept(location);
  return location === ownGuid ? accept(customerIds[0] ?? ownGuid) : refuse('userInvalid');
}
