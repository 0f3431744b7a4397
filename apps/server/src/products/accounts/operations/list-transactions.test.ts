import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser, type TestCustomer, type TestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let pat: Customer;
/** Rows of every kind. */
let account: OpenedAccount;
/** One row a day from 2026-03-01 on, numbered by its amount. */
let daily: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  // Today is 2026-04-10 in the zone of the institution, and 2026-04-11 in UTC.
  await setClock(app, '00042', '2026-04-10T21:00:00-07:00');
  accounts = createTestAccounts(app, '00042');
  pat = api.customer({ state: 'active' });
  token = await api.partnerToken('transactions:read');
  account = await accounts.open(pat.memberNumber, { micr_number: '000123454471' });
  daily = await accounts.open(pat.memberNumber);
  for (let day = 1; day <= 12; day += 1)
    await accounts.book(daily, {
      amountMinor: BigInt(day % 3 === 0 ? -day : day) * 100n,
      on: `2026-03-${String(day).padStart(2, '0')}`,
      description: day === 2 ? 'Monthly RENT' : `Row ${day}`,
    });
});
afterAll(() => app.close());

interface Row {
  readonly id: string;
  readonly [member: string]: unknown;
}

type Query = Readonly<Record<string, string | undefined>>;
const urlOf = (query: Query, path = '/v1/transactions'): string => {
  const present = Object.entries({ loginId: pat.loginId, ...query }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `${path}?${present.join('&')}`;
};
const list = (of: OpenedAccount, query: Query = {}, bearer = token) =>
  api.withToken(bearer, 'GET', urlOf({ accountId: of.accountId, ...query }));
const rowsOf = async (of: OpenedAccount, query: Query = {}, bearer = token): Promise<Row[]> => {
  const answer = await list(of, query, bearer);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('{"transactions":')]);
  return answer.json().transactions;
};
const daysOf = async (of: OpenedAccount, query: Query = {}) =>
  (await rowsOf(of, query)).map(({ transactionDate }) => transactionDate);
const march = { startDate: '2026-03-01', endDate: '2026-03-31' };

describe('a row', () => {
  test('of a debit has a positive amount, its direction beside it, and everything that the core knows', async () => {
    const id = await accounts.book(account, {
      ...{ amountMinor: -1_250n, on: '2026-04-06', effectiveDate: '2026-04-07', type: 'AUTOMATIC_DEBIT' },
      ...{ description: 'Gym fee', memo: 'April', checkNumber: '160', hostTransactionId: 'H-1', imageType: 'CHECK' },
    });
    const [row] = await rowsOf(account, { startDate: '2026-04-06', endDate: '2026-04-06' });
    expect(row).toEqual({
      id,
      institutionId: '00042',
      institutionUserId: pat.institutionUserId,
      institutionCustomerId: pat.customerId,
      accountId: account.accountId,
      transactionNumber: expect.stringMatching(/^\d+$/u),
      hostTransactionId: 'H-1',
      transactionDate: '2026-04-06',
      effectiveDate: '2026-04-07',
      memo: 'April',
      description: 'Gym fee',
      amount: { currencyCode: 'USD', amount: 12.5 },
      ledgerBalance: { currencyCode: 'USD', amount: -12.5 },
      checkNumber: '160',
      micrNumber: '000123454471',
      type: 'AUTOMATIC_DEBIT',
      isCreditTransaction: false,
      isExportable: true,
      isPending: false,
      transactionImage: { imageType: 'CHECK', imageIdentifier: expect.stringMatching(/^[\w-]{43}$/u) },
      additionalInfo: {
        entry: [
          { key: 'ofxTid', value: '20260406000000[-8:PST]*-12.50*10**Gym fee' },
          { key: 'dcTid', value: '20260406*-1250*10**Gym fee' },
          { key: 'ccTid', value: '04/06/2026*12.50*10**Gym fee' },
        ],
      },
    });
  });

  test('of a loan payment tells how it was split, and what is still owed', async () => {
    const loan = await accounts.open(pat.memberNumber, { account_type: 'INSTALLMENT_LOAN' });
    await accounts.book(loan, { amountMinor: -100_000n, on: '2026-04-01', type: 'ADVANCE' });
    await accounts.book(loan, {
      ...{ amountMinor: 20_000n, on: '2026-04-02', type: 'PAYMENT', principalMinor: 18_000n, interestMinor: 1_500n },
      ...{ escrowMinor: 400n, feesMinor: 100n },
    });
    expect((await rowsOf(loan))[0]).toMatchObject({
      isCreditTransaction: true,
      amount: { amount: 200 },
      amountToPrincipal: { amount: 180 },
      amountToInterest: { amount: 15 },
      amountToEscrow: { amount: 4 },
      fee: { amount: 1 },
      ledgerBalance: { amount: 800 },
    });
  });

  test('keeps its id and that of its image when it is pending and then posts', async () => {
    const shop = await accounts.open(pat.memberNumber);
    const hold = await accounts.hold(shop, { amountMinor: -700n, on: '2026-04-08', imageType: 'CHECK', description: 'Shop' });
    const [pending] = await rowsOf(shop);
    expect(pending).toMatchObject({ id: hold.id, isPending: true, isExportable: false, isCreditTransaction: false });
    expect(pending).not.toHaveProperty('ledgerBalance');
    await accounts.postHold(shop, hold.transactionNumber, -650n, '2026-04-09');
    const [posted, ...others] = await rowsOf(shop);
    expect(others).toEqual([]);
    expect(posted).toMatchObject({
      id: hold.id,
      isPending: false,
      amount: { amount: 6.5 },
      transactionImage: pending?.['transactionImage'],
    });
  });

  test('is enriched only for whoever may read that, and shows the keys that the institution lets out', async () => {
    const shop = await accounts.open(pat.memberNumber);
    await accounts.book(shop, { amountMinor: -100n, on: '2026-04-08', merchantName: 'Corner', merchantCategory: 'Groceries' });
    const keysOf = async (bearer: string) =>
      (await rowsOf(shop, {}, bearer)).flatMap(
        ({ additionalInfo }) => JSON.stringify(additionalInfo).match(/"key":"\w+"/gu) ?? [],
      );
    const enriched = await api.partnerToken('transactions:read', 'transactions:read_enriched');
    expect(await keysOf(token)).toHaveLength(3);
    expect(await keysOf(enriched)).toHaveLength(5);
    await withPolicies(app, '00042', { transactions: { additionalInfoKeys: ['merchantName', 'dcTid'] } }, async () => {
      expect(await keysOf(enriched)).toEqual(['"key":"merchantName"', '"key":"dcTid"']);
      expect(await keysOf(token)).toEqual(['"key":"dcTid"']);
    });
    await withPolicies(app, '00042', { transactions: { additionalInfoKeys: [] } }, async () => {
      expect((await rowsOf(shop))[0]).not.toHaveProperty('additionalInfo');
    });
  });
});

describe('the range of dates', () => {
  let ranged: OpenedAccount;
  beforeAll(async () => {
    ranged = await accounts.open(pat.memberNumber);
    for (const on of [
      '2025-12-01',
      '2026-01-10',
      '2026-01-11',
      '2026-04-10',
      '2026-04-11',
      '2026-04-12',
      '2026-05-10',
      '2026-05-11',
    ])
      await accounts.book(ranged, { amountMinor: 100n, on });
  });
  const all = ['2026-05-11', '2026-05-10', '2026-04-12', '2026-04-11', '2026-04-10', '2026-01-11', '2026-01-10', '2025-12-01'];
  const between = (from: string, to: string) => all.filter((day) => day >= from && day <= to);

  test.each([
    ['both days', { startDate: '2026-01-10', endDate: '2026-04-12' }, '2026-01-10', '2026-04-12'],
    ['one day', { startDate: '2026-04-12', endDate: '2026-04-12' }, '2026-04-12', '2026-04-12'],
    ['a start: up to tomorrow', { startDate: '2026-01-11' }, '2026-01-11', '2026-04-11'],
    ['a start in the future: that day', { startDate: '2026-05-10' }, '2026-05-10', '2026-05-10'],
    ['an end: 90 days before it', { endDate: '2026-03-01' }, '2025-12-01', '2026-03-01'],
    ['nothing: 90 days before tomorrow', {}, '2026-01-11', '2026-04-11'],
    ['the future: 90 days back, 30 days ahead', { retrieveFutureTransactions: 'true' }, '2026-01-10', '2026-05-10'],
    ['a start and the future', { startDate: '2026-04-11', retrieveFutureTransactions: 'TRUE' }, '2026-04-11', '2026-05-10'],
    ['an explicit end in the future', { endDate: '2026-05-11' }, '2026-02-10', '2026-05-11'],
    ['no future', { retrieveFutureTransactions: 'false' }, '2026-01-11', '2026-04-11'],
  ])('%s', async (_what, query, from, to) => {
    expect(await daysOf(ranged, query)).toEqual(between(from, to));
  });

  test('of future transactions ignores the end that was sent, even one that is no date', async () => {
    for (const endDate of ['2020-01-01', 'soon'])
      expect(await daysOf(ranged, { retrieveFutureTransactions: 'true', endDate })).toEqual(between('2026-01-10', '2026-05-10'));
  });

  test('goes by the settings of the institution', async () => {
    const transactions = { rangeDays: 1, futureDays: 2, nearFutureDays: 0 };
    await withPolicies(app, '00042', { transactions }, async () => {
      expect(await daysOf(ranged)).toEqual(['2026-04-10']);
      expect(await daysOf(ranged, { retrieveFutureTransactions: 'true' })).toEqual(['2026-04-12', '2026-04-11', '2026-04-10']);
    });
  });

  test('can be that of the effective date (TXN-S5)', async () => {
    const late = await accounts.open(pat.memberNumber);
    await accounts.book(late, { amountMinor: 100n, on: '2026-04-01', effectiveDate: '2026-04-05' });
    const onFifth = { startDate: '2026-04-05', endDate: '2026-04-05' };
    expect(await daysOf(late, onFifth)).toEqual([]);
    await withSwitch(app, '00042', 'transactions.range_date', ['effectiveDate', 'transactionDate'], async () => {
      expect(await daysOf(late, onFifth)).toEqual(['2026-04-01']);
    });
  });
});

describe('a page', () => {
  const page = async (skip: number | undefined, top: number | undefined, query: Query = {}) => {
    const answer = await list(daily, { ...march, $skip: skip?.toString(), $top: top?.toString(), ...query });
    return answer.json<{ transactions: Row[]; pagination?: Record<string, unknown> }>();
  };

  test('is cut out of the range, and says what comes before and after it', async () => {
    const first = await page(0, 10);
    expect(first.transactions.map(({ description }) => description)).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `Row ${n}`),
    );
    expect(first.pagination).toEqual({ count: 12, top: 10, next: '/transactions?$skip=10&$top=10' });
    const second = await page(10, 10);
    expect(second.transactions.map(({ description }) => description)).toEqual(['Monthly RENT', 'Row 1']);
    expect(second.pagination).toEqual({ count: 12, top: 10, previous: '/transactions?$skip=0&$top=10' });
    expect((await page(3, 10)).pagination).toEqual({ count: 12, top: 10, previous: '/transactions?$skip=0&$top=10' });
  });

  test('has the smallest size of the institution when less is asked for (TXN-S1)', async () => {
    for (const top of [0, 3]) expect((await page(0, top)).transactions).toHaveLength(10);
    expect((await page(0, 3)).pagination).toMatchObject({ top: 10 });
    await withPolicies(app, '00042', { transactions: { minimumPageSize: 2 } }, async () => {
      expect((await page(2, 1)).pagination).toEqual({
        ...{ count: 12, top: 2, previous: '/transactions?$skip=0&$top=2', next: '/transactions?$skip=4&$top=2' },
      });
    });
  });

  test('is not described when one of the parameters is missing, the range is empty, or it begins behind the end', async () => {
    const behind = await page(12, 10);
    expect(behind).toEqual({ transactions: [] });
    expect(await page(99_999_999_999, 10)).toEqual({ transactions: [] });
    expect(await page(0, 10, { startDate: '2025-01-01', endDate: '2025-01-02' })).toEqual({ transactions: [] });
    const skipped = await page(10, undefined);
    expect([skipped.transactions.length, skipped.pagination]).toEqual([2, undefined]);
    const cut = await page(undefined, 10);
    expect([cut.transactions.length, cut.pagination]).toEqual([10, undefined]);
  });

  test('is cut before the filter: no row of it may match while later pages have some', async () => {
    const $filter = "contains(description, 'rent')";
    const first = await page(0, 10, { $filter });
    expect(first.transactions).toEqual([]);
    expect(first.pagination).toMatchObject({ count: 12, next: '/transactions?$skip=10&$top=10' });
    expect((await page(10, 10, { $filter })).transactions).toHaveLength(1);
  });

  test('has links with every other parameter where the institution wants so (TXN-S2)', async () => {
    await withSwitch(app, '00042', 'transactions.links', ['full', 'vendor'], async () => {
      const { pagination } = await page(0, 10, { $filter: "description ne 'a b'" });
      expect(pagination?.['next']).toBe(
        `/transactions?$skip=10&$top=10&loginId=${pat.loginId}&accountId=${daily.accountId}&startDate=2026-03-01&endDate=2026-03-31&$filter=description%20ne%20'a%20b'`,
      );
      const url = `${urlOf({ accountId: daily.accountId, ...march, $skip: '0', $top: '10' })}&utm=1&utm=2`;
      expect((await api.withToken(token, 'GET', url)).json().pagination.next).not.toContain('utm');
    });
  });

  test('keeps rows of one day in the order in which they were booked, the later first', async () => {
    const busy = await accounts.open(pat.memberNumber);
    const ids: string[] = [];
    for (let number = 0; number < 15; number += 1)
      ids.unshift(await accounts.book(busy, { amountMinor: 100n, on: '2026-04-01' }));
    const [first, second] = [await rowsOf(busy, { $skip: '0', $top: '10' }), await rowsOf(busy, { $skip: '10', $top: '10' })];
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
  });
});

describe('filters', () => {
  test.each([
    ["contains(description, 'RENT')", 1],
    ["description eq 'Monthly RENT'", 1],
    ["description eq 'monthly rent'", 0],
    ["tolower(description) eq 'monthly rent'", 1],
    ["contains(description,'row') and description ne 'Row 3'", 10],
    ["description eq 'Row 1' or (description eq 'Row 2' or description eq 'Row 3')", 2],
  ])('%s finds %i rows', async ($filter, count) => {
    expect(await rowsOf(daily, { ...march, $filter })).toHaveLength(count);
  });

  test('by id, by direction, and a row without description only by ne', async () => {
    const [row] = await rowsOf(daily, march);
    expect(await rowsOf(daily, { ...march, $filter: `id eq '${row?.id}'` })).toEqual([row]);
    expect(await rowsOf(daily, { ...march, isCreditTransaction: 'true' })).toHaveLength(8);
    expect(await rowsOf(daily, { ...march, isCreditTransaction: 'False' })).toHaveLength(4);
    const plain = await accounts.open(pat.memberNumber);
    await accounts.book(plain, { amountMinor: 100n, on: '2026-04-01' });
    expect(await rowsOf(plain, { $filter: "description ge ''" })).toEqual([]);
    expect(await rowsOf(plain, { $filter: "description ne 'x'" })).toHaveLength(1);
  });
});

describe('the answer', () => {
  test('tells the zone of the institution in two entries when additional fields are wanted', async () => {
    expect((await list(account, { additionalFields: 'true' })).json().additionalInfo).toEqual({
      entry: [
        { key: 'timeZone', value: 'America/Los_Angeles' },
        { key: 'timeZoneOffset', value: '-7' },
      ],
    });
    expect((await list(account)).json()).not.toHaveProperty('additionalInfo');
  });

  test('is the same by member number, with the token of the user, and in every form of the path', async () => {
    const expected = (await list(daily, march)).body;
    const own = await api.userToken(pat);
    for (const path of [
      '/v1/transactions',
      '/db-transactions/v1/transactions',
      '/digitalbanking/db-transactions/v1/transactions',
    ]) {
      const query = { accountId: daily.accountId, ...march, loginId: undefined };
      const byMember = await api.withToken(token, 'GET', urlOf({ ...query, hostUserId: pat.memberNumber }, path));
      expect([path, byMember.body]).toEqual([path, expected]);
      expect((await api.withToken(own, 'GET', urlOf(query, path))).json().transactions).toHaveLength(12);
    }
  });

  test('is the same with parameters that nobody knows: blank, sent twice or long', async () => {
    const expected = await list(daily, march);
    for (const unknown of ['x=', 'x=1&x=2', 'x=%20', `x=${'y'.repeat(500)}`, '$orderby=id&$count=true']) {
      const answer = await api.withToken(token, 'GET', `${urlOf({ accountId: daily.accountId, ...march })}&${unknown}`);
      expect([unknown, answer.statusCode, answer.body]).toEqual([unknown, 200, expected.body]);
    }
  });

  test('is a bare array where the institution wants so (TXN-S4)', async () => {
    await withSwitch(app, '00042', 'transactions.wrapper', ['array', 'object'], async () => {
      const answer = await list(daily, march);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.json()).toEqual(expect.arrayContaining([expect.objectContaining({ description: 'Row 1' })]));
      expect(answer.json()).toHaveLength(12);
    });
  });
});

describe('a business', () => {
  let admin: TestUser;
  let locations: readonly [TestCustomer, TestCustomer];
  let atSecond: OpenedAccount;
  beforeAll(async () => {
    const { sql } = app.database;
    locations = [await createTestCustomer(sql, '00042', 'BUSINESS'), await createTestCustomer(sql, '00042', 'BUSINESS')];
    admin = await createTestUser(sql, '00042', 'BUSINESS_ADMIN', locations);
    atSecond = await accounts.open(locations[1].memberNumber);
    await accounts.book(atSecond, { amountMinor: 100n, on: '2026-04-01' });
  });
  const at = (institutionCustomerId?: string) => list(atSecond, { loginId: admin.loginId, institutionCustomerId });

  test('names the location of the account', async () => {
    expect((await at(locations[1].customerId)).json().transactions).toMatchObject([
      { institutionCustomerId: locations[1].customerId },
    ]);
  });

  test('is refused without a location, at another one of its own, and at one of somebody else (400 TXN_10006)', async () => {
    for (const location of [undefined, locations[0].customerId, pat.customerId, 'abc'])
      expect(await refusalOf(at(location))).toEqual([400, 'TXN_10006']);
    const retail = list(account, { institutionCustomerId: locations[0].customerId });
    expect(await refusalOf(retail)).toEqual([400, 'TXN_10006']);
    expect((await list(account, { institutionCustomerId: pat.customerId })).statusCode).toBe(200);
  });

  test('may leave out the location of an account that has only one (TXN-S3)', async () => {
    await withSwitch(app, '00042', 'transactions.location', ['derive', 'required'], async () => {
      expect((await at()).json().transactions).toHaveLength(1);
      const both = await accounts.open(locations[0].memberNumber);
      await accounts.share(both, locations[1].memberNumber, 'JOINT');
      expect(await refusalOf(list(both, { loginId: admin.loginId }))).toEqual([400, 'TXN_10006']);
    });
  });
});

describe('a refused call says why', () => {
  const call = (query: Query, headers: Readonly<Record<string, string | undefined>> = {}) =>
    refusalOf(
      api.call('GET', urlOf({ accountId: daily.accountId, ...query }), {
        headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), ...headers },
      }),
    );

  test.each([
    ['no proof of who calls (401 TXN_11001)', { authorization: undefined }, 401, 'TXN_11001'],
    ['another form of Authorization (401 TXN_11001)', { authorization: 'Basic abc' }, 401, 'TXN_11001'],
    ['an unknown token (401 TXN_11002)', { authorization: 'Bearer abc' }, 401, 'TXN_11002'],
    ['no transactionId (400 TXN_10002)', { transactionId: undefined }, 400, 'TXN_10002'],
    ['a transactionId of 65 characters (400 TXN_10004)', { transactionId: 'a'.repeat(65) }, 400, 'TXN_10004'],
    ['a header outside printable ASCII (400 TXN_10003)', { 'x-filler': 'a\tb' }, 400, 'TXN_10003'],
    ['headers that are too long (500 TXN_10008)', { 'x-filler': 'a'.repeat(8192) }, 500, 'TXN_10008'],
    ['a callingAppId of 65 characters (400 TXN_10009)', { callingAppId: 'a'.repeat(65) }, 400, 'TXN_10009'],
    ['the institution of somebody else (400 TXN_10011)', { institutionId: '00077' }, 400, 'TXN_10011'],
    ['JSON that is not accepted (415 TXN_99988)', { accept: 'application/xml' }, 415, 'TXN_99988'],
    ['a body that is no JSON (415 TXN_99988)', { 'content-type': 'text/plain', 'content-length': '3' }, 415, 'TXN_99988'],
  ])('%s', async (_what, headers, status, code) => {
    expect(await call({}, headers)).toEqual([status, code]);
  });

  test('a token without the scope (403 TXN_11003)', async () => {
    const authorization = `Bearer ${await api.partnerToken('accounts:read', 'transactions:read_enriched')}`;
    expect(await call({}, { authorization })).toEqual([403, 'TXN_11003']);
  });

  test.each([
    ['no user (400 TXN_10010)', { loginId: undefined }, 400, 'TXN_10010'],
    ['two users (400 TXN_10010)', { hostUserId: '1' }, 400, 'TXN_10010'],
    ['a blank user (400 TXN_10010)', { loginId: '' }, 400, 'TXN_10010'],
    ['a blank date (400 TXN_10010)', { startDate: '' }, 400, 'TXN_10010'],
    ['a blank flag (400 TXN_10010)', { additionalFields: '' }, 400, 'TXN_10010'],
    ['a blank page (400 TXN_10010)', { $skip: '' }, 400, 'TXN_10010'],
    ['a user that nobody knows (404 TXN_90000)', { loginId: 'nobody.at.all' }, 404, 'TXN_90000'],
    ['no account (400 TXN_10007)', { accountId: undefined }, 400, 'TXN_10007'],
    ['a blank account (400 TXN_10007)', { accountId: '' }, 400, 'TXN_10007'],
    ['an account that is none (400 TXN_10007)', { accountId: 'abc' }, 400, 'TXN_10007'],
    ['an account that nobody knows (400 TXN_10007)', { accountId: 'A'.repeat(43) }, 400, 'TXN_10007'],
    ['a start that is no date (400 TXN_10001)', { startDate: '2026-02-30' }, 400, 'TXN_10001'],
    ['an end that is no date (400 TXN_10001)', { endDate: '31.12.2026' }, 400, 'TXN_10001'],
    ['an end before the start (400 TXN_10001)', { startDate: '2026-03-02', endDate: '2026-03-01' }, 400, 'TXN_10001'],
    [
      'a start after the future (400 TXN_10001)',
      { startDate: '2026-05-11', retrieveFutureTransactions: 'true' },
      400,
      'TXN_10001',
    ],
    ['a flag that is none (400 TXN_10005)', { isCreditTransaction: 'yes' }, 400, 'TXN_10005'],
    ['another flag that is none (400 TXN_10005)', { retrieveFutureTransactions: '1' }, 400, 'TXN_10005'],
    ['a negative $skip (400 TXN_10005)', { $skip: '-1' }, 400, 'TXN_10005'],
    ['a negative $top (400 TXN_10005)', { $top: '-10' }, 400, 'TXN_10005'],
    ['a $skip that is no integer (400 TXN_20006)', { $skip: '1.5' }, 400, 'TXN_20006'],
    ['a $top that is no integer (400 TXN_20006)', { $top: 'ten' }, 400, 'TXN_20006'],
    ['a filter of another property (400 TXN_20005)', { $filter: "memo eq 'a'" }, 400, 'TXN_20005'],
    ['a filter that does not end (400 TXN_20005)', { $filter: "contains(description, 'a'" }, 400, 'TXN_20005'],
    ['characters outside ASCII (400 TXN_10003)', { $filter: "description eq 'ä'" }, 400, 'TXN_10003'],
  ])('%s', async (_what, query, status, code) => {
    expect(await call(query)).toEqual([status, code]);
  });

  test('a parameter sent twice (400 TXN_10005)', async () => {
    const url = `${urlOf({ accountId: daily.accountId })}&loginId=${pat.loginId}`;
    expect(await refusalOf(api.withToken(token, 'GET', url))).toEqual([400, 'TXN_10005']);
  });

  test('the account of another user, which looks like one that nobody knows (400 TXN_10007)', async () => {
    const foreign = await accounts.open('800001');
    const [unknown, notMine] = [await list({ ...foreign, accountId: 'A'.repeat(43) }), await list(foreign)];
    expect([notMine.statusCode, notMine.body]).toEqual([unknown.statusCode, unknown.body]);
    expect(await refusalOf(list(foreign))).toEqual([400, 'TXN_10007']);
    await withSwitch(app, '00042', 'transactions.unknown_account', ['404', '400'], async () => {
      expect(await refusalOf(list(foreign))).toEqual([404, 'TXN_90000']);
    });
  });

  test('an unknown account is 404 where the institution wants so (TXN-S6, 404 TXN_90000)', async () => {
    await withSwitch(app, '00042', 'transactions.unknown_account', ['404', '400'], async () => {
      expect(await call({ accountId: 'abc' })).toEqual([404, 'TXN_90000']);
    });
  });

  test('the token of one user, and another user named (400 TXN_10011)', async () => {
    const authorization = `Bearer ${await api.userToken(pat)}`;
    expect(await call({ loginId: 'nobody.at.all' }, { authorization })).toEqual([400, 'TXN_10011']);
    expect(await call({ loginId: undefined, hostUserId: '1' }, { authorization })).toEqual([400, 'TXN_10011']);
  });

  test('an account without history (400 TXN_20001)', async () => {
    const silent = await accounts.open(pat.memberNumber, { is_history_enabled: false });
    expect(await refusalOf(list(silent))).toEqual([400, 'TXN_20001']);
  });

  test('a user who may not see the history (400 TXN_20002)', async () => {
    const closed = await accounts.open(pat.memberNumber);
    await accounts.entitle(closed, pat.institutionUserId, { is_history_entitled: false });
    expect(await refusalOf(list(closed))).toEqual([400, 'TXN_20002']);
  });

  test('a history that is kept elsewhere (400 TXN_20003)', async () => {
    const elsewhere = await accounts.open(pat.memberNumber, { tpv_reference: 'TPV-1' });
    expect((await list(elsewhere)).statusCode).toBe(200);
    await withPolicies(app, '00042', { transactions: { isExternalHistoryElsewhere: true } }, async () => {
      expect(await refusalOf(list(elsewhere))).toEqual([400, 'TXN_20003']);
      expect(await call({})).toEqual([200, undefined]);
    });
  });

  test('a CIF number is needed and there is none (400 TXN_20004)', async () => {
    const { sql } = app.database;
    await sql`update customers set cif_number = null where customer_id = ${pat.customerId}`;
    await withPolicies(app, '00042', { transactions: { needsCifNumber: true } }, async () => {
      expect(await call({})).toEqual([400, 'TXN_20004']);
      await sql`update customers set cif_number = 'C1' where customer_id = ${pat.customerId}`;
      expect(await call({})).toEqual([200, undefined]);
    });
  });

  test('an institution or an application that is blocked (403 TXN_11004)', async () => {
    await withPolicies(app, '00042', { transactions: { isServed: false } }, async () => {
      expect(await call({})).toEqual([403, 'TXN_11004']);
    });
    const blockedClientIds = [api.application('partner').clientId];
    await withPolicies(app, '00042', { transactions: { blockedClientIds } }, async () => {
      expect(await call({})).toEqual([403, 'TXN_11004']);
    });
  });

  test('of several faults the first in the order of the contract', async () => {
    const faults: Query = { accountId: 'abc', startDate: 'x', $skip: 'x', $top: '-1', $filter: 'x', loginId: 'nobody.at.all' };
    expect(await call({ ...faults, additionalFields: 'x' })).toEqual([400, 'TXN_10005']);
    expect(await call(faults)).toEqual([404, 'TXN_90000']);
    expect(await call({ ...faults, loginId: pat.loginId })).toEqual([400, 'TXN_10007']);
    const mine = { ...faults, loginId: pat.loginId, accountId: daily.accountId };
    expect(await call(mine)).toEqual([400, 'TXN_10001']);
    expect(await call({ ...mine, startDate: undefined })).toEqual([400, 'TXN_20006']);
    expect(await call({ ...mine, startDate: undefined, $skip: undefined })).toEqual([400, 'TXN_10005']);
    expect(await call({ ...mine, startDate: undefined, $skip: undefined, $top: undefined })).toEqual([400, 'TXN_20005']);
  });

  test('an institution whose zone is unknown (500 TXN_99999)', async () => {
    const { sql } = app.database;
    await sql`update institutions set time_zone = 'Nowhere/Atlantis' where institution_id = '00042'`;
    await withPolicies(app, '00042', {}, async () => {
      expect(await call({ additionalFields: 'true' })).toEqual([500, 'TXN_99999']);
      await sql`update institutions set time_zone = 'America/Los_Angeles' where institution_id = '00042'`;
    });
    expect(await call({})).toEqual([200, undefined]);
  });

  test('an expired token (401 TXN_11002)', async () => {
    await advanceClock(app, '00042', 1801);
    expect(await call({})).toEqual([401, 'TXN_11002']);
  });
});
