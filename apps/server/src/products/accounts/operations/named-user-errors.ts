import type { UserReach } from '../../customers/index.ts';

/** Why no user came of a call on accounts, as the accounts' family names it. */
export const userErrors = {
  blank: 'userBlank',
  both: 'queryInvalid',
  none: 'userMissing',
  notTheTokens: 'userNotCovered',
  unknown: 'userNotFound',
} as const;

/** An institution may want a CIF number of every customer; then one without cannot be served. */
export function lacksCifNumber(needsCifNumber: boolean, { customers }: Pick<UserReach, 'customers'>): boolean {
  return needsCifNumber && customers.some(({ cifNumber }) => cifNumber === undefined);
}
