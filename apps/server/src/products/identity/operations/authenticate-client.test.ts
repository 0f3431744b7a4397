import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication, insertSecret } from '@openbranch/testkit/test-application';
import { basicAuthorization, requestToken, requestTokenV1, revokeToken } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let keys: ApplicationKeys;
let secondSecret = '';
let expiredSecret = '';
let endingSecret = '';
let disabled: ApplicationKeys;
let withoutProduct: ApplicationKeys;
let local: ApplicationKeys;
let secretless: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    trustedProxies: ['10.0.0.0/8'],
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing);
      secondSecret = await insertSecret(sql, keyRing, keys.clientId, { secretId: 'second' });
      expiredSecret = await insertSecret(sql, keyRing, keys.clientId, {
        secretId: 'expired',
        expiresAt: new Date(Date.now() - 1),
      });
      endingSecret = await insertSecret(sql, keyRing, keys.clientId, {
        secretId: 'ending',
        expiresAt: new Date(Date.now() + 3_600_000),
      });
      disabled = await insertApplication(sql, keyRing, { is_enabled: false });
      withoutProduct = await insertApplication(sql, keyRing, { products: [] });
      local = await insertApplication(sql, keyRing, { allowed_addresses: ['192.0.2.0/24', '2001:db8::7'] });
      secretless = { ...(await insertApplication(sql, keyRing)), clientSecret: '' };
      await sql`delete from application_secrets where client_id = ${secretless.clientId}`;
    },
  });
});

afterAll(() => app.close());

const form = { grant_type: 'client_credentials' };

async function codeOf(answer: ReturnType<typeof requestToken>): Promise<[number, string | undefined]> {
  const { statusCode, body } = await answer;
  return [statusCode, statusCode === 200 ? undefined : /CMN_[0-9]{5}|(?<=<errorCode>)[0-9]+/u.exec(body)?.[0]];
}

const withAuthorization = (authorization: string | undefined) => ({ headers: { authorization } });
const encode = (text: string) => Buffer.from(text).toString('base64');

test('scheme in any case, base64 without padding and in its URL form are understood', async () => {
  const pair = `${keys.clientId}:${keys.clientSecret}`;
  for (const authorization of [`basic ${encode(pair)}`, `BASIC  ${encode(pair)}`, `Basic ${encode(pair).replaceAll('=', '')}`]) {
    expect(await codeOf(requestToken(app.http, keys, form, withAuthorization(authorization)))).toEqual([200, undefined]);
  }
});

test.each([
  ['missing', () => undefined],
  ['empty', () => ''],
  ['of another scheme', () => 'Bearer abc'],
  ['without a value', () => 'Basic'],
  ['no base64', () => 'Basic !!!!'],
  ['without a colon', () => `Basic ${encode(keys.clientId)}`],
  ['with an unknown application', () => `Basic ${encode(`nobody:${keys.clientSecret}`)}`],
  ['with an empty application', () => `Basic ${encode(`:${keys.clientSecret}`)}`],
  ['with a wrong secret', () => basicAuthorization({ ...keys, clientSecret: 'wrong' })],
  ['with an empty secret', () => basicAuthorization({ ...keys, clientSecret: '' })],
  ['with a secret in another case', () => basicAuthorization({ ...keys, clientSecret: keys.clientSecret.toLowerCase() })],
  ['with an expired secret', () => basicAuthorization({ ...keys, clientSecret: expiredSecret })],
  ['with a secret and something behind it', () => basicAuthorization({ ...keys, clientSecret: `${keys.clientSecret} ` })],
  ['with the secret of another application', () => basicAuthorization({ ...keys, clientSecret: disabled.clientSecret })],
  ['of an application without a secret', () => basicAuthorization(secretless)],
  ['longer than any pair of keys', () => basicAuthorization({ ...keys, clientSecret: 'x'.repeat(2000) })],
])('keys that are %s: T1 and T2 answer 401 CMN_90004, T5 401 90001', async (_what, authorization) => {
  const call = withAuthorization(authorization());
  const answer = await requestToken(app.http, keys, form, call);
  expect(await codeOf(Promise.resolve(answer))).toEqual([401, 'CMN_90004']);
  expect(answer.headers['www-authenticate']).toBe('Basic realm="openbranch"');
  expect(await codeOf(revokeToken(app.http, keys, 'x', call))).toEqual([401, 'CMN_90004']);
  const legacy = await requestTokenV1(app.http, keys, form, call);
  expect(await codeOf(Promise.resolve(legacy))).toEqual([401, '90001']);
  expect(legacy.body).toContain('<errorMessage>login credentials are not valid</errorMessage>');
});

test('two secrets live at once, so that one can be changed without a gap; one that ends later still opens', async () => {
  for (const clientSecret of [keys.clientSecret, secondSecret, endingSecret]) {
    expect(await codeOf(requestToken(app.http, { ...keys, clientSecret }, form))).toEqual([200, undefined]);
  }
});

test('no secret is stored, only what it is recognised by', async () => {
  const rows = await app.database.sql<{ row: string }[]>`select row_to_json(s)::text as row from application_secrets s`;
  const stored = rows.map(({ row }) => row).join('\n');
  for (const secret of [keys.clientSecret, secondSecret]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

test('the last use of each secret is stored; a refused one leaves no trace', async () => {
  const other = await createTestApp({ sharedWith: app });
  const before = Date.now();
  await requestToken(other.http, { ...keys, clientSecret: secondSecret }, form);
  await requestToken(other.http, { ...keys, clientSecret: expiredSecret }, form);
  await other.close();
  const rows = await app.database.sql<{ secret_id: string; last_used_at: Date | null }[]>`
    select secret_id, last_used_at from application_secrets where client_id = ${keys.clientId}`;
  const uses = Object.fromEntries(rows.map((row) => [row.secret_id, row.last_used_at?.getTime()]));
  expect(uses['second']).toBeGreaterThanOrEqual(before);
  expect(uses['expired']).toBeUndefined();
});

test('a disabled application, or one without the product: T1 and T2 401 CMN_90001, T5 403 90002', async () => {
  for (const who of [disabled, withoutProduct]) {
    expect(await codeOf(requestToken(app.http, who, form))).toEqual([401, 'CMN_90001']);
    expect(await codeOf(revokeToken(app.http, who, 'x'))).toEqual([401, 'CMN_90001']);
    const legacy = await requestTokenV1(app.http, who, form);
    expect(await codeOf(Promise.resolve(legacy))).toEqual([403, '90002']);
    expect(legacy.body).toContain('<errorMessage>Client not authorized for this URL</errorMessage>');
  }
});

test('who does not know the secret does not learn that an application is disabled', async () => {
  expect(await codeOf(requestToken(app.http, { ...disabled, clientSecret: 'wrong' }, form))).toEqual([401, 'CMN_90004']);
});

test('an application that is disabled while we run is refused within a second', async () => {
  await changeApplication(app, keys.clientId, { is_enabled: false });
  await eventually(async () => (await requestToken(app.http, keys, form)).statusCode === 401, { deadlineMs: 1000 });
  await changeApplication(app, keys.clientId, { is_enabled: true });
  await eventually(async () => (await requestToken(app.http, keys, form)).statusCode === 200, { deadlineMs: 1000 });
});

const blocked = [
  [400, 'CMN_90009'],
  [403, '90002'],
] as const;

async function codesFrom(remoteAddress: string, forwardedFor?: string) {
  const call = { remoteAddress, ...(forwardedFor === undefined ? {} : { headers: { 'x-forwarded-for': forwardedFor } }) };
  return [await codeOf(requestToken(app.http, local, form, call)), await codeOf(requestTokenV1(app.http, local, form, call))];
}

test.each(['192.0.2.1', '192.0.2.255', '::ffff:192.0.2.9', '2001:db8::7', '2001:DB8:0:0::7'])(
  'an address of the list (%s) is let in',
  async (address) => {
    expect(await codesFrom(address)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  },
);

test.each(['192.0.3.1', '2001:db8::8', '::ffff:192.0.3.1', '127.0.0.1'])(
  'an address outside the list (%s): T1 400 CMN_90009, T5 403 90002',
  async (address) => {
    expect(await codesFrom(address)).toEqual(blocked);
  },
);

test('X-Forwarded-For is believed from a trusted proxy only', async () => {
  expect(await codesFrom('10.1.2.3', '192.0.2.1')).toEqual([
    [200, undefined],
    [200, undefined],
  ]);
  expect(await codesFrom('203.0.113.5', '192.0.2.1')).toEqual(blocked);
  // What the caller itself wrote stands left of what the proxy added.
  expect(await codesFrom('10.1.2.3', '192.0.2.1, 203.0.113.5')).toEqual(blocked);
  expect(await codesFrom('10.1.2.3', 'nonsense')).toEqual(blocked);
});

test('an address is looked at before the body, but after the keys', async () => {
  const call = { remoteAddress: '203.0.113.5' };
  const noForm = { ...call, headers: { 'content-type': 'text/plain' } };
  expect(await codeOf(requestToken(app.http, local, '', noForm))).toEqual([400, 'CMN_90009']);
  expect(await codeOf(requestToken(app.http, { ...local, clientSecret: 'wrong' }, form, call))).toEqual([401, 'CMN_90004']);
});
