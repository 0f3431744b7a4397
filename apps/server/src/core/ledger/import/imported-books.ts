import type { CoreAccount, CoreMember, InternalAccount, LoanTerms, Ownership, TransactionText } from '../../port.ts';

/**
 * Books that begin elsewhere: members, accounts that are not here yet, and what was ever booked on them, under the dates
 * at which it happened.
 */
export interface ImportedBooks {
  readonly institutionId: string;
  readonly members: readonly CoreMember[];
  readonly accounts: readonly ImportedAccount[];
  readonly holders: readonly ImportedHolder[];
  /** In the order in which they were booked. */
  readonly entries: readonly ImportedEntry[];
  readonly holds: readonly ImportedHold[];
  /** Entries and transactions without a number of their own get the ones from here on. */
  readonly firstNumber: bigint;
  /** The last day of the last month whose interest and statement are among the entries. */
  readonly closedThrough?: string | undefined;
}

type NeededTerms = 'accountKey' | 'accountNumber' | 'accountType' | 'category' | 'fiAccountType' | 'description' | 'openedOn';
/** What follows from other rows, or is the same for all. */
type FollowingTerms = 'balance' | 'currency' | 'fiRawAccountType' | 'primaryHolderName' | 'overdraftAccountNumber' | 'loan';

export interface ImportedAccount
  extends Pick<CoreAccount, NeededTerms>,
    Partial<Omit<CoreAccount, NeededTerms | FollowingTerms>> {
  readonly overdraftAccountKey?: bigint | undefined;
  /** What is owed follows from the entries. */
  readonly loan?: Partial<Omit<LoanTerms, 'payOffMinor'>> | undefined;
}

export interface ImportedHolder {
  readonly memberNumber: string;
  readonly accountKey: bigint;
  readonly ownership: Ownership;
}

export interface ImportedEntry {
  readonly kind: string;
  readonly bookedAt: Date;
  readonly postings: readonly ImportedPosting[];
}

export interface ImportedPosting extends TransactionText {
  /** The key of an imported account, or one of the institution's own. */
  readonly account: bigint | InternalAccount;
  readonly amountMinor: bigint;
  readonly transactionDate: string;
  readonly transactionNumber?: bigint | undefined;
}

export interface ImportedHold extends TransactionText {
  readonly accountKey: bigint;
  readonly amountMinor: bigint;
  readonly transactionDate: string;
  readonly placedAt: Date;
  readonly expiresAt?: Date | undefined;
  readonly transactionNumber?: bigint | undefined;
}
