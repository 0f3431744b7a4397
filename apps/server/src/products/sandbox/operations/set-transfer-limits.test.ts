import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let owner: Customer;
let money: MoneyCalls;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, hasBooks: true });
  api = createApiCaller(app);
  owner = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  money = createMoneyCalls(api, await api.partnerToken());
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.database.sql`delete from customer_transfer_limits where institution_id = ${api.institutionId}`;
});

const limits = (method: 'GET' | 'PUT' | 'DELETE', customerId: string, body?: object, key = app.sandbox.sandboxKey) =>
  api.call(method, `/sandbox/v1/customers/${customerId}/transfer-limits`, {
    headers: { 'x-sandbox-key': key, 'content-type': body === undefined ? undefined : 'application/json' },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });

const accountOf = (type: string): string => {
  const found = owner.accounts.find((account) => account.type === type);
  if (found === undefined) throw new Error(`The customer has no ${type} account.`);
  return found.accountId;
};
const transfer = (amount: number) =>
  money.transfer(owner, {
    fromAccountHolderId: owner.customerId,
    fromAccountId: accountOf('CHECKING'),
    toAccountId: accountOf('SAVINGS'),
    amount: { currencyCode: 'USD', amount },
  });

describe('the transfer limits of a customer', () => {
  test('are set, read and given back, in the institution that the customer belongs to', async () => {
    const own = { institutionId: api.institutionId, customerId: owner.customerId };
    expect((await limits('GET', owner.customerId)).json()).toEqual(own);
    const set = await limits('PUT', owner.customerId, { transferLimit: 0.29, dailyLimit: 0 });
    expect([set.statusCode, set.json()]).toEqual([200, { ...own, transferLimit: 0.29, dailyLimit: 0 }]);
    expect((await limits('GET', owner.customerId)).json()).toEqual({ ...own, transferLimit: 0.29, dailyLimit: 0 });
    expect((await limits('PUT', owner.customerId, { dailyLimit: 1_000_000_000 })).json()).toEqual({
      ...own,
      dailyLimit: 1_000_000_000,
    });
    expect((await limits('DELETE', owner.customerId)).statusCode).toBe(204);
    expect((await limits('DELETE', owner.customerId)).statusCode).toBe(204);
    expect((await limits('GET', owner.customerId)).json()).toEqual(own);
  });

  test('take an id with dashes and in capitals', async () => {
    const dashed = owner.customerId.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
    expect((await limits('PUT', dashed, { transferLimit: 5 })).json()).toMatchObject({ customerId: owner.customerId });
    expect((await limits('GET', owner.customerId)).json()).toMatchObject({ transferLimit: 5 });
  });

  test('refuse a transfer above them with 400 TFR_10022, and let one pass that they allow', async () => {
    await limits('PUT', owner.customerId, { transferLimit: 2, dailyLimit: 3 });
    expect(await refusalOf(transfer(2.01))).toEqual([400, 'TFR_10022']);
    expect((await transfer(2)).statusCode).toBe(200);
    expect(await refusalOf(transfer(1.01))).toEqual([400, 'TFR_10022']);
    await limits('DELETE', owner.customerId);
    expect((await transfer(2.01)).statusCode).toBe(200);
  });

  test('leave an activity without personal data', async () => {
    await limits('PUT', owner.customerId, { transferLimit: 7, note: 'Avery' });
    const [row] = await app.database.sql`
      select details from activities
      where institution_id = ${api.institutionId} and kind = 'transfer_limits_changed' order by occurred_at desc limit 1`;
    expect(row).toEqual({ details: { customerId: owner.customerId, transferLimit: 7, dailyLimit: null } });
  });

  test('of nobody are 404 SBX_20016', async () => {
    const nobody = '0'.repeat(32);
    expect(await refusalOf(limits('GET', nobody))).toEqual([404, 'SBX_20016']);
    expect(await refusalOf(limits('PUT', nobody, { transferLimit: 1 }))).toEqual([404, 'SBX_20016']);
    expect(await refusalOf(limits('DELETE', nobody))).toEqual([404, 'SBX_20016']);
  });

  test('with more than two decimals are 400 SBX_20017, and below zero 400 SBX_10002', async () => {
    expect(await refusalOf(limits('PUT', owner.customerId, { transferLimit: 0.001 }))).toEqual([400, 'SBX_20017']);
    expect(await refusalOf(limits('PUT', owner.customerId, { dailyLimit: 10.555 }))).toEqual([400, 'SBX_20017']);
    expect(await refusalOf(limits('PUT', owner.customerId, { dailyLimit: -1 }))).toEqual([400, 'SBX_10002']);
  });

  test('need the key of the sandbox: 401 SBX_10001, and an id that is one: 400 SBX_10003', async () => {
    expect(await refusalOf(limits('GET', owner.customerId, undefined, 'wrong'))).toEqual([401, 'SBX_10001']);
    expect(await refusalOf(limits('GET', 'somebody'))).toEqual([400, 'SBX_10003']);
  });
});
