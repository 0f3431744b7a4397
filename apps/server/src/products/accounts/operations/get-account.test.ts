import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let pat: Customer;
let checking: OpenedAccount;
let foreign: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  accounts = createTestAccounts(app, api.institutionId);
  pat = api.customer({ state: 'active' });
  token = await api.partnerToken('accounts:read');
  checking = await accounts.open(pat.memberNumber);
  await accounts.book(checking, { amountMinor: 4_200n, on: '2026-01-05' });
  foreign = await accounts.open('800001');
});
afterAll(() => app.close());

const get = (accountId: string, query = '', bearer = token, path = '/v1/accounts') =>
  api.withToken(bearer, 'GET', `${path}/${accountId}${query}`);

describe('one account', () => {
  test('is what the list has of it, in every form of the path and however the user is named', async () => {
    const [listed] = (await api.withToken(token, 'GET', `/v1/accounts?hostUserId=${pat.memberNumber}`)).json().accounts;
    const { body } = await get(checking.accountId);
    expect(JSON.parse(body)).toEqual(listed);
    for (const path of [
      '/v1/accounts',
      '/db-accounts/v1/accounts',
      '/accounts/v1/accounts',
      '/digitalbanking/db-accounts/v1/accounts',
    ])
      for (const query of ['', `?loginId=${pat.loginId}`, `?hostUserId=${pat.memberNumber}`]) {
        const answer = await get(checking.accountId, query, token, path);
        expect([path, query, answer.statusCode, answer.body]).toEqual([path, query, 200, body]);
      }
  });

  test("is the user's own with the token of that user, and nobody else's", async () => {
    const own = await api.userToken(pat);
    expect((await get(checking.accountId, '', own)).statusCode).toBe(200);
    expect(await refusalOf(get(foreign.accountId, '', own))).toEqual([404, 'ACC_00012']);
  });

  test('has a smaller view, and the whole number with the scope for it', async () => {
    const answer = await get(checking.accountId, '?viewName=s', await api.partnerToken());
    expect(answer.json()).toMatchObject({ id: checking.accountId, accountNumber: checking.accountNumber });
    expect(answer.json()).not.toHaveProperty('primaryHolderName');
    expect((await get(checking.accountId, '?additionalFields=true')).json()).toMatchObject({ isVisible: true });
  });

  test('tells how much of the allowance of regulation D this month has used, when additional fields are wanted', async () => {
    await setClock(app, '00042', '2026-04-10T21:00:00-07:00');
    const savings = await accounts.open(pat.memberNumber, { account_type: 'SAVINGS' });
    const usedOf = async (account: OpenedAccount): Promise<Readonly<Record<string, string>>> => {
      // The clock has moved, and with it the life of tokens.
      const answer = await get(account.accountId, '?additionalFields=true', await api.partnerToken('accounts:read'));
      const entry: { key: string; value: string }[] = answer.json().additionalInfo.entry;
      return Object.fromEntries(entry.map(({ key, value }) => [key, value]));
    };
    await accounts.book(savings, { amountMinor: 100_000n, on: '2026-03-01' });
    expect(await usedOf(savings)).toMatchObject({ regDMaxCount: '6', regDHostCount: '0' });
    for (const [on, type] of [
      ['2026-03-31', 'TRANSFER_DEBIT'],
      ['2026-04-01', 'TRANSFER_DEBIT'],
      ['2026-04-09', 'ELECTRONIC_TRANSFER_DEBIT'],
      ['2026-04-10', 'CHECK'],
      ['2026-04-10', 'ATM_WITHDRAWAL'],
      ['2026-04-11', 'TRANSFER_DEBIT'],
    ] as const)
      await accounts.book(savings, { amountMinor: -100n, on, type });
    await accounts.book(savings, { amountMinor: 100n, on: '2026-04-02', type: 'TRANSFER_CREDIT' });
    expect(await usedOf(savings)).toMatchObject({ regDMaxCount: '6', regDHostCount: '3' });
    await accounts.book(checking, { amountMinor: -100n, on: '2026-04-09', type: 'TRANSFER_DEBIT' });
    expect(await usedOf(checking)).toMatchObject({ regDMaxCount: '0', regDHostCount: '0' });
    const listed = await api.withToken(
      await api.partnerToken('accounts:read'),
      'GET',
      `/v1/accounts?loginId=${pat.loginId}&additionalFields=true&$filter=type%20eq%20'SAVINGS'`,
    );
    expect(listed.json().accounts[0].additionalInfo.entry).toContainEqual({ key: 'regDHostCount', value: '3' });
  });

  test('of a business is asked for by login, and narrowed to a location', async () => {
    const { sql } = app.database;
    const locations = [
      await createTestCustomer(sql, '00042', 'BUSINESS'),
      await createTestCustomer(sql, '00042', 'BUSINESS'),
    ] as const;
    const admin = await createTestUser(sql, '00042', 'BUSINESS_ADMIN', locations);
    const account = await accounts.open(locations[1].memberNumber);
    const at = (location: string) => get(account.accountId, `?loginId=${admin.loginId}&institutionCustomerId=${location}`);
    expect((await get(account.accountId, `?loginId=${admin.loginId}`)).json()).toMatchObject({
      institutionCustomerId: locations[1].customerId,
    });
    expect((await at(locations[1].customerId)).statusCode).toBe(200);
    expect(await refusalOf(at(locations[0].customerId))).toEqual([404, 'ACC_00012']);
    expect(await refusalOf(get(account.accountId))).toEqual([400, 'ACC_00408']);
  });

  test('that the user shares is seen by it, unless accounts of relations are not wanted', async () => {
    const shared = await accounts.open('800002');
    await accounts.share(shared, pat.memberNumber, 'CROSS');
    const mine = (query: string) => get(shared.accountId, `?loginId=${pat.loginId}${query}`);
    expect((await mine('')).json()).toMatchObject({ category: 'CROSS_USER_ACCOUNT' });
    expect(await refusalOf(mine('&crossAccount=false'))).toEqual([404, 'ACC_00012']);
  });
});

describe('an account that cannot be shown', () => {
  test('is not there when nobody knows it or it is not the user (404 ACC_00012), and both look the same', async () => {
    const user = `?loginId=${pat.loginId}`;
    const answers = await Promise.all(
      [foreign.accountId, 'A'.repeat(43), 'abc', checking.accountId.toLowerCase()].map((id) => get(id, user)),
    );
    for (const { statusCode, body } of answers)
      expect([statusCode, body]).toEqual([404, JSON.stringify({ code: 'ACC_00012', message: 'no such account' })]);
    const inOther = createApiCaller(app, 1);
    const answer = inOther.withToken(await inOther.partnerToken(), 'GET', `/v1/accounts/${checking.accountId}`);
    expect(await refusalOf(answer)).toEqual([404, 'ACC_00012']);
    // Its member has no login here, so there is no user to show it to.
    expect(await refusalOf(get(foreign.accountId))).toEqual([404, 'ACC_00012']);
  });

  test('is forbidden when it is not the user, where the institution wants so (ACC-S5, 403 ACC_00602)', async () => {
    await withSwitch(app, '00042', 'accounts.not_entitled', ['403', '404'], async () => {
      expect(await refusalOf(get(foreign.accountId, `?loginId=${pat.loginId}`))).toEqual([403, 'ACC_00602']);
      expect(await refusalOf(get('abc', `?loginId=${pat.loginId}`))).toEqual([404, 'ACC_00012']);
    });
  });

  test('is hidden by the institution or by the user (500 ACC_00004)', async () => {
    const hidden = await accounts.open(pat.memberNumber, { is_hidden: true });
    const byUser = await accounts.open(pat.memberNumber);
    await accounts.entitle(byUser, pat.institutionUserId, { is_hidden: true });
    expect(await refusalOf(get(hidden.accountId))).toEqual([500, 'ACC_00004']);
    expect(await refusalOf(get(byUser.accountId))).toEqual([500, 'ACC_00004']);
  });

  test('is not for summaries (500 ACC_00003)', async () => {
    const unlisted = await accounts.open(pat.memberNumber, { is_listed: false });
    expect(await refusalOf(get(unlisted.accountId))).toEqual([500, 'ACC_00003']);
  });
});

test('without a user it is refused where the institution wants one named (ACC-S1, 400 ACC_99992)', async () => {
  await withSwitch(app, '00042', 'accounts.by_id_user', ['strict', 'owner'], async () => {
    expect(await refusalOf(get(checking.accountId))).toEqual([400, 'ACC_99992']);
    expect((await get(checking.accountId, `?loginId=${pat.loginId}`)).statusCode).toBe(200);
  });
});
