import { createLedger } from '@openbranch/server/core/index';
import { verifyLedger } from '@openbranch/server/core/ledger/verify-ledger';
import { claimInstallation } from '@openbranch/server/platform/db/claim-installation';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestDatabase } from '@openbranch/testkit/test-database';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLoadedCustomer, type LoadOutcome, loadCustomers } from './load-customers.ts';

const institutionId = '00900';
let app: TestApp;
let outcome: LoadOutcome;
const progress: number[] = [];

const load = (customers: number, onProgress: (loaded: number) => void = () => undefined) =>
  loadCustomers(
    { sql: app.database.sql, keyRing: app.keyRing, hasher: createPasswordHasher(app.keyRing), onProgress },
    { institutionId, customers, transactions: 20, signIns: 5 },
  );

beforeAll(async () => {
  app = await createTestApp({ prepare: (sql) => claimInstallation(sql, 'sandbox') });
  const loaded = await load(300, (count) => progress.push(count));
  if (!loaded.ok) throw new Error(loaded.refusal);
  outcome = loaded.value;
});
afterAll(() => app.close());

const count = async (table: string) => {
  const [row] = await app.database.sql<{ count: bigint }[]>`
    select count(*) from ${app.database.sql(table)} where institution_id = ${institutionId}`;
  return Number(row?.count ?? 0n);
};

describe('a load of 300 customers', () => {
  test('says what it did, and how far it came', () => {
    expect(outcome).toMatchObject({ institutionId, customers: 300, added: 300 });
    expect(progress).toEqual([300]);
  });

  test('makes customers, logins, members, accounts and twenty transactions each', async () => {
    expect(await Promise.all(['customers', 'institution_users', 'credentials', 'core_members'].map(count))).toEqual([
      300, 300, 300, 300,
    ]);
    expect(await Promise.all(['accounts', 'account_holders', 'account_balances'].map(count))).toEqual([600, 600, 600]);
    const [row] = await app.database.sql<{ count: bigint }[]>`
      select count(*) from postings where institution_id = ${institutionId} and account_key >= 1000`;
    expect(row?.count).toBe(6_000n);
  });

  test('leaves books that prove themselves, and nobody overdrawn', async () => {
    const verification = await verifyLedger(app.database.sql, institutionId);
    expect(verification).toMatchObject({ entries: 300, accounts: 600, broken: undefined });
    expect(await app.database.sql`select 1 from account_balances where ledger_minor < 0`).toHaveLength(0);
  });

  test('makes customer number i as anybody can tell beforehand', async () => {
    const customer = findLoadedCustomer(institutionId, 299);
    expect(customer).toMatchObject({ memberNumber: '9000000299', loginName: 'load00000299' });
    const accounts = await createLedger().listAccounts(app.database.sql, institutionId, [customer.memberNumber]);
    expect(accounts.map(({ accountKey, accountType }) => [accountKey, accountType])).toEqual([
      [customer.checkingKey, 'CHECKING'],
      [customer.savingsKey, 'SAVINGS'],
    ]);
    const [user] = await app.database.sql`
      select login_name, customer_guid from institution_users
      where institution_id = ${institutionId} and institution_user_id = ${customer.institutionUserId}`;
    expect(user).toEqual({ login_name: 'load00000299', customer_guid: customer.customerId });
  });

  test('lets the first customers sign in, the others not, by an application without limits', async () => {
    const { clientId } = outcome.application;
    const signIn = (index: number) =>
      requestToken(
        app.http,
        outcome.application,
        {
          grant_type: 'password',
          username: findLoadedCustomer(institutionId, index).loginName,
          password: outcome.password,
        },
        { headers: { institutionId } },
      );
    // A program that runs learns of institution and application by the change feed.
    await eventually(async () => (await signIn(0)).statusCode === 200);
    expect((await tokensOf(signIn(4))).accessToken).not.toBe('');
    expect((await signIn(5)).statusCode).toBe(401);
    expect(
      await app.database.sql`select quota_per_day, spike_per_second from applications where client_id = ${clientId}`,
    ).toEqual([{ quota_per_day: 0, spike_per_second: 0 }]);
  });

  test('goes on where it was when more are wanted, and does nothing when all are there', async () => {
    expect(await load(350)).toMatchObject({ ok: true, value: { customers: 350, added: 50, password: outcome.password } });
    expect(await load(350)).toMatchObject({ ok: true, value: { customers: 350, added: 0 } });
    expect((await verifyLedger(app.database.sql, institutionId)).broken).toBeUndefined();
  });

  test('leaves the books whole when more is booked afterwards', async () => {
    const { checkingKey } = findLoadedCustomer(institutionId, 7);
    const core = createLedger();
    await app.database.sql.begin(async (tx) => {
      await core.lockBalances(tx, institutionId, [checkingKey]);
      await core.post(tx, {
        ...{ institutionId, kind: 'test', bookedAt: new Date(), transactionDate: new Date().toISOString().slice(0, 10) },
        postings: [
          { account: { key: checkingKey }, amountMinor: -100n, type: 'WITHDRAWAL' },
          { account: { internal: 'cash' }, amountMinor: 100n, type: 'WITHDRAWAL' },
        ],
      });
    });
    expect((await verifyLedger(app.database.sql, institutionId)).broken).toBeUndefined();
  });

  test('is refused while another one runs', async () => {
    const { sql } = app.database;
    const other = await sql.reserve();
    await other`begin`;
    await other`select pg_advisory_xact_lock(hashtextextended('openbranch sandbox load ' || ${institutionId}, 0))`;
    expect(await load(400)).toEqual({ ok: false, refusal: 'anotherLoadRuns' });
    await other`rollback`;
    other.release();
  });
});

test('a database that is no sandbox is left as it is', async () => {
  const production = await createTestDatabase();
  try {
    const parts = {
      sql: production.database.sql,
      keyRing: app.keyRing,
      hasher: createPasswordHasher(app.keyRing),
      onProgress: () => undefined,
    };
    const plan = { institutionId, customers: 1, transactions: 2, signIns: 0 };
    await claimInstallation(production.database.sql, 'production');
    expect(await loadCustomers(parts, plan)).toEqual({ ok: false, refusal: 'notASandbox' });
    expect(await production.database.sql`select 1 from institutions`).toHaveLength(0);
  } finally {
    await production.drop();
  }
});

test('a load of many transactions each comes in smaller batches', async () => {
  const steps: number[] = [];
  const loaded = await loadCustomers(
    {
      ...{ sql: app.database.sql, keyRing: app.keyRing, hasher: createPasswordHasher(app.keyRing) },
      onProgress: (done) => steps.push(done),
    },
    { institutionId: '00901', customers: 25, transactions: 1000, signIns: 0 },
  );
  expect(loaded).toMatchObject({ ok: true, value: { added: 25 } });
  expect(steps).toEqual([20, 25]);
  expect(await verifyLedger(app.database.sql, '00901')).toMatchObject({ entries: 25, broken: undefined });
});
