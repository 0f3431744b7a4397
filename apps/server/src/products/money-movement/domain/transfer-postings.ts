import { maskAccountNumber } from './confirmation.ts';
import type { Movement } from './decide-transfer.ts';
import { dueAfter, type LoanSplit } from './loan-payment.ts';
import { isRetirement } from './transfer-account.ts';

/** One row of the entry that a transfer books; the rows sum to zero. */
export interface TransferPosting extends Partial<LoanSplit> {
  readonly account: { readonly key: bigint } | { readonly internal: 'fees' | 'clearing' };
  readonly amountMinor: bigint;
  readonly type: string;
  readonly description: string;
  readonly memo?: string | undefined;
}

/** From and To; the fee in rows of its own; and what a loan puts aside for taxes and insurance leaves it again. */
export function toPostings(movement: Movement): readonly TransferPosting[] {
  const { from, to, amountMinor, feeMinor, memo, payment } = movement;
  const split = isCard(movement) ? undefined : payment?.split;
  const fee = { type: 'SERVICE_CHARGE', description: 'Transfer fee' };
  const escrow = { type: 'MISCELLANEOUS_DEBIT', description: 'To escrow' };
  const escrowMinor = split?.escrowMinor ?? 0n;
  return [
    {
      account: { key: from.accountKey },
      amountMinor: -amountMinor,
      type: 'TRANSFER_DEBIT',
      description: `Transfer to ${maskAccountNumber(to.accountNumber)}`,
      memo,
    },
    {
      account: { key: to.accountKey },
      amountMinor,
      type: creditTypeOf(movement),
      description: `Transfer from ${maskAccountNumber(from.accountNumber)}`,
      memo,
      ...split,
    },
    ...(feeMinor === 0n
      ? []
      : [
          { account: { key: from.accountKey }, amountMinor: -feeMinor, ...fee },
          { account: { internal: 'fees' as const }, amountMinor: feeMinor, ...fee },
        ]),
    ...(escrowMinor === 0n
      ? []
      : [
          { account: { key: to.accountKey }, amountMinor: -escrowMinor, ...escrow },
          { account: { internal: 'clearing' as const }, amountMinor: escrowMinor, ...escrow },
        ]),
  ];
}

function creditTypeOf(movement: Movement): string {
  if (movement.payment === undefined) return 'TRANSFER_CREDIT';
  return isCard(movement) ? 'PAYMENT_CREDIT_CARD' : 'PAYMENT';
}

function isCard({ to }: Movement): boolean {
  return to.accountType === 'CREDIT_CARD_LOAN';
}

/** What the movement leaves of the To account's terms; undefined when they stay as they are. */
export function termsAfter({ to, amountMinor, payment, isForPreviousYear }: Movement, today: string) {
  if (payment !== undefined) {
    const due = dueAfter(to.loan, payment);
    return payment.payOffMinor === undefined ? due : { ...due, closedOn: today };
  }
  if (!isRetirement(to)) return undefined;
  return isForPreviousYear
    ? { eligibleLastYearMinor: (to.eligibleLastYearMinor ?? 0n) - amountMinor }
    : { eligibleThisYearMinor: (to.eligibleThisYearMinor ?? 0n) - amountMinor };
}
