/**
 * What our own products tell the alerts of, in the transaction in which it happens. This file is the list of it: a new
 * kind is a member here and a case in products/alerts/domain/own-event-alerts.ts.
 */
export type OwnEvent = UserEvent | PostingEvent;

interface Occurrence {
  readonly institutionId: string;
  /** Clock of the institution. */
  readonly occurredAt: Date;
}

export interface UserEvent extends Occurrence {
  readonly kind: 'signed-in' | 'locked' | 'unlocked' | 'password-changed' | 'contact-changed';
  readonly institutionUserId: string;
}

/** Money has moved, or was set aside: every account of which the available balance is another one now. */
export interface PostingEvent extends Occurrence {
  readonly kind: 'posted';
  /** Each account once. */
  readonly accounts: readonly MovedAccount[];
}

export interface MovedAccount {
  /** Of the core. Whoever may see this account is told; who that is, the pipeline finds out. */
  readonly accountKey: bigint;
  /** As it is known outside: 43 characters. */
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountType: string;
  /** As it is now; undefined for an account of which nothing can be used, as a loan that is paid out. */
  readonly availableBalanceMinor: bigint | undefined;
  readonly currencyCode: string;
  /**
   * Ends the ids of the events, so that whoever knows the transaction finds them. It comes once for an account; without it
   * the ids are random.
   */
  readonly reference: string | undefined;
  /** undefined when nothing was booked: a hold changes what is available and is no transaction yet. */
  readonly transaction: MovedTransaction | undefined;
}

export interface MovedTransaction {
  readonly transactionId: string;
  /** Not signed. */
  readonly amountMinor: bigint;
  readonly isCredit: boolean;
  readonly isCashWithdrawal: boolean;
  readonly description: string | undefined;
}
