import { availableOf, type Balance, type CoreAccount, type OpaqueIds } from '../../../core/index.ts';
import type { MovedAccount, MovedTransaction } from '../../../kernel/own-event.ts';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { isUsable } from '../domain/account-state.ts';

/** An account after something that has changed what is available on it. */
export interface ChangedAccount {
  readonly account: Pick<
    CoreAccount,
    'accountKey' | 'accountNumber' | 'accountType' | 'category' | 'currency' | 'creditLimitMinor'
  >;
  /** As it is now, under the lock of this transaction. */
  readonly balance: Balance;
  readonly change: BalanceChange;
}

export type BalanceChange =
  | {
      readonly kind: 'booked';
      readonly transactionNumber: bigint;
      /** Positive when the owner gains. */
      readonly amountMinor: bigint;
      readonly type: string;
      readonly description: string | undefined;
    }
  /** A hold was placed, or given back. */
  | { readonly kind: 'held' | 'released'; readonly transactionNumber: bigint }
  /** Holds ended by themselves, one or several. */
  | { readonly kind: 'expired' };

/**
 * Tells the alerts that money has moved, or was set aside, with all accounts of the movement: one statement, which looks
 * nobody up. The balances must be locked, so that each account's are told in their order.
 */
export type TellOfMoney = (
  write: Write,
  movement: {
    readonly institutionId: string;
    readonly occurredAt: Date;
    readonly accounts: readonly ChangedAccount[];
  },
) => Promise<void>;

export function createTellOfMoney(ids: Pick<OpaqueIds, 'encodeOne'>, publishEvent: PublishEvent): TellOfMoney {
  return (write, { institutionId, occurredAt, accounts }) =>
    publishEvent(write, {
      kind: 'posted',
      institutionId,
      occurredAt,
      // What the institution keeps for itself belongs to no user.
      accounts: accounts
        .filter(({ account }) => account.category !== 'GENERAL_LEDGER')
        .map((one) => toMovedAccount(ids, institutionId, one)),
    });
}

/** A hold keeps its number when it is booked, so that what happens to it before has a word of its own. */
const wordOf = { held: '.hold', released: '.void' } as const;

function toMovedAccount(
  ids: Pick<OpaqueIds, 'encodeOne'>,
  institutionId: string,
  { account, balance, change }: ChangedAccount,
): MovedAccount {
  const { accountKey, accountNumber, accountType, currency } = account;
  const transactionId =
    change.kind === 'expired'
      ? undefined
      : ids.encodeOne('transaction', institutionId, { accountKey, number: change.transactionNumber });
  const word = change.kind === 'held' || change.kind === 'released' ? wordOf[change.kind] : '';
  return {
    accountKey,
    accountId: ids.encodeOne('account', institutionId, { accountKey, number: 0n }),
    accountNumber,
    accountType,
    availableBalanceMinor: isUsable(account) ? availableOf(account, balance) : undefined,
    currencyCode: currency,
    reference: transactionId === undefined ? undefined : transactionId + word,
    transaction: change.kind === 'booked' ? toTransaction(change, transactionId ?? '') : undefined,
  };
}

function toTransaction(
  { amountMinor, type, description }: Extract<BalanceChange, { kind: 'booked' }>,
  transactionId: string,
): MovedTransaction {
  const isCredit = amountMinor > 0n;
  return {
    transactionId,
    amountMinor: isCredit ? amountMinor : -amountMinor,
    isCredit,
    isCashWithdrawal: type === 'ATM_WITHDRAWAL',
    description,
  };
}
