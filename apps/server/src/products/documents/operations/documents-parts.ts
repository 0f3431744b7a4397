import type { CompleteRegistration } from '../../customers/index.ts';

/** What the core says of an account of a user; undefined for whatever is not the user's. */
export type AccountLookup = (
  institutionId: string,
  institutionUserId: string,
  accountId: string,
) => Promise<{ readonly accountType: string } | undefined>;

/** What the operations on documents work with; made once by the composition root. */
export interface DocumentsParts {
  readonly findAccountOfUser: AccountLookup;
  /** Tells that a user has accepted everything that the institution requires. */
  readonly completeRegistration: CompleteRegistration;
}
