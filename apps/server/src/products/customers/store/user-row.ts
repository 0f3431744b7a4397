import type { Sql } from '../../../platform/db/database.ts';
import type { CredentialState } from '../domain/credential-state.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';

/** A row of institution_users joined with its credentials. */
export interface UserRow {
  readonly institution_id: string;
  readonly institution_user_id: string;
  readonly auth_id: string;
  readonly customer_guid: string;
  readonly user_type: InstitutionUser['userType'];
  readonly user_role: InstitutionUser['userRole'];
  readonly parent_institution_user_id: string | null;
  readonly login_name: string;
  readonly first_name: string;
  readonly middle_name: string | null;
  readonly last_name: string;
  readonly email_address: string | null;
  readonly registered_at: Date;
  readonly registration: CredentialState['registration'];
  readonly locked_at: Date | null;
  readonly lock_reason: 'FAILED_LOGINS' | null;
  readonly held_at: Date | null;
  readonly hold_reason: string | null;
  readonly hold_initiated_by: string | null;
  readonly must_change_password: boolean;
  readonly is_deleted: boolean;
  readonly has_invalid_email: boolean;
  readonly has_accepted_disclosure: boolean;
  readonly failed_login_count: number;
  readonly failed_password_reset_count: number;
  readonly last_login_at: Date | null;
}

/** The columns of a `UserRow`, for `institution_users u join credentials c`. */
export function userColumns(sql: Pick<Sql, 'unsafe'>) {
  return sql.unsafe(`u.institution_id, u.institution_user_id, u.auth_id, u.customer_guid, u.user_type, u.user_role,
    u.parent_institution_user_id, u.login_name, u.first_name, u.middle_name, u.last_name, u.email_address, u.registered_at,
    c.registration, c.locked_at, c.lock_reason, c.held_at, c.hold_reason, c.hold_initiated_by,
    c.must_change_password, c.is_deleted, c.has_invalid_email, c.has_accepted_disclosure, c.failed_login_count,
    c.failed_password_reset_count, c.last_login_at`);
}

export function fromUserRow(row: UserRow): InstitutionUser {
  return {
    institutionId: row.institution_id,
    institutionUserId: row.institution_user_id,
    authId: row.auth_id,
    customerGuid: row.customer_guid,
    userType: row.user_type,
    userRole: row.user_role,
    parentInstitutionUserId: row.parent_institution_user_id ?? undefined,
    loginName: row.login_name,
    firstName: row.first_name,
    middleName: row.middle_name ?? undefined,
    lastName: row.last_name,
    emailAddress: row.email_address ?? undefined,
    registeredAt: row.registered_at,
    state: toState(row),
  };
}

function toState(row: UserRow): CredentialState {
  return {
    registration: row.registration,
    lock: row.locked_at === null ? undefined : { lockedAt: row.locked_at, reason: row.lock_reason ?? 'FAILED_LOGINS' },
    hold:
      row.held_at === null
        ? undefined
        : { heldAt: row.held_at, reason: row.hold_reason ?? undefined, initiatedBy: row.hold_initiated_by ?? undefined },
    mustChangePassword: row.must_change_password,
    isDeleted: row.is_deleted,
    hasInvalidEmail: row.has_invalid_email,
    hasAcceptedDisclosure: row.has_accepted_disclosure,
    failedLoginCount: row.failed_login_count,
    failedPasswordResetCount: row.failed_password_reset_count,
    lastLoginAt: row.last_login_at ?? undefined,
  };
}
