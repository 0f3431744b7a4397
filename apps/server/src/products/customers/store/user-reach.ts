import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { InstitutionUser, ReachedCustomer } from '../domain/institution-user.ts';
import { fromUserRow, type UserRow, userColumns } from './user-row.ts';

/** A login and the customers at the core that it reaches, its own or default one first. */
export interface UserReach extends InstitutionUser {
  readonly customers: readonly ReachedCustomer[];
}

type Name =
  | { readonly institutionUserId: string }
  | { readonly loginName: string }
  /** Of V1 calls: the user with this authentication id. */
  | { readonly authId: string }
  /** The primary login of the customer; of a location the first administrator. */
  | { readonly customerId: string }
  /** The primary login of the member; of a business the first administrator. */
  | { readonly memberNumber: string };

/** One statement for what every operation on accounts and money asks first. Deleted users are nowhere to be found. */
export async function findUserReach(sql: Sql | Tx, institutionId: string, name: Name): Promise<UserReach | undefined> {
  const [row] = await sql<ReachRow[]>`
    select ${userColumns(sql)}, reach.customers
    from institution_users u
      join credentials c on c.institution_id = ${institutionId} and c.institution_user_id = u.institution_user_id
      cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('customerId', m.customer_id, 'memberNumber', m.member_number,
            'customerType', m.customer_type, 'hostLoginId', m.host_login_id, 'cifNumber', m.cif_number,
            'isPrimary', l.is_primary) order by l.is_primary desc, m.customer_id), '[]') as customers
        from institution_user_customers l
          join customers m on m.institution_id = ${institutionId} and m.customer_id = l.customer_id
        where l.institution_id = ${institutionId} and l.institution_user_id = u.institution_user_id
      ) reach
    where u.institution_id = ${institutionId} and not c.is_deleted and ${isNamed(sql, institutionId, name)}
    order by (u.user_role in ('PRIMARY', 'BUSINESS_ADMIN')) desc, u.registered_at, u.institution_user_id limit 1`;
  if (row === undefined) return undefined;
  const customers = row.customers.map(({ hostLoginId, cifNumber, ...customer }) => ({
    ...customer,
    hostLoginId: hostLoginId ?? undefined,
    cifNumber: cifNumber ?? undefined,
  }));
  return { ...fromUserRow(row), customers };
}

function isNamed(sql: Sql | Tx, institutionId: string, name: Name) {
  if ('institutionUserId' in name) return sql`u.institution_user_id = ${name.institutionUserId}`;
  if ('loginName' in name) return sql`lower(u.login_name) = lower(${name.loginName})`;
  if ('authId' in name) return sql`u.auth_id = ${name.authId}`;
  if ('customerId' in name)
    return sql`u.institution_user_id in (
      select l.institution_user_id from institution_user_customers l
      where l.institution_id = ${institutionId} and l.customer_id = ${name.customerId})`;
  return sql`u.institution_user_id in (
    select l.institution_user_id from customers m join institution_user_customers l
      on l.institution_id = ${institutionId} and l.customer_id = m.customer_id
    where m.institution_id = ${institutionId} and m.member_number = ${name.memberNumber})`;
}

interface ReachRow extends UserRow {
  readonly customers: readonly (Pick<ReachedCustomer, 'customerId' | 'memberNumber' | 'customerType' | 'isPrimary'> & {
    readonly hostLoginId: string | null;
    readonly cifNumber: string | null;
  })[];
}
