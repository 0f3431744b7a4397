import { copyRows } from '../../../platform/db/copy-rows.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { type LoadedCustomer, loadedKeys } from '../domain/loaded-customer.ts';
import type { SeededPassword } from './seed-rows.ts';

export async function isSandboxDatabase(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1 from installation where mode = 'sandbox'`;
  return rows.length > 0;
}

/** Of several loads of an institution one goes on. @returns false when another one runs. */
export async function lockLoad(tx: Tx, institutionId: string): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended('openbranch sandbox load ' || ${institutionId}, 0)) as locked`;
  return row?.locked === true;
}

/** The highest key that a load has given in the institution. */
export async function findHighestAccountKey(sql: Sql | Tx, institutionId: string): Promise<bigint | undefined> {
  const [row] = await sql<{ account_key: bigint }[]>`
    select account_key from accounts
    where institution_id = ${institutionId} and account_key >= ${loadedKeys.from} and account_key < ${loadedKeys.until}
    order by account_key desc limit 1`;
  return row?.account_key;
}

/** An application that may do everything in the institution, without limits. It stays as it is when it is there. */
export async function insertLoadApplication(
  tx: Tx,
  application: {
    readonly clientId: string;
    readonly name: string;
    readonly institutionId: string;
    readonly secretHash: Buffer;
    readonly scopes: readonly string[];
    readonly createdAt: Date;
  },
): Promise<boolean> {
  const { clientId, name, institutionId, secretHash, scopes, createdAt } = application;
  const added = await tx`
    insert into applications (client_id, name, institution_ids, products, grants_v1, grants_v2, allowed_scopes, quota_per_day,
      spike_per_second)
    values (${clientId}, ${name}, ${[institutionId]}, '{authentication,legacy-authentication}', '{client_credentials,password}',
      '{client_credentials,password,refresh_token}', ${[...scopes]}, 0, 0)
    on conflict (client_id) do nothing returning 1`;
  if (added.length === 0) return false;
  await tx`
    insert into application_secrets (client_id, secret_id, secret_hash, created_at)
    values (${clientId}, 'load', ${secretHash}, ${createdAt})`;
  return true;
}

/** @param passwords The password of those who can sign in; the others have none. */
export async function copyCustomers(
  tx: Tx,
  institutionId: string,
  customers: readonly LoadedCustomer[],
  passwordOf: (customer: LoadedCustomer) => SeededPassword | undefined,
  now: Date,
): Promise<void> {
  await copyRows(
    tx,
    'customers',
    ['institution_id', 'customer_id', 'customer_type', 'member_number', 'host_login_id'],
    customers.map((one) => [institutionId, one.customerId, 'RETAIL', one.memberNumber, one.memberNumber]),
  );
  await copyRows(
    tx,
    'institution_users',
    [
      ...['institution_id', 'institution_user_id', 'auth_id', 'customer_guid', 'user_type', 'user_role', 'login_name'],
      ...['first_name', 'last_name', 'email_address', 'registered_at'],
    ],
    customers.map((one) => [
      ...[institutionId, one.institutionUserId, one.authId, one.customerId, 'RETAIL', 'PRIMARY', one.loginName],
      ...[one.firstName, one.lastName, `${one.loginName}@example.com`, now],
    ]),
  );
  await copyRows(
    tx,
    'institution_user_customers',
    ['institution_id', 'institution_user_id', 'customer_id', 'is_primary'],
    customers.map((one) => [institutionId, one.institutionUserId, one.customerId, true]),
  );
  await copyRows(
    tx,
    'credentials',
    ['institution_id', 'institution_user_id', 'password_hash', 'pepper_id', 'registration', 'has_accepted_disclosure'],
    customers.map((one) => {
      const password = passwordOf(one);
      return [institutionId, one.institutionUserId, password?.passwordHash, password?.pepperId, 'approved', true];
    }),
  );
}

/** A load may take longer than a request does. */
export async function liftStatementTimeout(tx: Tx): Promise<void> {
  await tx`set local statement_timeout = 0`;
}

/** What the planner knows of the tables is out of date after a load. */
export async function refreshStatistics(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await liftStatementTimeout(tx);
    await tx`
      analyze customers, institution_users, institution_user_customers, credentials, core_members, accounts, account_holders,
        account_balances, ledger_entries, postings`;
  });
}
