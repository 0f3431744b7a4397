import { verifyLedger } from '@openbranch/server/core/ledger/verify-ledger';
import { claimInstallation } from '@openbranch/server/platform/db/claim-installation';
import { openDatabase } from '@openbranch/server/platform/db/database';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestToken } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { switchOff } from '../store/seed-rows.ts';
import { emptyInPieces } from './empty-in-pieces.ts';
import { type LoadOutcome, loadCustomers } from './load-customers.ts';

/** A fifth of what a statement of the program may take. */
const statementTimeoutMs = 3_000;
const loaded = '00900';
let app: TestApp;
let api: ApiCaller;
let outcome: LoadOutcome;

const load = async (institutionId: string, customers: number): Promise<LoadOutcome> => {
  const done = await loadCustomers(
    { sql: app.database.sql, keyRing: app.keyRing, hasher: createPasswordHasher(app.keyRing), onProgress: () => undefined },
    { institutionId, customers, transactions: 20, signIns: 1 },
  );
  if (!done.ok) throw new Error(done.refusal);
  return done.value;
};

beforeAll(async () => {
  app = await createTestApp({
    hasBooks: true,
    prepare: async (sql) => {
      await withoutLimits(sql);
      await claimInstallation(sql, 'sandbox');
    },
    connect: (target) => openDatabase(target, { maxConnections: 5, applicationName: 'test, hurried', statementTimeoutMs }),
  });
  api = createApiCaller(app);
  outcome = await load(loaded, 3_000);
});
afterAll(() => app.close());

const reset = (institutionId: string) =>
  app.http.inject({
    method: 'POST',
    url: `/sandbox/v1/institutions/${institutionId}:reset`,
    headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
  });
const count = async (table: string, institutionId: string) => {
  const [row] = await app.database.sql<{ count: bigint }[]>`
    select count(*) from ${app.database.sql(table)} where institution_id = ${institutionId}`;
  return Number(row?.count ?? 0n);
};
const isActive = async (institutionId: string) => {
  const [row] = await app.database.sql`select is_active from institutions where institution_id = ${institutionId}`;
  return row?.['is_active'];
};
const tokenOf = (institutionId: string) => {
  const form = { grant_type: 'client_credentials' };
  return requestToken(app.http, outcome.application, form, { headers: { institutionId } });
};
const people = ['customers', 'institution_users', 'credentials'];
const books = ['postings', 'ledger_entries', 'accounts', 'account_balances', 'core_members'];

describe('the reset of an institution with thousands of customers', () => {
  test('that ends half-way leaves it switched off, and another reset brings it to its end', async () => {
    const { sql } = app.database;
    expect((await tokenOf(loaded)).statusCode).toBe(200);
    await sql.begin((tx) => switchOff(tx, loaded));
    const died = () => Promise.reject(new Error('The process died.'));
    await expect(emptyInPieces(sql, loaded, died)).rejects.toThrow('The process died.');
    expect(await Promise.all(books.map((table) => count(table, loaded)))).toEqual(books.map(() => 0));
    expect(await Promise.all(people.map((table) => count(table, loaded)))).toEqual(people.map(() => 3_000));
    expect(await isActive(loaded)).toBe(false);

    expect((await reset(loaded)).statusCode).toBe(204);

    expect(await Promise.all([...people, ...books].map((table) => count(table, loaded)))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await isActive(loaded)).toBe(true);
    await eventually(async () => (await tokenOf(loaded)).statusCode === 200);
  });

  test('leaves other institutions as they are, and lets it be loaded again', async () => {
    const before = await Promise.all(['postings', 'institution_users', 'alert_outcomes'].map((table) => count(table, '00077')));
    expect((await load(loaded, 1_500)).added).toBe(1_500);
    expect((await reset(loaded)).statusCode).toBe(204);
    expect(await count('institution_users', loaded)).toBe(0);
    expect(await Promise.all(['postings', 'institution_users', 'alert_outcomes'].map((table) => count(table, '00077')))).toEqual(
      before,
    );
  });

  test('brings the seed back where there was one, and ends the tokens of those who came later', async () => {
    const { institutionId } = api;
    const seeded = await Promise.all(people.map((table) => count(table, institutionId)));
    const { password } = await load(institutionId, 1_200);
    const signIn = await api.signIn('load00000000', password);
    expect(signIn.statusCode).toBe(200);
    const { accessToken } = { accessToken: signIn.json().access_token };
    const read = () => api.withToken(accessToken, 'GET', '/v1/accounts');
    expect((await read()).statusCode).toBe(200);

    expect((await reset(institutionId)).statusCode).toBe(204);

    expect((await read()).statusCode).toBe(401);
    expect(await Promise.all(people.map((table) => count(table, institutionId)))).toEqual(seeded);
    expect(await count('alert_preferences', institutionId)).toBeGreaterThan(10);
    expect((await verifyLedger(app.database.sql, institutionId)).broken).toBeUndefined();
    const customer = api.customer({ state: 'active' });
    await eventually(async () => (await api.signIn(customer.loginId, customer.password)).statusCode === 200);
  });
});
