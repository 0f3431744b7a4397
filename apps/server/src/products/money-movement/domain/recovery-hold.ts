/** What the customers' product knows of a user's recovery. */
interface RecoveryFacts {
  readonly passwordResetAt: Date | undefined;
  readonly phoneChangedAt: Date | undefined;
}

export type RecoveryReason = 'password_reset' | 'phone_changed';

/** A user who is held, and what was moved or scheduled since then. */
export interface RecoveryHold {
  readonly reason: RecoveryReason;
  readonly movedMinor: bigint;
}

const hourMs = 3_600_000;

/**
 * Whoever has taken an account over by a reset or a new phone number must not be able to carry the money away at once.
 * @returns Why the user is held now; undefined when nothing holds.
 */
export function findRecoveryHold(facts: RecoveryFacts, holdHours: number, now: Date): RecoveryReason | undefined {
  const isRecent = (at: Date | undefined) => at !== undefined && now.getTime() - at.getTime() < holdHours * hourMs;
  if (isRecent(facts.passwordResetAt)) return 'password_reset';
  return isRecent(facts.phoneChangedAt) ? 'phone_changed' : undefined;
}

/** What was moved before this time counts no more. */
export function holdBegins(holdHours: number, now: Date): Date {
  return new Date(now.getTime() - holdHours * hourMs);
}

/**
 * What counts against a hold: a schedule with all that it will ever move, so that nobody carries away in small parts, or
 * after the hold, what may not be moved at once.
 * @param executions Undefined for a schedule without an end, which is above every limit.
 * @returns undefined when it is without bound.
 */
export function worthOf(amountMinor: bigint, executions: number | undefined): bigint | undefined {
  return executions === undefined ? undefined : amountMinor * BigInt(executions);
}

export function isAboveHold(hold: RecoveryHold | undefined, worthMinor: bigint | undefined, limitMinor: bigint): boolean {
  if (hold === undefined) return false;
  return worthMinor === undefined || hold.movedMinor + worthMinor > limitMinor;
}
