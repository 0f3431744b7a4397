import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { getUserStatus, isAccepted, requestToken, requestTokenV1, tokensOf } from '@openbranch/testkit/token-calls';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceChanges } from '../../../platform/change-feed/change-feed.ts';
import { rotateSigningKey } from '../../../platform/keys/signing-key-ring.ts';

let app: TestApp;
let keys: ApplicationKeys;
let good = '';

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing);
    },
  });
});

afterAll(() => app.close());

beforeEach(async () => {
  good = await newToken();
});

const newToken = async () => (await tokensOf(requestToken(app.http, keys, { grant_type: 'client_credentials' }))).accessToken;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function changedPayload(token: string, change: object): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, encode({ ...claims, ...change }), signature].join('.');
}

test.each([
  ['of another institution', () => changedPayload(good, { institution_id: '00077' })],
  ['with more scopes', () => changedPayload(good, { scope: 'institution-users:read accounts:read' })],
  ['that lives longer', () => changedPayload(good, { exp: 9_999_999_999 })],
  ['without signature', () => good.slice(0, good.lastIndexOf('.') + 1)],
  ['with a truncated signature', () => good.slice(0, -2)],
  ['with a padded signature', () => `${good}==`],
  ['with a letter more', () => `${good}A`],
  ['with a header of its own and no algorithm', () => `${encode({ typ: 'at+jwt', alg: 'none' })}.${good.split('.')[1]}.`],
  ['of any text', () => 'nonsense'],
  ['of hostile length', () => `${good}${'A'.repeat(5000)}`],
])('a token %s is refused with 401 ISR_11002', async (_what, token) => {
  // First the good one, so that it is remembered as verified.
  expect(await isAccepted(app.http, good)).toBe(true);
  const answer = await getUserStatus(app.http, token());
  expect([answer.statusCode, answer.json()]).toEqual([401, { code: 'ISR_11002', message: expect.any(String) }]);
});

test('a token that a stranger signed under the id of our key is refused', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [header = '', payload = ''] = good.split('.');
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  expect(await isAccepted(app.http, `${header}.${payload}.${signature.toString('base64url')}`)).toBe(false);
});

test('a token that is signed with our public key as if it were a secret is refused', async () => {
  const jwks = (await app.http.inject('/.well-known/jwks.json')).json<{ keys: { x: string; y: string; kid: string }[] }>();
  const [key] = jwks.keys;
  const forged = await new SignJWT({ client_id: keys.clientId })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key?.kid ?? '' })
    .sign(Buffer.from(JSON.stringify(key)));
  expect(await isAccepted(app.http, forged)).toBe(false);
});

test('the case of Bearer does not matter, but the word and a token must be there', async () => {
  const status = async (authorization: string) => {
    const url = `/v1/user-status/${'0'.repeat(32)}?userIdType=INSTITUTION_USER_ID`;
    const answer = await app.http.inject({ url, headers: { authorization, transactionId: randomUUID() } });
    return [answer.statusCode, answer.json<{ code: string }>().code];
  };
  expect(await status(`bearer ${good}`)).toEqual([404, 'ISR_10001']);
  expect(await status(`BEARER  ${good}`)).toEqual([404, 'ISR_10001']);
  for (const bad of ['', 'Bearer', 'Bearer ', good, `Token ${good}`]) {
    expect(await status(bad)).toEqual([401, 'ISR_11001']);
  }
});

test('a token in the query is not read', async () => {
  const url = `/v1/user-status/${'0'.repeat(32)}?userIdType=INSTITUTION_USER_ID&access_token=${good}`;
  const answer = await app.http.inject({ url, headers: { transactionId: randomUUID() } });
  expect(answer.json()).toMatchObject({ code: 'ISR_11001' });
});

test('neither a V1 token nor a refresh token opens what wants a V2 token', async () => {
  const user = app.sandbox.institutions[0]?.customers[0];
  const form = { grant_type: 'password', username: user?.loginId ?? '', password: user?.password ?? '' };
  const { refreshToken } = await tokensOf(requestToken(app.http, keys, form));
  const legacy = await requestTokenV1(app.http, keys, form);
  const tokenV1 = /<access_token>([^<]+)</u.exec(legacy.body)?.[1] ?? '';
  expect([await isAccepted(app.http, refreshToken), await isAccepted(app.http, tokenV1)]).toEqual([false, false]);
});

test('a rotation of the signing key ends no token: the key set shows both keys, and every process goes over to the new one', async () => {
  const second = await createTestApp({ sharedWith: app });
  const before = await newToken();
  const { keyId } = await app.database.sql.begin(async (tx) => {
    const rotated = await rotateSigningKey(tx, app.keyRing);
    // The new key begins to sign after some seconds; this test does not wait for them.
    await tx`update signing_keys set activates_at = clock_timestamp() where key_id = ${rotated.keyId}`;
    const expiresAt = new Date(Date.now() + 60_000);
    await announceChanges(tx, [{ topic: 'signing_keys_changed', institutionId: undefined, subject: rotated.keyId, expiresAt }]);
    return rotated;
  });
  for (const { http } of [app, second]) {
    const after = await eventually(async () => {
      const { accessToken } = await tokensOf(requestToken(http, keys, { grant_type: 'client_credentials' }));
      return decodeProtectedHeader(accessToken).kid === keyId ? accessToken : undefined;
    });
    for (const process of [app, second]) {
      await eventually(async () => await isAccepted(process.http, after));
      expect(await isAccepted(process.http, before)).toBe(true);
    }
    const jwks = (await http.inject('/.well-known/jwks.json')).json<{ keys: { kid: string }[] }>();
    expect(jwks.keys.map(({ kid }) => kid)).toEqual([keyId, decodeProtectedHeader(before).kid]);
  }
  await second.close();
});
