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

/** Money has moved on an account. It tells of the transaction, and of the balance that came of it. */
export interface PostingEvent extends Occurrence {
  readonly kind: 'posted';
  /** Every user who may be told; without one nothing is published. */
  readonly institutionUserIds: readonly string[];
  readonly account: {
    /** As it is known outside: 43 characters. */
    readonly accountId: string;
    readonly accountNumber: string;
    readonly accountType: string;
    readonly availableBalanceMinor: bigint;
    readonly currencyCode: string;
  };
  readonly transaction: {
    readonly transactionId: string;
    /** Not signed. */
    readonly amountMinor: bigint;
    readonly isCredit: boolean;
    readonly isCashWithdrawal: boolean;
    readonly description: string;
  };
}
