import type { Sql, Tx } from '../../../platform/db/database.ts';

/** When somebody who took an account over would have left traces: other products are careful for a while after it. */
export interface RecoveryTimes {
  /** A password that a reset has set last. */
  readonly passwordResetAt: Date | undefined;
  /** A phone number that took the place of another or was added last. */
  readonly phoneChangedAt: Date | undefined;
}

export async function findRecoveryTimes(sql: Sql | Tx, institutionId: string, institutionUserId: string): Promise<RecoveryTimes> {
  const [row] = await sql<{ password_reset_at: Date | null; phone_changed_at: Date | null }[]>`
    select
      (select max(password_set_at) from password_resets
        where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}) as password_reset_at,
      (select max(changed_at) from contact_methods
        where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
          and protocol not in ('EMAIL', 'TOKEN')) as phone_changed_at`;
  return { passwordResetAt: row?.password_reset_at ?? undefined, phoneChangedAt: row?.phone_changed_at ?? undefined };
}
