import { type BookedEntry, type Core, spendableOf } from '../../../core/index.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { ChangedAccount, TellOfMoney } from '../../accounts/index.ts';
import { changesTerms, type Movement, type Party, type TransferRefusal } from '../domain/decide-transfer.ts';
import { type TransferPosting, termsAfter, toPostings } from '../domain/transfer-postings.ts';
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

interface BookingParts {
  readonly core: Core;
  readonly tellOfMoney: TellOfMoney;
}

/**
 * Moves the money, and tells the alerts of it: that statement goes out with whatever comes next. Both balances are locked first; then what can have changed since the decision is looked at again: the
 * balance, and the terms of a loan or retirement account. A refusal leaves nothing behind.
 */
export async function bookMovement(
  { core, tellOfMoney }: BookingParts,
  write: Write,
  booking: Booking,
): Promise<Result<Booked, TransferRefusal | 'balanceTooLow'>> {
  const tx = write.sql;
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
  const postings = toPostings(movement);
  const booked = await core.post(tx, { institutionId, kind: 'transfer', bookedAt: now, transactionDate, postings });
  write.beside(tellOfMoney(write, { institutionId, occurredAt: now, accounts: changedBy(movement, postings, booked) }));
  const terms = termsAfter(movement, transactionDate);
  if (terms !== undefined) await core.saveTerms(tx, institutionId, to.accountKey, terms);
  return accept({ movement, entryId: booked.entryId });
}

/** From and To with the amount that was moved, and with the balance after the last of its rows, which may be a fee. */
function changedBy({ from, to }: Movement, postings: readonly TransferPosting[], booked: BookedEntry): ChangedAccount[] {
  return [from, to].map((account) => {
    const rows = postings.flatMap((posting, index) => {
      const row = booked.postings[index];
      const isOwn = 'key' in posting.account && posting.account.key === account.accountKey;
      return isOwn && row !== undefined ? [{ ...posting, ...row }] : [];
    });
    const [first] = rows;
    const balance = rows.at(-1)?.balanceAfter;
    if (first === undefined || balance === undefined) throw new Error('A transfer moves money on both accounts.');
    const { transactionNumber, amountMinor, type, description } = first;
    return { account, balance, change: { kind: 'booked', transactionNumber, amountMinor, type, description } };
  });
}

async function decideUnderLock(
  core: Core,
  tx: Tx,
  { institutionId, movement, decideAgain }: Booking,
): Promise<Result<Movement, TransferRefusal>> {
  const [current] = await core.findAccounts(tx, institutionId, [movement.to.accountKey]);
  return current === undefined ? refuse('toAccountNotFound') : decideAgain({ ...current, entitlement: movement.to.entitlement });
}
