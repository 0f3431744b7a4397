import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { CredentialState } from '../domain/credential-state.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { fromUserRow, type UserRow, userColumns } from './user-row.ts';

/** A user with the stored password; only the sign-in sees this. */
export interface UserCredential {
  readonly user: InstitutionUser;
  readonly password: { readonly passwordHash: string; readonly pepperId: string } | undefined;
}

interface CredentialRow extends UserRow {
  readonly password_hash: string | null;
  readonly pepper_id: string | null;
}

export async function findCredentialByLogin(
  sql: Sql,
  institutionId: string,
  loginName: string,
): Promise<UserCredential | undefined> {
  const [row] = await sql<CredentialRow[]>`
    select c.password_hash, c.pepper_id, ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and lower(u.login_name) = lower(${loginName}) and not c.is_deleted`;
  return row === undefined ? undefined : toCredential(row);
}

export async function findCredentialById(
  sql: Sql,
  institutionId: string,
  institutionUserId: string,
): Promise<UserCredential | undefined> {
  const [row] = await sql<CredentialRow[]>`
    select c.password_hash, c.pepper_id, ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.institution_user_id = ${institutionUserId} and not c.is_deleted`;
  return row === undefined ? undefined : toCredential(row);
}

/** Locks the state of the user until the transaction ends. */
export async function lockCredential(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<UserCredential | undefined> {
  const [row] = await tx<CredentialRow[]>`
    select c.password_hash, c.pepper_id, ${userColumns(tx)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.institution_user_id = ${institutionUserId} and not c.is_deleted
    for update of c`;
  return row === undefined ? undefined : toCredential(row);
}

/** Lets transactions about one login name, known or not, wait for each other. */
export async function lockLoginName(tx: Tx, institutionId: string, loginName: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`openbranch login ${institutionId} ${loginName.toLowerCase()}`}, 0))`;
}

/** Writes the parts of the state that signing in and unlocking change. */
export async function saveSignInState(tx: Tx, user: InstitutionUser, state: CredentialState): Promise<void> {
  await tx`
    update credentials
    set is_locked = ${state.lock !== undefined}, locked_at = ${state.lock?.lockedAt ?? null}, lock_reason = ${state.lock?.reason ?? null},
      failed_login_count = ${state.failedLoginCount}, last_login_at = ${state.lastLoginAt ?? null}
    where institution_id = ${user.institutionId} and institution_user_id = ${user.institutionUserId}`;
}

export async function savePassword(
  tx: Tx,
  user: InstitutionUser,
  password: { readonly passwordHash: string; readonly pepperId: string },
): Promise<void> {
  await tx`
    update credentials set password_hash = ${password.passwordHash}, pepper_id = ${password.pepperId}
    where institution_id = ${user.institutionId} and institution_user_id = ${user.institutionUserId}`;
}

function toCredential(row: CredentialRow): UserCredential {
  const { password_hash: passwordHash, pepper_id: pepperId } = row;
  return {
    user: fromUserRow(row),
    password: passwordHash === null || pepperId === null ? undefined : { passwordHash, pepperId },
  };
}
