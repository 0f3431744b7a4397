import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { CredentialState } from '../domain/credential-state.ts';
import type { Registration } from '../domain/registration.ts';
import type { MemberRecord } from '../domain/registration-admission.ts';

/** False while another transaction registers the same member. The lock ends with the transaction. */
export async function tryLockMember(tx: Tx, institutionId: string, memberNumber: string): Promise<boolean> {
  const name = `openbranch registration ${institutionId} ${memberNumber}`;
  const [row] = await tx<{ is_free: boolean }[]>`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as is_free`;
  return row?.is_free === true;
}

/** What is known of a member number; of several logins the one that is most alive. */
export async function findMember(sql: Sql | Tx, institutionId: string, memberNumber: string): Promise<MemberRecord> {
  const [row] = await sql<
    {
      customer_id: string;
      institution_user_id: string | null;
      registration: CredentialState['registration'] | null;
      is_deleted: boolean | null;
    }[]
  >`
    select m.customer_id, c.institution_user_id, c.registration, c.is_deleted
    from customers m
      left join institution_user_customers l using (institution_id, customer_id)
      left join credentials c using (institution_id, institution_user_id)
    where m.institution_id = ${institutionId} and m.member_number = ${memberNumber}
    order by c.is_deleted nulls last, c.registration = 'rejected', c.institution_user_id limit 1`;
  const { institution_user_id: institutionUserId = null, registration = null, is_deleted: isDeleted = null } = row ?? {};
  const user =
    institutionUserId === null || registration === null || isDeleted === null
      ? undefined
      : { institutionUserId, registration, isDeleted };
  return { customerId: row?.customer_id, user };
}

/** Login names are compared without regard to case, also with those of deleted users. */
export async function isLoginNameTaken(tx: Tx, institutionId: string, loginName: string): Promise<boolean> {
  const rows = await tx`
    select 1 from institution_users where institution_id = ${institutionId} and lower(login_name) = lower(${loginName})`;
  return rows.length > 0;
}

/** Removes the users of a member whose registration was rejected or who were deleted, and the member with them. */
export async function removeFormerMember(tx: Tx, institutionId: string, customerId: string): Promise<void> {
  await tx`
    delete from institution_users u using institution_user_customers l
    where u.institution_id = ${institutionId} and l.institution_id = ${institutionId} and l.customer_id = ${customerId}
      and u.institution_user_id = l.institution_user_id`;
  await tx`delete from customers where institution_id = ${institutionId} and customer_id = ${customerId}`;
}

export interface NewUser {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly authId: string;
  readonly customerId: string;
  readonly memberNumber: string;
  readonly registration: Registration;
  readonly state: CredentialState['registration'];
  readonly hasInvalidEmail: boolean;
  readonly password: { readonly passwordHash: string; readonly pepperId: string };
  readonly registeredAt: Date;
}

/** The member, where the core did not know it, its primary login and the credential of that, in one statement. */
export async function insertRegisteredUser(tx: Tx, user: NewUser, isKnownMember: boolean): Promise<void> {
  const { institutionId, institutionUserId, customerId, memberNumber, registration } = user;
  const member = isKnownMember
    ? tx``
    : tx`
      member as (
        insert into customers (institution_id, customer_id, customer_type, member_number, host_login_id)
        values (${institutionId}, ${customerId}, 'RETAIL', ${memberNumber}, ${memberNumber})),`;
  await tx`
    with ${member}
      login as (
        insert into institution_users (institution_id, institution_user_id, auth_id, customer_guid, user_type, user_role, login_name,
          first_name, middle_name, last_name, title_prefix, name_suffix, email_address, registered_at)
        values (${institutionId}, ${institutionUserId}, ${user.authId}, ${customerId}, 'RETAIL', 'PRIMARY', ${registration.loginName},
          ${registration.firstName}, ${registration.middleName ?? null}, ${registration.lastName}, ${registration.titlePrefix ?? null},
          ${registration.suffix ?? null}, ${registration.emailAddress}, ${user.registeredAt})),
      link as (
        insert into institution_user_customers (institution_id, institution_user_id, customer_id, is_primary)
        values (${institutionId}, ${institutionUserId}, ${customerId}, true))
    insert into credentials (institution_id, institution_user_id, password_hash, pepper_id, registration, has_invalid_email,
      has_accepted_disclosure)
    values (${institutionId}, ${institutionUserId}, ${user.password.passwordHash}, ${user.password.pepperId}, ${user.state},
      ${user.hasInvalidEmail}, ${registration.hasAcceptedDisclosure})`;
}

/** A user whose disclosures were waited for goes on. @returns false when nobody waited. */
export async function completeRegistration(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  state: CredentialState['registration'],
): Promise<boolean> {
  const rows = await tx`
    update credentials set registration = ${state}, has_accepted_disclosure = true
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and registration = 'pending_disclosure'
    returning 1`;
  return rows.length > 0;
}

/** Notes that a user who was let in without them has accepted the required disclosures. */
export async function noteAcceptedDisclosures(tx: Tx, institutionId: string, institutionUserId: string): Promise<void> {
  await tx`
    update credentials set has_accepted_disclosure = true
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and not has_accepted_disclosure`;
}
