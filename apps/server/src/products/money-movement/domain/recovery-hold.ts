/** What the customers' product knows of a user's recovery. */
interface RecoveryFacts {
  readonly passwordResetAt: Date | undefined;
  readonly phoneChangedAt: Date | undefined;
}

export type RecoveryReason = 'password_reset' | 'phone_changed';

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
