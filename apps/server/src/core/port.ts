import type { Institution } from '../kernel/institution.ts';
import type { Sql, Tx } from '../platform/db/database.ts';

/**
 * The port to an institution's core system: members, accounts, balances, transactions, postings, holds. Products know
 * only this; `ledger/` is the built-in core, connectors to host systems stand beside it. Amounts are minor units;
 * positive means that the owner gains (money in, less owed). Dates are YYYY-MM-DD in the institution's time zone.
 */
export interface Core {
  findMember(sql: Sql | Tx, institutionId: string, memberNumber: string): Promise<CoreMember | undefined>;
  /** The accounts that members hold, in the order of account keys; the institution's own are never among them. */
  listAccounts(sql: Sql | Tx, institutionId: string, memberNumbers: readonly string[]): Promise<readonly HeldAccount[]>;
  findAccounts(sql: Sql | Tx, institutionId: string, accountKeys: readonly bigint[]): Promise<readonly CoreAccount[]>;
  /** An account with the members who hold it; one statement. */
  findAccountWithHolders(sql: Sql | Tx, institutionId: string, accountKey: bigint): Promise<AccountWithHolders | undefined>;
  findAccountByNumber(sql: Sql | Tx, institutionId: string, accountNumber: string): Promise<CoreAccount | undefined>;
  /** The same with the members who hold it; one statement. */
  findNumberedAccountWithHolders(
    sql: Sql | Tx,
    institutionId: string,
    accountNumber: string,
  ): Promise<AccountWithHolders | undefined>;
  /** Of those who own the account, the primary first; a relation between members makes nobody an owner. */
  listOwnerNames(sql: Sql | Tx, institutionId: string, accountKey: bigint): Promise<readonly string[]>;
  /** Booked and pending transactions in a range of transaction dates, newest first, stable between pages. */
  listTransactions(sql: Sql | Tx, query: TransactionQuery): Promise<TransactionPage>;
  /** Of several accounts at once the newest rows, as far as they are wanted, each account's newest first; one statement. */
  listNewestTransactions(sql: Sql | Tx, query: NewestQuery): Promise<ReadonlyMap<bigint, readonly CoreTransaction[]>>;
  /** How many debits of some types were booked on accounts in a range of transaction dates, without those undone; one statement. */
  countDebits(sql: Sql | Tx, query: DebitQuery): Promise<readonly DebitCount[]>;
  /** Everything that was booked in a range of transaction dates, oldest first, and the balance before it: a statement. */
  readBookedPeriod(sql: Sql | Tx, period: AccountPeriod): Promise<BookedPeriod>;
  /**
   * The last day of the last month that is closed for all accounts: interest and statements are made, and nothing more is
   * booked in it.
   */
  findClosedThrough(sql: Sql | Tx, institution: Institution, now: Date): Promise<string>;
  /**
   * The first day that is in no month that is closed, or being closed for some accounts. No more months are closed before
   * the transaction ends. Whoever books under a day of the past asks this first, before any balance is locked.
   */
  holdFirstOpenDay(tx: Tx, institution: Institution, now: Date): Promise<string>;
  /**
   * Locks the balances of the accounts, always in the order of their keys, so that no two transactions wait for each
   * other, and answers them; what is no account of the institution is left out. Whoever decides on a balance calls this first, with every account it is going to post to.
   */
  lockBalances(tx: Tx, institutionId: string, accountKeys: readonly bigint[]): Promise<ReadonlyMap<bigint, Balance>>;
  /**
   * Locks as `lockBalances` does, and answers all that decides on a movement as it is under the lock: balance, state,
   * limits, what is owed and due. In one round trip. What was read before the lock may have changed while it was waited for.
   */
  lockAccounts(tx: Tx, institutionId: string, accountKeys: readonly bigint[]): Promise<readonly LockedAccount[]>;
  /**
   * Books one balanced entry; the accounts' balances must be locked by this transaction. Nothing is checked but that
   * the postings sum to zero and all accounts have the entry's currency (else it throws, and nothing may be kept):
   * whether an account may be overdrawn is the caller's rule (`spendableOf`).
   */
  post(tx: Tx, entry: NewEntry): Promise<BookedEntry>;
  /** Sets money aside, or announces a credit. The balance must be locked. */
  placeHold(tx: Tx, hold: NewHold): Promise<{ readonly transactionNumber: bigint }>;
  /** Books what a hold set aside, for its amount or another, under the hold's transaction number. The balance must be locked. */
  postHold(tx: Tx, hold: HoldReference, entry: HoldPosting): Promise<BookedEntry | 'notPending'>;
  /** Gives back what a hold set aside. The balance must be locked. */
  voidHold(tx: Tx, hold: HoldReference, now: Date): Promise<'voided' | 'notPending'>;
  /**
   * Undoes an entry by a new one with the opposite amounts, and what it changed of the terms: a loan that it closed is open
   * again. Locks the balances itself: lock no others before.
   * @returns accountClosed, and books nothing, when it would leave money or a debt on an account that is closed.
   */
  correct(tx: Tx, correction: Correction): Promise<BookedEntry | 'unknown' | 'correctedBefore' | 'accountClosed'>;
  /**
   * Changes what a payment or a contribution leaves of an account's terms; the entry remembers it, so that its correction
   * takes it back. The account's balance must be locked.
   */
  saveTerms(tx: Tx, change: TermsChange): Promise<void>;
}

export interface CoreMember {
  readonly memberNumber: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly cifNumber: string | undefined;
}

export type Ownership = 'PRIMARY' | 'JOINT' | 'CROSS';

export interface Balance {
  readonly ledgerMinor: bigint;
  /** What pending holds take away. */
  readonly heldMinor: bigint;
}

/** An account as the core knows it, with its balance. */
export interface CoreAccount {
  readonly accountKey: bigint;
  readonly accountNumber: string;
  /** Accounts section 4.4: CHECKING, SAVINGS, CREDIT_CARD_LOAN, ... */
  readonly accountType: string;
  readonly category: 'DEPOSIT' | 'LOAN' | 'INVESTMENT' | 'TIERED_LOAN' | 'GENERAL_LEDGER';
  readonly fiAccountType: number;
  readonly fiRawAccountType: number;
  readonly description: string;
  readonly currency: string;
  readonly balance: Balance;
  readonly primaryHolderName: string | undefined;
  readonly routingNumber: string | undefined;
  readonly micrNumber: string | undefined;
  readonly openedOn: string;
  readonly closedOn: string | undefined;
  readonly statusFlags: readonly string[];
  readonly isListed: boolean;
  readonly isHidden: boolean;
  readonly isHistoryEnabled: boolean;
  readonly isStatementEnabled: boolean;
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
  readonly transferRestriction: 'EXCLUDE_ALL' | 'EXCLUDE_AS_FROM' | 'EXCLUDE_AS_TO' | undefined;
  /** Percent. */
  readonly interestRate: number | undefined;
  readonly interestYearMinor: bigint | undefined;
  readonly interestLastYearMinor: bigint | undefined;
  readonly overdraftLimitMinor: bigint | undefined;
  readonly overdraftAccountNumber: string | undefined;
  readonly creditLimitMinor: bigint | undefined;
  readonly tpvReference: string | undefined;
  readonly tpvProductCode: string | undefined;
  readonly lastStatementOn: string | undefined;
  readonly lastStatementMinor: bigint | undefined;
  readonly loan: LoanTerms;
  readonly maturesOn: string | undefined;
  readonly term: { readonly duration: number; readonly type: string } | undefined;
  readonly eligibleThisYearMinor: bigint | undefined;
  readonly eligibleLastYearMinor: bigint | undefined;
  readonly maximumLastYearMinor: bigint | undefined;
}

/** What of an account decides on a movement, and may be another one under the lock than it was before it. */
export type LockedAccount = Pick<
  CoreAccount,
  | 'accountKey'
  | 'category'
  | 'currency'
  | 'balance'
  | 'closedOn'
  | 'statusFlags'
  | 'mayTransferFrom'
  | 'mayTransferTo'
  | 'transferRestriction'
  | 'overdraftLimitMinor'
  | 'creditLimitMinor'
  | 'loan'
  | 'eligibleThisYearMinor'
  | 'eligibleLastYearMinor'
>;

/** All absent on accounts that are no loan. */
export interface LoanTerms {
  readonly paymentRule: 'EQUAL_LPAY' | 'EQUAL_OR_LESS_LPAY' | 'EQUAL_OR_MORE_LPAY' | undefined;
  /** Overpayment options that this loan takes. */
  readonly paymentOptions: readonly string[] | undefined;
  readonly nextPaymentMinor: bigint | undefined;
  readonly nextPaymentOn: string | undefined;
  readonly minimumPaymentMinor: bigint | undefined;
  /** All that is owed now; a payment of it leaves a balance of zero. */
  readonly payOffMinor: bigint | undefined;
  readonly escrowMinor: bigint | undefined;
  readonly interestDueMinor: bigint | undefined;
  readonly feesDueMinor: bigint | undefined;
  readonly originalLoanMinor: bigint | undefined;
  readonly lastPrincipalMinor: bigint | undefined;
  readonly originatedOn: string | undefined;
  readonly principalPastDueOn: string | undefined;
}

export interface TermsChange {
  readonly institutionId: string;
  readonly accountKey: bigint;
  /** What has changed them. */
  readonly entryId: bigint;
  /** The day under which the entry is booked. */
  readonly transactionDate: string;
  readonly terms: ChangedTerms;
}

/** Terms of an account that change with a movement; what is absent stays as it is. */
export interface ChangedTerms {
  readonly interestDueMinor?: bigint | undefined;
  readonly feesDueMinor?: bigint | undefined;
  readonly lastPrincipalMinor?: bigint | undefined;
  readonly eligibleThisYearMinor?: bigint | undefined;
  readonly eligibleLastYearMinor?: bigint | undefined;
  /** Closes the account. */
  readonly closedOn?: string | undefined;
}

export interface AccountHolder {
  readonly memberNumber: string;
  readonly ownership: Ownership;
}

export interface AccountWithHolders {
  readonly account: CoreAccount;
  readonly holders: readonly AccountHolder[];
}

export interface HeldAccount extends CoreAccount {
  /** The member through whom it was found. */
  readonly memberNumber: string;
  readonly ownership: Ownership;
}

export interface TransactionQuery {
  readonly institutionId: string;
  readonly accountKey: bigint;
  /** Inclusive. */
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
  /** The date that must be in the range; the transaction date when absent. A pending row has no other. */
  readonly datedBy?: 'transactionDate' | 'effectiveDate' | undefined;
  readonly skip: number;
  /** All when absent. */
  readonly take: number | undefined;
  /** False: nobody wants the count, which reads the whole range. */
  readonly isCounted?: boolean | undefined;
}

export interface TransactionPage {
  /** Rows in the range, before skip and take; absent when it was not wanted. */
  readonly count: number | undefined;
  readonly transactions: readonly CoreTransaction[];
}

export interface NewestQuery {
  readonly institutionId: string;
  readonly accountKeys: readonly bigint[];
  /** Inclusive. */
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
  /** Of all accounts together. */
  readonly take: number;
}

export interface DebitQuery {
  readonly institutionId: string;
  readonly accountKeys: readonly bigint[];
  /** Transactions section 6.3. */
  readonly types: readonly string[];
  /** Inclusive. */
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
}

/** There is none of what did not happen. */
export interface DebitCount {
  readonly accountKey: bigint;
  readonly type: string;
  readonly count: number;
}

export interface AccountPeriod {
  readonly institutionId: string;
  readonly accountKey: bigint;
  /** Inclusive. */
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
}

export interface BookedPeriod {
  /** At the start of the first day. */
  readonly openingMinor: bigint;
  readonly movements: readonly BookedMovement[];
}

export interface BookedMovement {
  readonly date: string;
  readonly amountMinor: bigint;
  readonly type: string;
  readonly description: string | undefined;
  readonly memo: string | undefined;
}

/** What tells a customer about one movement of an account. */
export interface TransactionText {
  /** Transactions section 6.3. */
  readonly type: string;
  readonly description?: string | undefined;
  readonly memo?: string | undefined;
  readonly checkNumber?: string | undefined;
  readonly hostTransactionId?: string | undefined;
  readonly imageType?: 'CHECK' | 'DEPOSIT_SLIP' | 'DEPOSIT_CHECK' | undefined;
  readonly merchantName?: string | undefined;
  readonly merchantCategory?: string | undefined;
  /** How a loan payment was split. */
  readonly principalMinor?: bigint | undefined;
  readonly interestMinor?: bigint | undefined;
  readonly escrowMinor?: bigint | undefined;
  readonly feesMinor?: bigint | undefined;
}

export interface CoreTransaction extends TransactionText {
  /** Stays the same when a hold is posted. */
  readonly transactionNumber: bigint;
  readonly isPending: boolean;
  readonly transactionDate: string;
  readonly effectiveDate: string | undefined;
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint | undefined;
}

export interface NewPosting extends TransactionText {
  readonly account: { readonly key: bigint } | { readonly internal: InternalAccount };
  readonly amountMinor: bigint;
}

/** The institution's own accounts that the other side of a movement is booked to. */
export type InternalAccount = 'cash' | 'clearing' | 'fees' | 'interest' | 'suspense' | 'opening';

export interface NewEntry {
  readonly institutionId: string;
  readonly kind: string;
  /** Of every account that it reaches; USD when absent. */
  readonly currency?: string | undefined;
  readonly bookedAt: Date;
  readonly transactionDate: string;
  /** Another date that is shown beside it; the transaction date when absent. Interest and statements go by the transaction date. */
  readonly effectiveDate?: string | undefined;
  readonly postings: readonly NewPosting[];
}

export interface BookedEntry {
  readonly entryId: bigint;
  /** In the order of the postings. */
  readonly postings: readonly { readonly transactionNumber: bigint; readonly balanceAfter: Balance | undefined }[];
}

export interface NewHold extends TransactionText {
  readonly institutionId: string;
  readonly accountKey: bigint;
  readonly amountMinor: bigint;
  readonly transactionDate: string;
  readonly placedAt: Date;
  readonly expiresAt?: Date | undefined;
}

export interface HoldReference {
  readonly institutionId: string;
  readonly accountKey: bigint;
  readonly transactionNumber: bigint;
}

export interface HoldPosting {
  readonly bookedAt: Date;
  readonly transactionDate: string;
  readonly amountMinor: bigint;
  readonly against: InternalAccount;
}

export interface Correction {
  readonly institutionId: string;
  readonly entryId: bigint;
  readonly bookedAt: Date;
  readonly transactionDate: string;
  readonly reason: string;
}

/** What the owner has left: booked money less holds; on a card or a credit line what may still be borrowed. */
export function availableOf(account: Pick<CoreAccount, 'creditLimitMinor'>, balance: Balance): bigint {
  return balance.ledgerMinor - balance.heldMinor + (account.creditLimitMinor ?? 0n);
}

/** The most that the owner may move out: what is left, and the overdraft that the institution grants. */
export function spendableOf(account: Pick<CoreAccount, 'overdraftLimitMinor' | 'creditLimitMinor'>, balance: Balance): bigint {
  return availableOf(account, balance) + (account.overdraftLimitMinor ?? 0n);
}
