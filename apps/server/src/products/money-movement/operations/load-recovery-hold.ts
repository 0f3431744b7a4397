import type { Institution } from '../../../kernel/institution.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { holdBegins, type RecoveryHold } from '../domain/recovery-hold.ts';
import { findMovedInHold, type HeldUser } from '../store/recovery-hold-sums.ts';
import { checkRecoveryHold } from './check-recovery-hold.ts';

/** The hold after a recovery, and what is needed to count against it; undefined when nothing holds. */
export async function loadRecoveryHold(
  sql: Sql | Tx,
  institution: Institution,
  institutionUserId: string,
  now: Date,
): Promise<{ readonly hold: RecoveryHold; readonly user: HeldUser } | undefined> {
  const reason = await checkRecoveryHold(sql, institution, institutionUserId, now);
  if (reason === undefined) return undefined;
  const { recoveryHoldHours, recoveryHoldLimitMinor } = institution.policies.moneyMovement;
  const user = { institutionUserId, now, holdBegins: holdBegins(recoveryHoldHours, now), limitMinor: recoveryHoldLimitMinor };
  const movedMinor = await findMovedInHold(sql, institution.institutionId, user);
  return { hold: { reason, movedMinor }, user };
}
