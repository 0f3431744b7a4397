import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestAccounts, type OpenedAccount, withoutSeededAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser, type TestCustomer, type TestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What both operations on images refuse alike. */

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let sam: Customer;
let account: OpenedAccount;
let business: TestUser;
let location: TestCustomer;
let otherLocation: TestCustomer;
let atLocation: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  const accounts = createTestAccounts(app, '00042');
  const [one, other] = api.customers({ state: 'active', role: 'PRIMARY' });
  if (one === undefined || other === undefined) throw new Error('The sandbox has too few customers.');
  [pat, sam] = [one, other];
  token = await api.partnerToken('images:read');
  account = await accounts.open(pat.memberNumber);
  const { sql } = app.database;
  location = await createTestCustomer(sql, '00042', 'BUSINESS');
  otherLocation = await createTestCustomer(sql, '00042', 'BUSINESS');
  business = await createTestUser(sql, '00042', 'BUSINESS_ADMIN', [location, otherLocation]);
  atLocation = await accounts.open(location.memberNumber);
});
afterAll(() => app.close());

type Query = Readonly<Record<string, string | undefined>>;
type Headers = Readonly<Record<string, string | undefined>>;

/** A cheque of some day of last week that nobody wrote. */
const nothing = { imageType: 'CHECK', transactionImageNumber: '1' };
const someDay = () => new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);

describe.each([
  ['list', ''],
  ['get', '/1'],
] as const)('images are refused: %s', (kind, id) => {
  const urlOf = (query: Query): string => {
    const all = { loginId: pat.loginId, accountId: account.accountId, transactionDate: someDay(), ...nothing, ...query };
    const present = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    return `/v1/banking-images${id}?${present.join('&')}`;
  };
  const call = (query: Query = {}, headers: Headers = {}) =>
    refusalOf(
      api.call('GET', urlOf(query), {
        headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), ...headers },
      }),
    );
  /** What is refused only when everything before it was right. */
  const notThere = kind === 'list' ? [404, 'BIS_20008'] : [404, 'BIS_30004'];

  test('the path with its older lead is the same', async () => {
    const url = urlOf({}).replace('/v1/', '/digitalbanking/db-banking-images/v1/');
    expect(await refusalOf(api.withToken(token, 'GET', url))).toEqual(notThere);
  });

  test.each([
    ['no proof of who calls (401 BIS_10001)', { authorization: undefined }, 401, 'BIS_10001'],
    ['another form of Authorization (401 BIS_10001)', { authorization: 'Basic abc' }, 401, 'BIS_10001'],
    ['an unknown token (401 BIS_10002)', { authorization: 'Bearer abc' }, 401, 'BIS_10002'],
    ['no transactionId (400 BIS_00013)', { transactionId: undefined }, 400, 'BIS_00013'],
    ['a transactionId of 65 characters (400 BIS_00016)', { transactionId: 'a'.repeat(65) }, 400, 'BIS_00016'],
    ['headers that are too long (400 BIS_00023)', { 'x-filler': 'a'.repeat(8192) }, 400, 'BIS_00023'],
    ['a callingAppId of 65 characters (400 BIS_00024)', { callingAppId: 'a'.repeat(65) }, 400, 'BIS_00024'],
    ['a header outside printable ASCII (400 BIS_00014)', { 'x-filler': 'a\tb' }, 400, 'BIS_00014'],
    ['the institution of somebody else (400 BIS_00026)', { institutionId: '00077' }, 400, 'BIS_00026'],
    ['JSON that is not accepted (415 BIS_99988)', { accept: 'image/jpeg' }, 415, 'BIS_99988'],
    ['a body that is no JSON (415 BIS_99988)', { 'content-type': 'text/plain', 'content-length': '3' }, 415, 'BIS_99988'],
  ])('%s', async (_what, headers, status, code) => {
    expect(await call({}, headers)).toEqual([status, code]);
  });

  test('a token without the scope (403 BIS_10003)', async () => {
    const bearer = await api.partnerToken('accounts:read', 'transactions:read');
    expect(await call({}, { authorization: `Bearer ${bearer}` })).toEqual([403, 'BIS_10003']);
  });

  test.each([
    ['no type of image (400 BIS_00004)', { imageType: undefined }, 400, 'BIS_00004'],
    ['a blank type of image (400 BIS_00004)', { imageType: ' ' }, 400, 'BIS_00004'],
    ['the type UNKNOWN (400 BIS_00005)', { imageType: 'UNKNOWN' }, 400, 'BIS_00005'],
    ['a type in lower case (400 BIS_00005)', { imageType: 'check' }, 400, 'BIS_00005'],
    ['no account (400 BIS_00011)', { accountId: undefined }, 400, 'BIS_00011'],
    ['a blank account (400 BIS_00011)', { accountId: '' }, 400, 'BIS_00011'],
    ['no user (400 BIS_00025)', { loginId: undefined }, 400, 'BIS_00025'],
    ['a blank user (400 BIS_00025)', { loginId: '' }, 400, 'BIS_00025'],
    ['two users (400 BIS_00025)', { hostUserId: '1' }, 400, 'BIS_00025'],
    ['a user that nobody knows (404 BIS_20022)', { loginId: 'nobody.at.all' }, 404, 'BIS_20022'],
    ['a location and no user (400 BIS_00021)', { loginId: undefined, institutionCustomerId: 'a' }, 400, 'BIS_00021'],
    ['a blank location (400 BIS_00025)', { institutionCustomerId: '' }, 400, 'BIS_00025'],
    ['a location that is not the user (400 BIS_00020)', { institutionCustomerId: 'ab'.repeat(16) }, 400, 'BIS_00020'],
    ['an account that is none (404 BIS_20009)', { accountId: 'abc' }, 404, 'BIS_20009'],
    ['a parameter outside printable ASCII (400 BIS_00014)', { imageType: 'CHÉCK' }, 400, 'BIS_00014'],
  ])('%s', async (_what, query, status, code) => {
    expect(await call(query)).toEqual([status, code]);
  });

  test('a parameter sent twice (400 BIS_00017)', async () => {
    expect(await refusalOf(api.withToken(token, 'GET', `${urlOf({})}&imageType=CHECK`))).toEqual([400, 'BIS_00017']);
  });

  test('of several faults the first in the order of the contract', async () => {
    const bad = { imageType: 'x', accountId: '', loginId: 'nobody.at.all' };
    expect(await call({ ...bad, imageIdentifier: 'x'.repeat(129) })).toEqual([400, 'BIS_00015']);
    expect(await call(bad)).toEqual([400, 'BIS_00005']);
    expect(await call({ ...bad, imageType: 'CHECK' })).toEqual([400, 'BIS_00011']);
    expect(await call({ accountId: 'x', loginId: 'nobody.at.all' })).toEqual([404, 'BIS_20022']);
    expect(await call({ accountId: 'x', transactionDate: 'x' })).toEqual([404, 'BIS_20009']);
  });

  test('the token of a user opens the images of that user only (400 BIS_00026)', async () => {
    const authorization = `Bearer ${await api.userToken(pat)}`;
    expect(await call({ loginId: undefined }, { authorization })).toEqual(notThere);
    expect(await call({}, { authorization })).toEqual(notThere);
    expect(await call({ loginId: sam.loginId }, { authorization })).toEqual([400, 'BIS_00026']);
    expect(await call({ loginId: 'nobody.at.all' }, { authorization })).toEqual([400, 'BIS_00026']);
  });

  test('a user may name its own customer', async () => {
    expect(await call({ institutionCustomerId: pat.customerId.toUpperCase() })).toEqual(notThere);
  });

  test('a business user names its login (400 BIS_00021) and the location of the account (400 BIS_00020)', async () => {
    const own = { loginId: business.loginId, accountId: atLocation.accountId };
    const { customerId } = location;
    expect(await call({ ...own, institutionCustomerId: customerId })).toEqual(notThere);
    expect(await call(own)).toEqual([400, 'BIS_00020']);
    expect(await call({ ...own, institutionCustomerId: pat.customerId })).toEqual([400, 'BIS_00020']);
    expect(await call({ ...own, institutionCustomerId: otherLocation.customerId })).toEqual([404, 'BIS_20009']);
    const byNumber = { ...own, loginId: undefined, hostUserId: location.memberNumber };
    expect(await call({ ...byNumber, institutionCustomerId: customerId })).toEqual([400, 'BIS_00021']);
  });

  test('what breaks says no more than a reference (500 BIS_99999)', async () => {
    const { sql } = app.database;
    await sql`alter table account_entitlements rename to account_entitlements_away`;
    try {
      expect(await call()).toEqual([500, 'BIS_99999']);
    } finally {
      await sql`alter table account_entitlements_away rename to account_entitlements`;
    }
  });
});

test('an application that may no longer act for the institution: 403 BIS_10005', async () => {
  const { clientId } = api.application('partner');
  await changeApplication(app, clientId, { institution_ids: ['00077'] });
  const url = `/v1/banking-images?loginId=${pat.loginId}`;
  await eventually(async () => isDeepStrictEqual(await refusalOf(api.withToken(token, 'GET', url)), [403, 'BIS_10005']));
});
