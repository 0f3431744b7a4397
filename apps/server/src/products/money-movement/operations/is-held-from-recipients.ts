import type { Institution } from '../../../kernel/institution.ts';
import type { Principal } from '../../../kernel/principal.ts';
import { recordActivity } from '../../../platform/audit/record-activity.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { RecoveryReason } from '../domain/recovery-hold.ts';
import { checkRecoveryHold } from './check-recovery-hold.ts';

interface Held {
  readonly sql: Sql;
  readonly institution: Institution;
  readonly principal: Principal;
  readonly now: Date;
  readonly traceId: string | undefined;
  readonly clientAddress: string;
}

/**
 * A user who has just recovered the login gets no new recipient. The refusal leaves its reason in the activity log.
 * @returns true when the call must be refused.
 */
export async function isHeldFromRecipients(call: Held, operation: string, institutionUserId: string): Promise<boolean> {
  const reason = await checkRecoveryHold(call.sql, call.institution, institutionUserId, call.now);
  if (reason === undefined) return false;
  await recordHeldRecipient(call, operation, institutionUserId, reason);
  return true;
}

/** In a transaction of its own: that of the call is taken back. The reason is for those who read the log. */
export async function recordHeldRecipient(
  call: Held,
  operation: string,
  institutionUserId: string,
  reason: RecoveryReason,
): Promise<void> {
  const { institution, now } = call;
  await call.sql.begin((tx) =>
    recordActivity(tx, {
      institutionId: institution.institutionId,
      occurredAt: now,
      kind: 'recipient_refused',
      institutionUserId,
      clientId: call.principal.application.clientId,
      operation,
      traceId: call.traceId,
      address: call.clientAddress,
      details: { reason, holdHours: institution.policies.moneyMovement.recoveryHoldHours },
    }),
  );
}
