import { type Client, createClient } from '@openbranch/sdk';
import { createApiCaller } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../src/core/index.ts';

/** What a customer does with money in the app of the institution, through the SDK and over TCP. */
let app: TestApp;
let baseUrl: string;
let partner: Client;
let customer: Client;
let customerId: string;
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({ publicUrl: () => baseUrl, hasBooks: true, runsJobs: true });
  baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const api = createApiCaller(app);
  const pat = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  customerId = pat.customerId;
  const keysOf = (name: 'mobile' | 'partner') => {
    const { clientId, clientSecret } = api.application(name);
    return { baseUrl, institutionId, clientId, clientSecret };
  };
  customer = createClient({ ...keysOf('mobile'), user: { username: pat.loginId, password: pat.password } });
  partner = createClient({ ...keysOf('partner'), sandboxKey: app.sandbox.sandboxKey });
});
afterAll(() => app.close());

const cents = (amount: number | undefined) => Math.round((amount ?? 0) * 100);

/** The checking account, the savings account, and what can be spent of each. */
async function look() {
  const { accounts } = await customer.listAccounts({});
  const find = (type: string) => {
    const found = accounts.find((account) => account.type.value === type);
    if (found === undefined) throw new Error(`The customer has no ${type} account.`);
    return { id: found.id, cents: cents(found.availableBalance?.amount) };
  };
  return { checking: find('CHECKING'), savings: find('SAVINGS') };
}

const latest = async (accountId: string) => (await customer.listTransactions({ accountId })).transactions[0];

test('two years of history that a sandbox begins with send nobody anything', async () => {
  expect(await app.database.sql`select event_id from alert_event_queue`).toEqual([]);
  expect(await app.database.sql`select message_id from messages`).toEqual([]);
});

test('a customer looks at accounts, reads transactions page by page, moves money at once and sees both sides', async () => {
  const { checking, savings } = await look();
  const first = await customer.listTransactions({ accountId: checking.id, startDate: '2025-01-01', $top: '20' });
  expect(first.transactions).toHaveLength(20);
  const second = await customer.listTransactions({ accountId: checking.id, startDate: '2025-01-01', $top: '20', $skip: '20' });
  const ids = [...first.transactions, ...second.transactions].map(({ id }) => id);
  expect(new Set(ids).size).toBe(40);

  const amount = { amount: 12.34, currencyCode: 'USD' };
  const body = { fromAccountHolderId: customerId, fromAccountId: checking.id, toAccountId: savings.id, amount, memo: 'For June' };
  expect(await customer.createTransfer({ body })).toMatchObject({ status: 'SUCCESS', amount });

  const after = await look();
  expect([after.checking.cents, after.savings.cents]).toEqual([checking.cents - 1234, savings.cents + 1234]);
  expect(await latest(checking.id)).toMatchObject({
    amount,
    isCreditTransaction: false,
    type: 'TRANSFER_DEBIT',
    memo: 'For June',
  });
  expect(await latest(savings.id)).toMatchObject({ amount, isCreditTransaction: true, type: 'TRANSFER_CREDIT' });
});

test('a transfer on a schedule moves nothing today, and its money when its day has come', async () => {
  const before = await look();
  const { now } = await partner.getClock({ institutionId });
  const startDate = new Date(Date.parse(now) + 3 * 86_400_000).toISOString().slice(0, 10);
  const scheduled = await customer.createTransfer({
    body: {
      fromAccountHolderId: customerId,
      fromAccountId: before.savings.id,
      toAccountId: before.checking.id,
      amount: { amount: 5, currencyCode: 'USD' },
      schedule: { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate },
    },
  });
  expect(scheduled).toMatchObject({ status: 'SUCCESS', schedule: { nextExecutionDate: startDate } });
  expect(await look()).toEqual(before);

  await partner.advanceClock({ institutionId, body: { seconds: 4 * 86_400 } });
  await eventually(async () => (await latest(before.savings.id))?.amount.amount === 5, { deadlineMs: 15_000 });
  expect(await latest(before.savings.id)).toMatchObject({ isCreditTransaction: false, type: 'TRANSFER_DEBIT' });
  expect(await latest(before.checking.id)).toMatchObject({ amount: { amount: 5 }, isCreditTransaction: true });
  expect((await verifyLedger(app.database.sql, institutionId)).broken).toBeUndefined();
});
