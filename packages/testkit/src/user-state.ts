import type { Sql } from '@openbranch/server/platform/db/database';

/** The state of a user and its activity rows, as the database has them. */

interface UserKey {
  readonly institutionId: string;
  readonly institutionUserId: string;
}

/** Locks a user as five wrong passwords would, without the passwords. */
export async function lockUser(sql: Sql, { institutionId, institutionUserId }: UserKey): Promise<void> {
  await sql`
    update credentials set is_locked = true, locked_at = ${new Date()}, lock_reason = 'FAILED_LOGINS', failed_login_count = 5
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
}

interface CredentialRow {
  readonly is_locked: boolean;
  readonly is_on_hold: boolean;
  readonly must_change_password: boolean;
  readonly failed_login_count: number;
  readonly failed_password_reset_count: number;
  readonly password_hash: string;
  readonly last_login_at: Date | null;
}

export async function readCredential(sql: Sql, { institutionId, institutionUserId }: UserKey): Promise<CredentialRow> {
  const [row] = await sql<CredentialRow[]>`
    select is_locked, is_on_hold, must_change_password, failed_login_count, failed_password_reset_count, password_hash, last_login_at
    from credentials where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  if (row === undefined) throw new Error(`There is no user ${institutionUserId}.`);
  return row;
}

interface ActivityRow {
  readonly activity_id: bigint;
  readonly kind: string;
  readonly client_id: string | null;
  readonly operation: string | null;
  readonly trace_id: string | null;
  readonly address: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The activity rows of one user, oldest first. */
export function listActivities(sql: Sql, { institutionId, institutionUserId }: UserKey): Promise<ActivityRow[]> {
  return sql<ActivityRow[]>`
    select activity_id, kind, client_id, operation, trace_id, address, details from activities
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} order by activity_id`;
}
