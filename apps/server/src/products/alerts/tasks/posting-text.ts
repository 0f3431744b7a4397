import type { MovedAccount, MovedTransaction } from '../../../kernel/own-event.ts';
import type { Posting } from '../domain/posting.ts';

/** A posting as it is sealed: amounts and keys as text, because JSON has no whole numbers of any size. */
export function postingText({ occurredAt, account }: Posting): string {
  const write = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return JSON.stringify({ posting: { occurredAt, account } }, write);
}

/** @returns undefined when something else was sealed. */
export function toPosting(postingId: string, stored: unknown): Posting | undefined {
  const posting = memberOf(stored, 'posting');
  if (posting === undefined) return undefined;
  return { postingId, occurredAt: new Date(text(posting, 'occurredAt')), account: toAccount(memberOf(posting, 'account')) };
}

function toAccount(stored: unknown): MovedAccount {
  const balance = optional(stored, 'availableBalanceMinor');
  const transaction = memberOf(stored, 'transaction');
  return {
    accountKey: BigInt(text(stored, 'accountKey')),
    accountId: text(stored, 'accountId'),
    accountNumber: text(stored, 'accountNumber'),
    accountType: text(stored, 'accountType'),
    availableBalanceMinor: balance === undefined ? undefined : BigInt(balance),
    currencyCode: text(stored, 'currencyCode'),
    reference: optional(stored, 'reference'),
    transaction: transaction === undefined ? undefined : toTransaction(transaction),
  };
}

function toTransaction(stored: unknown): MovedTransaction {
  return {
    transactionId: text(stored, 'transactionId'),
    amountMinor: BigInt(text(stored, 'amountMinor')),
    isCredit: memberOf(stored, 'isCredit') === true,
    isCashWithdrawal: memberOf(stored, 'isCashWithdrawal') === true,
    description: optional(stored, 'description'),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function optional(value: unknown, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found : undefined;
}

function text(value: unknown, name: string): string {
  const found = optional(value, name);
  if (found === undefined) throw new Error(`What is stored is no posting: it has no ${name}.`);
  return found;
}
