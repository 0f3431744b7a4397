import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock } from '@openbranch/testkit/sandbox-calls';
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
let trust: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  await setClock(app, '00042', '2026-04-10T12:00:00-07:00');
  accounts = createTestAccounts(app, '00042');
  pat = api.customer({ state: 'active' });
  token = await api.partnerToken('accounts:read', 'transactions:read');
  trust = await accounts.open(pat.memberNumber, { account_type: 'TRUST', micr_number: '0001234544712' });
  await accounts.book(trust, {
    ...{ amountMinor: -2_500n, on: '2026-04-01', type: 'CHECK', checkNumber: '0160', imageType: 'CHECK' },
    ...{ description: 'Cheque', hostTransactionId: 'H-9' },
  });
  const cross = await accounts.open('800001');
  await accounts.share(cross, pat.memberNumber, 'CROSS');
});
afterAll(() => app.close());

type Headers = Readonly<Record<string, string | undefined>>;
const get = (
  query = `?loginId=${pat.loginId}`,
  { headers = {}, id = pat.customerId, lead = '' }: { headers?: Headers; id?: string; lead?: string } = {},
) =>
  api.call('GET', `${lead}/v1/customers/${id}:accounts${query}`, {
    headers: { authorization: `Bearer ${token}`, correlationId: randomUUID(), ...headers },
  });
const call = (...parameters: Parameters<typeof get>) => refusalOf(get(...parameters));

describe('the accounts of a customer with their transactions', () => {
  test('are an array of accounts, each with what was booked on it lately', async () => {
    const answer = await get();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual([
      {
        customerId: pat.customerId,
        id: trust.accountId,
        category: 'INVESTMENT',
        // The list of types of this family has no TRUST.
        accountType: { diAccountType: 'UNKNOWN', fiRawAccountType: 1, fiAccountType: 1, description: 'Trust' },
        accountNumber: trust.accountNumber.slice(-4),
        balance: {
          availableBalance: { currencyCode: 'USD', amount: -25 },
          currentBalance: { currencyCode: 'USD', amount: -25 },
        },
        accountTransaction: [
          {
            fiId: '00042',
            id: expect.stringMatching(/^[\w-]{43}$/u),
            accountId: trust.accountId,
            amount: { currencyCode: 'USD', amount: 25 },
            transactionType: 'CHECK',
            creditTransaction: false,
            persistentTnum: true,
            pending: false,
            description: 'Cheque',
            transactionId: 'H-9',
            transactionNumber: expect.stringMatching(/^\d+$/u),
            checkNumber: 160,
            checkNumberStr: '0160',
            checkImageIdentifier: expect.stringMatching(/^[\w-]{43}$/u),
            transactionDate: '2026-04-01',
            effectiveDate: '2026-04-01',
            ledgerBalance: { currencyCode: 'USD', amount: -25 },
          },
        ],
        accountHidden: false,
        historyAllowed: true,
        accountStatus: expect.objectContaining({ open: true, closed: false }),
        ownershipType: 'PRIMARY',
        regDLimits: { maxTransferCount: 0, maxCheckCount: 0, maxRegDCount: 0, hostTransferCount: 0, hostCheckCount: 0 },
        description: 'Everyday account',
        fiAccountTypeDesc: 'Trust',
        hostAccountType: '1',
        micrNumber: '000123XXXXXXX',
        primaryHolderName: `Test Member ${pat.memberNumber}`,
        fiRawAccountType: 1,
        fiAccountType: 1,
        totalFundsAvailable: { currencyCode: 'USD', amount: -25 },
      },
    ]);
  });

  test('are the same by member number, with the token of the user, and in both forms of the path', async () => {
    const expected = (await get()).json();
    const headers = { authorization: `Bearer ${await api.userToken(pat)}` };
    expect((await get(`?hostUserId=${pat.memberNumber}`, { lead: '/ux-users' })).json()).toEqual(expected);
    expect((await get('', { headers })).json()).toEqual([{ ...expected[0], accountNumber: trust.accountNumber }]);
    expect((await get(undefined, { id: pat.customerId.toUpperCase() })).json()).toEqual(expected);
  });

  test('are nothing for a customer without accounts (204)', async () => {
    const customer = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [customer]);
    const answer = await get(`?loginId=${user.loginId}`, { id: customer.customerId });
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test('tell of savings how many transfers and cheques of this month count for regulation D', async () => {
    const customer = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [customer]);
    const [savings, market, checking] = [
      await accounts.open(customer.memberNumber, { account_type: 'SAVINGS' }),
      await accounts.open(customer.memberNumber, { account_type: 'MONEY_MARKET' }),
      await accounts.open(customer.memberNumber),
    ];
    for (const [account, type] of [
      [savings, 'TRANSFER_DEBIT'],
      [savings, 'TRANSFER_DEBIT'],
      [savings, 'CHECK'],
      [market, 'BILL_PAYMENT'],
      [checking, 'TRANSFER_DEBIT'],
    ] as const)
      await accounts.book(account, { amountMinor: -100n, on: '2026-04-03', type });
    const answer = await get(`?loginId=${user.loginId}`, { id: customer.customerId });
    const bound = { maxTransferCount: 6, maxCheckCount: 6, maxRegDCount: 6 };
    const free = { maxTransferCount: 0, maxCheckCount: 0, maxRegDCount: 0 };
    expect(answer.json().map(({ regDLimits }: { regDLimits: object }) => regDLimits)).toEqual([
      { ...bound, hostTransferCount: 2, hostCheckCount: 1 },
      { ...bound, hostTransferCount: 1, hostCheckCount: 0 },
      { ...free, hostTransferCount: 0, hostCheckCount: 0 },
    ]);
  });

  test('are refused as a whole when the history of one cannot be read (500 UXU_30001)', async () => {
    const customer = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [customer]);
    const mine = () => call(`?loginId=${user.loginId}`, { id: customer.customerId });
    await accounts.open(customer.memberNumber);
    expect(await mine()).toEqual([200, undefined]);
    const silent = await accounts.open(customer.memberNumber, { is_history_enabled: false });
    expect(await mine()).toEqual([500, 'UXU_30001']);
    await accounts.change(silent, { is_history_enabled: true });
    expect(await mine()).toEqual([200, undefined]);
    await accounts.entitle(silent, user.institutionUserId, { is_history_entitled: false });
    expect(await mine()).toEqual([500, 'UXU_30001']);
  });

  test('are refused when the institution serves them not (500 UXU_30001)', async () => {
    for (const policies of [
      { accounts: { isServed: false } },
      { transactions: { isServed: false } },
      { accounts: { maskFormat: '' } },
    ])
      await withPolicies(app, '00042', policies, async () => {
        expect(await call()).toEqual([500, 'UXU_30001']);
      });
  });

  test('are unavailable when the connection to the database is cut (503 UXU_30001)', async () => {
    const { sql } = app.database;
    const { answer } = await sql.begin(async (tx) => {
      await tx`lock table postings in access exclusive mode`;
      const waiting = call();
      await eventually(async () => {
        const [found] = await sql<{ cut: bigint }[]>`
          select count(pg_terminate_backend(pid)) as cut from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        return found?.cut === 1n;
      });
      return { answer: await waiting };
    });
    expect(answer).toEqual([503, 'UXU_30001']);
  });
});

describe('a refused call says why', () => {
  test.each([
    ['no proof of who calls (400 UXU_10005)', { authorization: undefined }, 400, 'UXU_10005'],
    ['another form of Authorization (400 UXU_10009)', { authorization: 'Basic abc' }, 400, 'UXU_10009'],
    ['an unknown token (400 UXU_10001)', { authorization: 'Bearer abc' }, 400, 'UXU_10001'],
    ['no correlationId (400 UXU_10006)', { correlationId: undefined }, 400, 'UXU_10006'],
    ['a correlationId that is no UUID (400 UXU_10007)', { correlationId: 'abc' }, 400, 'UXU_10007'],
    ['an address that is none (400 UXU_10008)', { originating_ip: 'here' }, 400, 'UXU_10008'],
    ['headers that are too long (400 UXU_99999)', { 'x-filler': 'a'.repeat(8192) }, 400, 'UXU_99999'],
  ])('%s', async (_what, headers, status, code) => {
    expect(await call(undefined, { headers })).toEqual([status, code]);
  });

  test('in an envelope with status, message and code', async () => {
    expect((await get('')).json()).toEqual({ status: 400, message: expect.any(String), code: 'UXU_10010' });
  });

  test.each([
    ['no user (400 UXU_10010)', '', 400, 'UXU_10010'],
    ['a blank user (400 UXU_10010)', '?loginId=', 400, 'UXU_10010'],
    ['two users (400 UXU_10014)', '?loginId=a&hostUserId=1', 400, 'UXU_10014'],
    ['a user named twice (400 UXU_10014)', '?loginId=a&loginId=b', 400, 'UXU_10014'],
    ['a user that nobody knows (404 UXU_88888)', '?loginId=nobody.at.all', 404, 'UXU_88888'],
  ])('%s', async (_what, query, status, code) => {
    expect(await call(query)).toEqual([status, code]);
  });

  test('a token without one of the scopes (403 UXU_10002)', async () => {
    for (const scope of ['accounts:read', 'transactions:read']) {
      const headers = { authorization: `Bearer ${await api.partnerToken(scope)}` };
      expect(await call(undefined, { headers })).toEqual([403, 'UXU_10002']);
    }
  });

  test('a path that is no customer id (400 UXU_10012)', async () => {
    expect(await call(undefined, { id: 'abc' })).toEqual([400, 'UXU_10012']);
  });

  test('the customer of somebody else, known or not (400 UXU_10011)', async () => {
    const other = api.customers({ state: 'active' })[1];
    for (const id of [other?.customerId, '0'.repeat(32)])
      expect(await call(undefined, { id: id ?? '' })).toEqual([400, 'UXU_10011']);
    const headers = { authorization: `Bearer ${await api.userToken(pat)}` };
    expect(await call(`?loginId=${other?.loginId}`, { headers })).toEqual([400, 'UXU_10011']);
  });

  test('a business (404 UXU_88888)', async () => {
    const business = api.customer({ userType: 'BUSINESS' });
    expect(await call(`?loginId=${business.loginId}`, { id: business.customerId })).toEqual([404, 'UXU_88888']);
  });

  test('a call too many in a second (500 CMN_90002), or a day (500 CMN_90001)', async () => {
    const { clientId } = api.application('partner');
    await changeApplication(app, clientId, { spike_per_second: 1 });
    await eventually(async () => isDeepStrictEqual(await call(), [500, 'CMN_90002']));
    await changeApplication(app, clientId, { spike_per_second: 0, quota_per_day: 1 });
    await eventually(async () => isDeepStrictEqual(await call(), [500, 'CMN_90001']));
    await changeApplication(app, clientId, { quota_per_day: 0 });
    await eventually(async () => isDeepStrictEqual(await call(), [200, undefined]));
  });

  test('an expired token (400 UXU_10003)', async () => {
    await advanceClock(app, '00042', 1801);
    expect(await call()).toEqual([400, 'UXU_10003']);
  });
});
