import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { whileSwitchedOff, withPolicies } from '@openbranch/testkit/change-policies';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts, type OpenedAccount, withoutSeededAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let business: Customer;
let checking: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
  business = api.customer({ userType: 'BUSINESS' });
  token = await api.partnerToken('accounts:read');
  checking = await createTestAccounts(app, '00042').open(pat.memberNumber);
});
afterAll(() => app.close());

type Headers = Readonly<Record<string, string | undefined>>;
const operations = ['list', 'get'] as const;
const urlOf = (operation: (typeof operations)[number], query: string): string =>
  operation === 'list' ? `/v1/accounts?${query}` : `/v1/accounts/${checking.accountId}?${query}`;
const call = (operation: (typeof operations)[number], query: string, headers: Headers = {}) =>
  refusalOf(
    api.call('GET', urlOf(operation, query), {
      headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), ...headers },
    }),
  );
const mine = () => `loginId=${pat.loginId}`;

describe.each(operations)('a refused call says why: %s', (operation) => {
  test.each([
    ['no proof of who calls (401 ACC_00602)', { authorization: undefined }, 401, 'ACC_00602'],
    ['another form of Authorization (401 ACC_00602)', { authorization: 'Basic abc' }, 401, 'ACC_00602'],
    ['an unknown token (401 ACC_00601)', { authorization: 'Bearer abc' }, 401, 'ACC_00601'],
    ['no transactionId (400 ACC_99998)', { transactionId: undefined }, 400, 'ACC_99998'],
    ['a transactionId of 65 characters (400 ACC_99997)', { transactionId: 'a'.repeat(65) }, 400, 'ACC_99997'],
    ['a callingAppId of 65 characters (400 ACC_99991)', { callingAppId: 'a'.repeat(65) }, 400, 'ACC_99991'],
    ['headers that are too long (500 ACC_99996)', { 'x-filler': 'a'.repeat(8192) }, 500, 'ACC_99996'],
    ['a header outside printable ASCII (400 ACC_99995)', { 'x-filler': 'a\tb' }, 400, 'ACC_99995'],
    ['the institution of somebody else (400 ACC_00018)', { institutionId: '00077' }, 400, 'ACC_00018'],
    ['JSON that is not accepted (415 ACC_99988)', { accept: 'application/xml' }, 415, 'ACC_99988'],
    ['JSON that is refused by quality (415 ACC_99988)', { accept: 'application/json;q=0, text/html' }, 415, 'ACC_99988'],
    ['a body that is no JSON (415 ACC_99988)', { 'content-type': 'text/plain', 'content-length': '3' }, 415, 'ACC_99988'],
    [
      'a body that is too large (400 ACC_99989)',
      { 'content-type': 'application/json', 'content-length': '1048577' },
      400,
      'ACC_99989',
    ],
  ])('%s', async (_what, headers, status, code) => {
    expect(await call(operation, mine(), headers)).toEqual([status, code]);
  });

  test.each([
    ['any type', '*/*'],
    ['any application', 'application/*;q=0.5'],
    ['JSON among others', 'text/html, application/json;q=0.1'],
    ['nothing at all', ''],
  ])('whoever accepts %s gets JSON', async (_what, accept) => {
    expect(await call(operation, mine(), { accept })).toEqual([200, undefined]);
  });

  test('a token without the scope (403 ACC_00602), though it may see whole numbers', async () => {
    const bearer = await api.partnerToken('transactions:read', 'accounts:read_unmasked');
    expect(await call(operation, mine(), { authorization: `Bearer ${bearer}` })).toEqual([403, 'ACC_00602']);
  });

  test.each([
    ['no user is named (400 ACC_99992)', '', 400, 'ACC_99992', 'list'],
    ['two users are named (400 ACC_99994)', 'loginId=a&hostUserId=1', 400, 'ACC_99994', 'both'],
    ['a blank member number (400 ACC_00021)', 'hostUserId=', 400, 'ACC_00021', 'both'],
    ['a blank login name (400 ACC_00021)', 'loginId=%20', 400, 'ACC_00021', 'both'],
    ['a user that nobody knows (404 ACC_00101)', 'loginId=nobody.at.all', 404, 'ACC_00101', 'both'],
    ['a member that nobody knows (404 ACC_00101)', 'hostUserId=1', 404, 'ACC_00101', 'both'],
    ['a user named twice (400 ACC_99994)', 'loginId=a&loginId=b', 400, 'ACC_99994', 'both'],
    ['another view (400 ACC_99994)', 'loginId=a&viewName=l', 400, 'ACC_99994', 'both'],
    ['a flag that is none (400 ACC_99994)', 'loginId=a&crossAccount=yes', 400, 'ACC_99994', 'both'],
    ['another flag that is none (400 ACC_99994)', 'loginId=a&additionalFields=1', 400, 'ACC_99994', 'both'],
    ['a blank location (400 ACC_00017)', 'loginId=a&institutionCustomerId=', 400, 'ACC_00017', 'both'],
    ['characters outside ASCII (400 ACC_99995)', 'loginId=p%C3%A4t', 400, 'ACC_99995', 'both'],
    ['an empty filter (400 ACC_00005)', 'loginId=a&$filter=', 400, 'ACC_00005', 'list'],
    ['a filter of another property (400 ACC_00005)', "loginId=a&$filter=balance%20eq%20'1'", 400, 'ACC_00005', 'list'],
    ['a filter with not (400 ACC_00005)', "loginId=a&$filter=not%20type%20eq%20'A'", 400, 'ACC_00005', 'list'],
    ['a filter with a number (400 ACC_00005)', 'loginId=a&$filter=accountNumber%20eq%201', 400, 'ACC_00005', 'list'],
    ['a filter that does not end (400 ACC_00005)', "loginId=a&$filter=(type%20eq%20'A'", 400, 'ACC_00005', 'list'],
  ])('%s', async (_what, query, status, code, where) => {
    if (where === 'both' || where === operation) expect(await call(operation, query)).toEqual([status, code]);
  });

  test('a location of somebody else (400 ACC_00020)', async () => {
    expect(await call(operation, `${mine()}&institutionCustomerId=${business.customerId}`)).toEqual([400, 'ACC_00020']);
    expect(await call(operation, `${mine()}&institutionCustomerId=abc`)).toEqual([400, 'ACC_00020']);
  });

  test('a user of a business by its member number (400 ACC_00408)', async () => {
    expect(await call(operation, `hostUserId=${business.memberNumber}`)).toEqual([400, 'ACC_00408']);
  });

  test('the token of one user, and another user named (400 ACC_00022), whether that one exists or not', async () => {
    const authorization = `Bearer ${await api.userToken(pat)}`;
    for (const query of [`loginId=${business.loginId}`, 'loginId=nobody.at.all', 'hostUserId=1'])
      expect(await call(operation, query, { authorization })).toEqual([400, 'ACC_00022']);
  });

  test('of several faults the first in the order of the contract', async () => {
    const bad = { transactionId: undefined, institutionId: '00077', callingAppId: 'a'.repeat(65) };
    expect(await call(operation, 'viewName=l', { ...bad, authorization: undefined })).toEqual([401, 'ACC_00602']);
    expect(await call(operation, 'viewName=l', bad)).toEqual([400, 'ACC_99998']);
    expect(await call(operation, 'viewName=l', { ...bad, transactionId: 'a' })).toEqual([400, 'ACC_99991']);
    expect(await call(operation, 'viewName=l&loginId=nobody')).toEqual([400, 'ACC_99994']);
  });

  test('an institution may want another code of who brings no token (ACC-S8, 401 CMN_90004)', async () => {
    await withSwitch(app, '00042', 'accounts.no_authorization', ['gateway', 'product'], async () => {
      const headers = { authorization: undefined, institutionId: '00042' };
      expect(await call(operation, mine(), headers)).toEqual([401, 'CMN_90004']);
      expect(await call(operation, mine(), { authorization: undefined })).toEqual([401, 'ACC_00602']);
    });
  });

  const settings: [string, Readonly<Record<string, string | boolean | string[]>>, number, string][] = [
    ['the service is off (500 ACC_00500)', { isServed: false }, 500, 'ACC_00500'],
    ['no account type is valid (500 ACC_00211)', { validAccountTypes: [] }, 500, 'ACC_00211'],
    ['the type of an account is not valid (500 ACC_00207)', { validAccountTypes: ['SAVINGS'] }, 500, 'ACC_00207'],
    ['a MICR number is needed (500 ACC_00208)', { needsMicrNumber: true }, 500, 'ACC_00208'],
    ['the ACH type is blank (500 ACC_00204)', { achType: ' ' }, 500, 'ACC_00204'],
    ['the CIID format is wrong (500 ACC_00209)', { ciidFormat: '{member}' }, 500, 'ACC_00209'],
    [
      'the CIID formatter is off (500 ACC_00210)',
      { ciidFormat: '{member}{number}', isCiidFormatterEnabled: false },
      500,
      'ACC_00210',
    ],
    ['the number format makes no number (500 ACC_00206)', { numberFormat: 'none' }, 500, 'ACC_00206'],
    ['the mask format is wrong (500 ACC_00202)', { maskFormat: 'last four' }, 500, 'ACC_00202'],
  ];
  test.each(settings)('%s', async (_what, policy, status, code) => {
    await withPolicies(app, '00042', { accounts: policy }, async () => {
      expect(await call(operation, mine())).toEqual([status, code]);
    });
  });

  test('a CIF number is needed and there is none (500 ACC_00014)', async () => {
    const { sql } = app.database;
    const [before] = await sql`select cif_number from customers where customer_id = ${pat.customerId}`;
    await sql`update customers set cif_number = null where customer_id = ${pat.customerId}`;
    await withPolicies(app, '00042', { accounts: { needsCifNumber: true } }, async () => {
      expect(await call(operation, mine())).toEqual([500, 'ACC_00014']);
      await sql`update customers set cif_number = 'C1' where customer_id = ${pat.customerId}`;
      expect(await call(operation, mine())).toEqual([200, undefined]);
    });
    await sql`update customers set cif_number = ${before?.['cif_number'] ?? null} where customer_id = ${pat.customerId}`;
  });

  test('an institution that is switched off (500 ACC_00704), for whoever has a good token only', async () => {
    await whileSwitchedOff(app, '00042', async () => {
      expect(await call(operation, mine())).toEqual([500, 'ACC_00704']);
      expect(await call(operation, mine(), { authorization: 'Bearer abc' })).toEqual([401, 'ACC_00601']);
    });
    expect(await call(operation, mine())).toEqual([200, undefined]);
  });

  test('an institution that cannot be served says no more than a reference (500 ACC_99999)', async () => {
    const { sql } = app.database;
    await sql`alter table account_entitlements rename to account_entitlements_away`;
    try {
      expect(await call(operation, mine())).toEqual([500, 'ACC_99999']);
    } finally {
      await sql`alter table account_entitlements_away rename to account_entitlements`;
    }
  });
});

test('a call too many in a second (500 CMN_90002), or a day (500 CMN_90001)', async () => {
  const { clientId } = api.application('partner');
  await changeApplication(app, clientId, { spike_per_second: 1 });
  await eventually(async () => isDeepStrictEqual(await call('list', mine()), [500, 'CMN_90002']));
  await changeApplication(app, clientId, { spike_per_second: 0, quota_per_day: 1 });
  await eventually(async () => isDeepStrictEqual(await call('get', mine()), [500, 'CMN_90001']));
  await changeApplication(app, clientId, { quota_per_day: 0 });
  await eventually(async () => isDeepStrictEqual(await call('get', mine()), [200, undefined]));
});

test('an expired token (401 ACC_00601)', async () => {
  await advanceClock(app, '00042', 1801);
  for (const operation of operations) expect(await call(operation, mine())).toEqual([401, 'ACC_00601']);
});
