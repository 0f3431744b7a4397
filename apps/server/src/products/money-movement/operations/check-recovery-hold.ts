import type { Institution } from '../../../kernel/institution.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { findRecoveryTimes } from '../../customers/index.ts';
import { findRecoveryHold, type RecoveryReason } from '../domain/recovery-hold.ts';

/** Why the user is held after a recovery; undefined when nothing holds. */
export async function checkRecoveryHold(
  sql: Sql | Tx,
  { institutionId, policies }: Institution,
  institutionUserId: string,
  now: Date,
): Promise<RecoveryReason | undefined> {
  const { recoveryHoldHours } = policies.moneyMovement;
  if (recoveryHoldHours === 0) return undefined;
  return findRecoveryHold(await findRecoveryTimes(sql, institutionId, institutionUserId), recoveryHoldHours, now);
}
