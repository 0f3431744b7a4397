import { type Core, type LockedAccount, spendableOf } from '../../../core/index.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Movement, Party, TransferFacts, TransferRefusal } from '../domain/decide-transfer.ts';
import { termsAfter, toPostings } from '../domain/transfer-postings.ts';
import { countAgainstHold, type HeldUser } from '../store/recovery-hold-sums.ts';
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
  /** The user, where a recovery holds. */
  readonly heldUser?: HeldUser | undefined;
  /** The decision once more, with both accounts as they are under the lock. */
  readonly decideAgain: (parties: Pick<TransferFacts, 'from' | 'to'>) => Result<Movement, TransferRefusal>;
}

export interface Booked {
  readonly movement: Movement;
  readonly entryId: bigint;
}

/**
 * Moves the money. Both balances are locked first; then everything is decided once more on the accounts as they are now:
 * one may have been closed, restricted or paid off, a limit lowered, while this call waited. A refusal leaves nothing behind.
 */
export async function bookMovement(
  core: Core,
  tx: Tx,
  booking: Booking,
): Promise<Result<Booked, TransferRefusal | 'balanceTooLow'>> {
  const { institutionId, transactionDate, now } = booking;
  const { from, to } = booking.movement;
  const locked = await core.lockAccounts(tx, institutionId, [from.accountKey, to.accountKey]);
  const decision = booking.decideAgain({ from: asLocked(from, locked), to: asLocked(to, locked) });
  if (!decision.ok) return decision;
  const movement = decision.value;
  if (spendableOf(movement.from, movement.from.balance) < movement.amountMinor + movement.feeMinor)
    return refuse('balanceTooLow');
  const overLimit = await countAgainstLimits(tx, booking, movement.amountMinor);
  if (overLimit !== undefined) return refuse(overLimit);
  const { entryId } = await core.post(tx, {
    institutionId,
    kind: 'transfer',
    currency: movement.from.currency,
    bookedAt: now,
    transactionDate,
    postings: toPostings(movement),
  });
  const terms = termsAfter(movement, transactionDate);
  if (terms !== undefined)
    await core.saveTerms(tx, { institutionId, accountKey: to.accountKey, entryId, transactionDate, terms });
  return accept({ movement, entryId });
}

function asLocked(party: Party, locked: readonly LockedAccount[]): Party | undefined {
  const current = locked.find(({ accountKey }) => accountKey === party.accountKey);
  return current === undefined ? undefined : { ...party, ...current };
}

/** The last locks, the customer's before the user's, so that nobody waits for them who holds what their owner still wants. */
async function countAgainstLimits(
  tx: Tx,
  { institutionId, transactionDate, customerId, dailyLimitMinor, heldUser }: Booking,
  amountMinor: bigint,
): Promise<'limitExceeded' | 'recoveryHold' | undefined> {
  const isWithinDay =
    dailyLimitMinor === 0n ||
    (await countAgainstDay(tx, institutionId, customerId, transactionDate, amountMinor, dailyLimitMinor));
  if (!isWithinDay) return 'limitExceeded';
  const isWithinHold = heldUser === undefined || (await countAgainstHold(tx, institutionId, heldUser, amountMinor));
  return isWithinHold ? undefined : 'recoveryHold';
}
