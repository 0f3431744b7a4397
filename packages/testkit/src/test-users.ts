import { randomBytes } from 'node:crypto';
import type { Sql } from '@openbranch/server/platform/db/database';

/** A user beside the seeded ones, whom applications can name by login; it has no password. */
export interface TestUser {
  readonly institutionUserId: string;
  readonly authId: string;
  /** Its own GUID. */
  readonly customerGuid: string;
  readonly loginId: string;
}

export interface TestCustomer {
  readonly customerId: string;
  readonly memberNumber: string;
}

type Role = 'PRIMARY' | 'ENTITLED' | 'BUSINESS_ADMIN' | 'BUSINESS_SECONDARY_ADMIN' | 'BUSINESS_USER';

let made = 0;

/** @param customers Those that it reaches; the first is its own, or the default location. */
export async function createTestUser(
  sql: Sql,
  institutionId: string,
  role: Role,
  customers: readonly TestCustomer[],
): Promise<TestUser> {
  made += 1;
  const guid = randomBytes(16).toString('hex');
  const user = {
    institutionUserId: randomBytes(16).toString('hex').toUpperCase(),
    authId: randomBytes(16).toString('hex'),
    customerGuid: role === 'PRIMARY' ? (customers[0]?.customerId ?? guid) : guid,
    loginId: `testuser${made}`,
  };
  await sql`insert into institution_users ${sql({
    institution_id: institutionId,
    institution_user_id: user.institutionUserId,
    auth_id: user.authId,
    customer_guid: user.customerGuid,
    user_type: role === 'PRIMARY' || role === 'ENTITLED' ? 'RETAIL' : 'BUSINESS',
    user_role: role,
    login_name: user.loginId,
    first_name: 'Test',
    last_name: `User ${made}`,
    registered_at: new Date(),
  })}`;
  for (const [index, { customerId }] of customers.entries())
    await sql`
      insert into institution_user_customers (institution_id, institution_user_id, customer_id, is_primary)
      values (${institutionId}, ${user.institutionUserId}, ${customerId}, ${index === 0})`;
  await sql`
    insert into credentials (institution_id, institution_user_id, registration)
    values (${institutionId}, ${user.institutionUserId}, 'approved')`;
  return user;
}

/** @param columns Of table `customers`. */
export async function createTestCustomer(
  sql: Sql,
  institutionId: string,
  customerType: 'RETAIL' | 'BUSINESS',
  columns: Readonly<Record<string, string>> = {},
): Promise<TestCustomer> {
  made += 1;
  const customer = { customer_id: randomBytes(16).toString('hex'), member_number: String(70_000_000 + made), ...columns };
  await sql`insert into customers ${sql({ institution_id: institutionId, customer_type: customerType, ...customer })}`;
  return { customerId: customer.customer_id, memberNumber: customer.member_number };
}
