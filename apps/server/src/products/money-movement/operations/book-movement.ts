import { type Core, spendableOf } from '../../../core/index.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { changesTerms, type Movement, type Party, type TransferRefusal } from '../domain/decide-transfer.ts';
import { termsAfter, toPostings } from '../domain/transfer-postings.ts';
import { countAgainstDay } from '../store/transfer-limits.ts';

export interface Booking {
  readonly institutionId: string;
  readonly now: Date;
  /** The day it is booked for. */
  readonly transactionDate: string;
  readonly movement: Movement;
  /** Who moves the money out, and the most of it in a day; 0 is no limit. */
  readonly customerId: string;
  readonly dailyLimitMinor: bigint;
  /** The decision once more, with the To account as it is under the lock. */
  readonly decideAgain: (to: Party) => Result<Movement, TransferRefusal>;
}

export interface Booked {
  readonly movement: Movement;
  readonly entryId: bigint;
}

/**
 * Moves the money. Both balances are locked first; then what can have changed since the decision is looked at again: the
 * balance, and the terms of a loan or retirement account. A refusal leaves nothing behind.
 */
export async function bookMovement(
  core: Core,
  tx: Tx,
  booking: Booking,
): Promise<Result<Booked, TransferRefusal | 'balanceTooLow'>> {
  const { institutionId, transactionDate, now } = booking;
  const { from, to } = booking.movement;
  const balances = await core.lockBalances(tx, institutionId, [from.accountKey, to.accountKey]);
  const decision = changesTerms(booking.movement) ? await decideUnderLock(core, tx, booking) : accept(booking.movement);
  if (!decision.ok) return decision;
  const movement = decision.value;
  const balance = balances.get(from.accountKey);
  if (balance === undefined) return refuse('fromAccountNotFound');
  if (spendableOf(from, balance) < movement.amountMinor + movement.feeMinor) return refuse('balanceTooLow');
  // The last lock, so that nobody waits for it who holds what its owner still wants.
  const { customerId, dailyLimitMinor } = booking;
  const fits =
    dailyLimitMinor === 0n ||
    (await countAgainstDay(tx, institutionId, customerId, transactionDate, movement.amountMinor, dailyLimitMinor));
  if (!fits) return refuse('limitExceeded');
  const { entryId } = await core.post(tx, {
    institutionId,
    kind: 'transfer',
    bookedAt: now,
    transactionDate,
    postings: toPostings(movement),
  });
  const terms = termsAfter(movement, transactionDate);
  if (terms !== undefined) await core.saveTerms(tx, institutionId, to.accountKey, terms);
  return accept({ movement, entryId });
}

async function decideUnderLock(
  core: Core,
  tx: Tx,
  { institutionId, movement, decideAgain }: Booking,
): Promise<Result<Movement, TransferRefusal>> {
  const [current] = await core.findAccounts(tx, institutionId, [movement.to.accountKey]);
  return current === undefined ? refuse('toAccountNotFound') : decideAgain({ ...current, entitlement: movement.to.entitlement });
}
