import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { InstitutionUser, ReachedCustomer } from '../domain/institution-user.ts';
import { fromUserRow, type UserRow, userColumns } from './user-row.ts';

/** Deleted users are nowhere to be found. */

export async function findUserById(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<InstitutionUser | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.institution_user_id = ${institutionUserId} and not c.is_deleted`;
  return row === undefined ? undefined : fromUserRow(row);
}

export async function findUserByLogin(
  sql: Sql | Tx,
  institutionId: string,
  loginName: string,
): Promise<InstitutionUser | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and lower(u.login_name) = lower(${loginName}) and not c.is_deleted`;
  return row === undefined ? undefined : fromUserRow(row);
}

export async function findUserByAuthId(
  sql: Sql | Tx,
  institutionId: string,
  authId: string,
): Promise<InstitutionUser | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.auth_id = ${authId} and not c.is_deleted`;
  return row === undefined ? undefined : fromUserRow(row);
}

/** A user by its own GUID; a business location answers its administrator. */
export async function findUserByCustomerId(
  sql: Sql | Tx,
  institutionId: string,
  customerId: string,
): Promise<InstitutionUser | undefined> {
  const [own] = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.customer_guid = ${customerId} and not c.is_deleted`;
  if (own !== undefined) return fromUserRow(own);
  const [admin] = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_user_customers l
      join institution_users u using (institution_id, institution_user_id)
      join credentials c using (institution_id, institution_user_id)
    where l.institution_id = ${institutionId} and l.customer_id = ${customerId} and u.user_role = 'BUSINESS_ADMIN' and not c.is_deleted
    order by u.registered_at, u.institution_user_id limit 1`;
  return admin === undefined ? undefined : fromUserRow(admin);
}

/** Every login that a customer is reached by: its own, or those of a business location. */
export async function listUsersOfCustomer(sql: Sql | Tx, institutionId: string, customerId: string): Promise<string[]> {
  const rows = await sql<{ institution_user_id: string }[]>`
    select u.institution_user_id from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and not c.is_deleted and u.institution_user_id in (
      select institution_user_id from institution_users where institution_id = ${institutionId} and customer_guid = ${customerId}
      union
      select institution_user_id from institution_user_customers
      where institution_id = ${institutionId} and customer_id = ${customerId})
    order by u.institution_user_id`;
  return rows.map((row) => row.institution_user_id);
}

/** True when the core knows the customer, whether or not somebody has a login for it. */
export async function isKnownCustomer(sql: Sql | Tx, institutionId: string, customerId: string): Promise<boolean> {
  const rows = await sql`select 1 from customers where institution_id = ${institutionId} and customer_id = ${customerId}`;
  return rows.length > 0;
}

/** The primary login of a member; of a business the one that was there first. */
export async function findUserByMemberNumber(
  sql: Sql | Tx,
  institutionId: string,
  memberNumber: string,
): Promise<InstitutionUser | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${userColumns(sql)}
    from customers m
      join institution_user_customers l using (institution_id, customer_id)
      join institution_users u using (institution_id, institution_user_id)
      join credentials c using (institution_id, institution_user_id)
    where m.institution_id = ${institutionId} and m.member_number = ${memberNumber} and not c.is_deleted
    order by (u.user_role = 'PRIMARY') desc, u.registered_at, u.institution_user_id limit 1`;
  return row === undefined ? undefined : fromUserRow(row);
}

/** The customer at the core that a member number, or a login at the core, belongs to. */
export async function findCustomerId(
  sql: Sql | Tx,
  institutionId: string,
  by: 'member_number' | 'host_login_id',
  value: string,
): Promise<string | undefined> {
  const [row] = await sql<{ customer_id: string }[]>`
    select customer_id from customers where institution_id = ${institutionId} and ${sql(by)} = ${value} order by customer_id limit 1`;
  return row?.customer_id;
}

export async function listSubUsers(
  sql: Sql | Tx,
  institutionId: string,
  parentInstitutionUserId: string,
): Promise<InstitutionUser[]> {
  const rows = await sql<UserRow[]>`
    select ${userColumns(sql)} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${institutionId} and u.parent_institution_user_id = ${parentInstitutionUserId} and not c.is_deleted
    order by u.registered_at, u.institution_user_id`;
  return rows.map(fromUserRow);
}

/** The customers that a login reaches, its own or default first. */
export async function listReachedCustomers(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<ReachedCustomer[]> {
  const rows = await sql<ReachedCustomerRow[]>`
    select m.customer_id, m.member_number, m.customer_type, m.host_login_id, m.cif_number, l.is_primary
    from institution_user_customers l join customers m using (institution_id, customer_id)
    where l.institution_id = ${institutionId} and l.institution_user_id = ${institutionUserId}
    order by l.is_primary desc, m.customer_id`;
  return rows.map((row) => ({
    customerId: row.customer_id,
    memberNumber: row.member_number,
    customerType: row.customer_type,
    hostLoginId: row.host_login_id ?? undefined,
    cifNumber: row.cif_number ?? undefined,
    isPrimary: row.is_primary,
  }));
}

interface ReachedCustomerRow {
  readonly customer_id: string;
  readonly member_number: string;
  readonly customer_type: ReachedCustomer['customerType'];
  readonly host_login_id: string | null;
  readonly cif_number: string | null;
  readonly is_primary: boolean;
}

/** The primary e-mail address of a user; a new one is taken for good until a message comes back. */
export async function saveEmailAddress(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  emailAddress: string,
): Promise<void> {
  await tx`
    update institution_users set email_address = ${emailAddress}
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  await tx`
    update credentials set has_invalid_email = false
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
}
