import { createLedger } from '@openbranch/server/core/index';
import { verifyLedger } from '@openbranch/server/core/ledger/verify-ledger';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicValues } from './sandbox-file.ts';
import { readSeedAccounts } from './seed-accounts.ts';

let app: TestApp;
let api: ApiCaller;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, hasBooks: true, runsJobs: true });
  api = createApiCaller(app);
});
afterAll(() => app.close());

const customer = (place: number) => {
  const found = api.institution.customers[place];
  if (found === undefined) throw new Error('The seed has ten customers.');
  return found;
};
const broken = async (institutionId: string) => (await verifyLedger(app.database.sql, institutionId)).broken;

describe('sandbox.json', () => {
  test('lists the accounts of each customer with id, type, category, number and what is available', () => {
    const { accounts } = customer(0);
    expect(accounts.map(({ type }) => type).toSorted()).toEqual([
      'CERT_OF_DEPOSIT',
      'CHECKING',
      'CREDIT_CARD_LOAN',
      'INSTALLMENT_LOAN',
      'MONEY_MARKET',
      'MORTGAGE_LOAN',
      'RETIREMENT_401K',
      'RETIREMENT_IRA',
      'SAVINGS',
    ]);
    for (const { accountId, accountNumber, category, available } of accounts) {
      expect(accountId).toMatch(/^[A-Za-z0-9_-]{43}$/u);
      expect(accountNumber).toMatch(/^[0-9]{12}$/u);
      expect(['DEPOSIT', 'INVESTMENT', 'LOAN']).toContain(category);
      expect(Math.round(available * 100)).toBeCloseTo(available * 100, 6);
    }
  });

  test('shows joint, cross, hidden, closed accounts, one without history, and a customer who has none', () => {
    const [one, two] = [customer(1).accounts, customer(2).accounts];
    const joint = two.find(({ ownership }) => ownership === 'JOINT');
    expect(one.find(({ accountId }) => accountId === joint?.accountId)).toMatchObject({ ownership: 'PRIMARY' });
    expect(one.filter(({ ownership }) => ownership === 'CROSS')).toHaveLength(1);
    expect(one.filter(({ isHidden }) => isHidden === true)).toHaveLength(1);
    expect(two.filter(({ closedOn }) => closedOn !== undefined)).toHaveLength(1);
    expect(two.filter(({ isHistoryEnabled }) => isHistoryEnabled === false)).toHaveLength(1);
    expect(customer(3).accounts).toEqual([]);
  });

  test('shows what a sub-user is entitled to, and the two locations of a business', () => {
    expect(customer(5).role).toBe('ENTITLED');
    expect(customer(5).accounts.map(({ type }) => type)).toEqual(['CHECKING', 'SAVINGS']);
    const business = customer(6);
    const locations = business.locations?.map(({ customerId }) => customerId) ?? [];
    expect(locations).toHaveLength(2);
    expect(new Set(business.accounts.map(({ customerId }) => customerId))).toEqual(new Set(locations));
  });

  test('tells the same ids on the open reference, and they name these accounts', () => {
    const values = publicValues(app.seed);
    const ids = customer(0).accounts.map(({ accountId }) => accountId);
    for (const id of [values.accountId, values.otherAccountId, values.cardAccountId, values.loanAccountId])
      expect(ids).toContain(id);
  });

  test('names a cheque whose image can be drawn', async () => {
    const key = app.seed.ids.decode('image', api.institutionId, publicValues(app.seed).imageIdentifier ?? '');
    expect(
      await app.database.sql`
        select image_type, account_key from postings
        where institution_id = ${api.institutionId} and transaction_number = ${key?.number ?? 0n}`,
    ).toEqual([{ image_type: 'CHECK', account_key: key?.accountKey }]);
  });
});

describe('the books of the seed', () => {
  test('prove themselves in both institutions', async () => {
    expect([await broken('00042'), await broken('00077')]).toEqual([undefined, undefined]);
  });

  test('are planted once', async () => {
    expect(await app.seed.plantBooks(app.database.sql, new Date())).toBe(false);
  });

  test('leave numbers to what is booked later, so that it is newer', async () => {
    const [row] = await app.database.sql<{ next: bigint; seeded: bigint }[]>`
      select nextval('ledger_numbers') as next, (select max(transaction_number) from postings) as seeded`;
    expect(row?.next).toBeGreaterThan(row?.seeded ?? 0n);
  });

  test('show what is pending on the first customer', async () => {
    const checking = customer(0).accounts.find(({ type }) => type === 'CHECKING');
    const page = await createLedger().listTransactions(app.database.sql, {
      institutionId: api.institutionId,
      accountKey: 1001n,
      from: '2000-01-01',
      to: '2100-01-01',
      skip: 0,
      take: 20,
    });
    expect(page.count).toBeGreaterThan(1_000);
    expect(page.transactions.filter(({ isPending }) => isPending)).toHaveLength(2);
    expect(checking?.available).toBeGreaterThan(0);
  });
});

describe('an institution of the sandbox', () => {
  const statementsOf = async () =>
    app.database.sql<{ last_statement_on: string; ledger_minor: bigint; interest: bigint }[]>`
      select a.last_statement_on, b.ledger_minor, (select count(*) from postings p where p.institution_id = a.institution_id
        and p.account_key = a.account_key and p.transaction_type = 'INTEREST_POSTING') as interest
      from accounts a join account_balances b using (institution_id, account_key)
      where institution_id = ${api.institutionId} and account_key = 1002`;

  test('pays interest and closes statements when its clock moves over two month ends', async () => {
    const [before] = await statementsOf();
    expect((await api.control('POST', '/clock:advance', { seconds: 62 * 86_400 })).statusCode).toBe(200);
    await eventually(async () => ((await statementsOf())[0]?.interest ?? 0n) >= (before?.interest ?? 0n) + 2n);
    const [after] = await statementsOf();
    expect(after?.ledger_minor).toBeGreaterThan(before?.ledger_minor ?? 0n);
    expect((after?.last_statement_on ?? '') > (before?.last_statement_on ?? '')).toBe(true);
    await eventually(async () => (await app.database.sql`select 1 from graphile_worker.jobs`).length === 0);
    expect(await broken(api.institutionId)).toBeUndefined();
  });

  test('gives back what a hold set aside when its clock passes the end of the hold', async () => {
    const expiresAt = new Date(Date.now() + 100 * 86_400_000).toISOString();
    const { accountId } = customer(7).accounts[0] ?? { accountId: '' };
    const hold = await api.call('POST', `/sandbox/v1/accounts/${accountId}/postings`, {
      headers: { 'x-sandbox-key': app.sandbox.sandboxKey, 'content-type': 'application/json' },
      payload: JSON.stringify({ type: 'hold', amount: 3, expiresAt }),
    });
    expect(hold.statusCode).toBe(201);
    const pending = () => app.database.sql`
      select 1 from holds where institution_id = ${api.institutionId} and account_key = 8001 and status = 'PENDING'`;
    expect(await pending()).toHaveLength(1);
    await api.control('POST', '/clock:advance', { seconds: 60 * 86_400 });
    await eventually(async () => (await pending()).length === 0);
  });

  test('has its accounts and transactions back after a reset, under the same ids', async () => {
    const { accountId } = customer(0).accounts[0] ?? { accountId: '' };
    const posting = await api.call('POST', `/sandbox/v1/accounts/${accountId}/postings`, {
      headers: { 'x-sandbox-key': app.sandbox.sandboxKey, 'content-type': 'application/json' },
      payload: JSON.stringify({ type: 'credit', amount: 77.77 }),
    });
    expect(posting.statusCode).toBe(201);
    const elsewhere = await app.database.sql`select sum(amount_minor) from postings where institution_id = '00077'`;

    expect((await api.control('POST', ':reset')).statusCode).toBe(204);

    const accounts = await readSeedAccounts(app.database.sql, createLedger(), app.seed);
    const [seeded] = app.seed.institutions;
    expect(seeded?.customers.map((one) => accounts(one))).toEqual(api.institution.customers.map((one) => one.accounts));
    expect(await broken(api.institutionId)).toBeUndefined();
    expect(await app.database.sql`select sum(amount_minor) from postings where institution_id = '00077'`).toEqual(elsewhere);
  });
});
