import { randomUUID } from 'node:crypto';
import { advanceClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { introspectToken, requestToken, requestTokenV1, revokeToken, tokensOf } from '@openbranch/testkit/token-calls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let keys: ApplicationKeys;
let others: ApplicationKeys;
let gateway: ApplicationKeys;
let foreignGateway: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing, { institution_ids: ['00042', '00077'] });
      others = await insertApplication(sql, keyRing);
      gateway = await insertApplication(sql, keyRing, { introspection: 'institution' });
      foreignGateway = await insertApplication(sql, keyRing, { introspection: 'institution', institution_ids: ['00077'] });
    },
  });
});

afterAll(() => app.close());

async function applicationToken(institutionId = '00042'): Promise<string> {
  const call = requestToken(app.http, keys, { grant_type: 'client_credentials' }, { headers: { institutionId } });
  return (await tokensOf(call)).accessToken;
}

function signIn(institutionId = '00042') {
  const user = app.sandbox.institutions.find((one) => one.institutionId === institutionId)?.customers[0];
  const form = { grant_type: 'password', username: user?.loginId ?? '', password: user?.password ?? '' };
  return tokensOf(requestToken(app.http, keys, form, { headers: { institutionId } }));
}

const ask = async (who: ApplicationKeys, token: string) => (await introspectToken(app.http, who, token)).json<object>();

test('a live access token is active, with its claims and without its chain', async () => {
  const { accessToken } = await signIn();
  const { sid, ...claims } = decodeJwt(accessToken);
  expect(sid).toBeDefined();
  expect(await ask(keys, accessToken)).toEqual({ active: true, token_type: 'Bearer', ...claims });
});

test('a live refresh token is active until it is used', async () => {
  const { refreshToken } = await signIn();
  const user = app.sandbox.institutions[0]?.customers[0];
  expect(await ask(keys, refreshToken)).toEqual({
    active: true,
    client_id: keys.clientId,
    scope: 'institution-users:read institution-users:write',
    exp: expect.any(Number),
    institution_id: '00042',
    institution_user_id: user?.institutionUserId,
  });
  await tokensOf(requestToken(app.http, keys, { grant_type: 'refresh_token', refresh_token: refreshToken }));
  expect(await ask(keys, refreshToken)).toEqual({ active: false });
});

test('a V1 token is active for its own application, with its edition', async () => {
  const answer = await requestTokenV1(app.http, keys, { grant_type: 'client_credentials' });
  const token = /<access_token>([^<]+)</u.exec(answer.body)?.[1] ?? '';
  expect(await ask(keys, token)).toMatchObject({ active: true, edition: 'v1' });
});

test.each(['nonsense', 'a.b.c', `00g${'x'.repeat(29)}`, 'z'.repeat(32), 'x'.repeat(10_000)])(
  'a text that is no token (%s) is not active, and says nothing else',
  async (token) => {
    expect(await ask(keys, token)).toEqual({ active: false });
  },
);

test('a token that was revoked or has expired is not active', async () => {
  const [revoked, expiring] = [await signIn(), await signIn('00077')];
  await revokeToken(app.http, keys, revoked.refreshToken);
  expect(await ask(keys, revoked.accessToken)).toEqual({ active: false });
  expect(await ask(keys, revoked.refreshToken)).toEqual({ active: false });
  await advanceClock(app, '00077', 1800);
  expect(await ask(keys, expiring.accessToken)).toEqual({ active: false });
  expect(await ask(keys, expiring.refreshToken)).toMatchObject({ active: true });
  await advanceClock(app, '00077', 15_552_000);
  expect(await ask(keys, expiring.refreshToken)).toEqual({ active: false });
});

test('an application learns of its own tokens only; a gateway of those of its institutions', async () => {
  const { accessToken, refreshToken } = await signIn();
  for (const token of [accessToken, refreshToken]) {
    expect(await ask(others, token)).toEqual({ active: false });
    expect(await ask(gateway, token)).toMatchObject({ active: true, client_id: keys.clientId });
    expect(await ask(foreignGateway, token)).toEqual({ active: false });
  }
});

test('a token that no resource would take is not active: its application was disabled, or its institution closed', async () => {
  const token = await applicationToken('00077');
  const closed = await applicationToken();
  const { refreshToken } = await signIn('00077');
  expect(await ask(foreignGateway, token)).toMatchObject({ active: true });
  expect(await ask(foreignGateway, refreshToken)).toMatchObject({ active: true });
  await app.database.sql`update applications set is_enabled = false where client_id = ${keys.clientId}`;
  const late = await createTestApp({ sharedWith: app });
  expect((await introspectToken(late.http, foreignGateway, token)).json()).toEqual({ active: false });
  expect((await introspectToken(late.http, foreignGateway, refreshToken)).json()).toEqual({ active: false });
  await late.close();
  await app.database.sql`update applications set is_enabled = true where client_id = ${keys.clientId}`;
  await app.database.sql`update institutions set is_active = false where institution_id = '00042'`;
  const later = await createTestApp({ sharedWith: app });
  expect((await introspectToken(later.http, gateway, closed)).json()).toEqual({ active: false });
  await later.close();
  await app.database.sql`update institutions set is_active = true where institution_id = '00042'`;
});

test('the call needs no transactionId, as standard clients send none; one that is sent must be a UUID, and comes back', async () => {
  const token = await applicationToken();
  const transactionId = randomUUID();
  const answer = await introspectToken(app.http, keys, token, { headers: { transactionId } });
  expect(answer.headers).toMatchObject({ transactionid: transactionId, 'cache-control': 'no-store' });
  const bad = await introspectToken(app.http, keys, token, { headers: { transactionId: 'abc' } });
  expect([bad.statusCode, bad.json()]).toEqual([400, { code: 'CMN_90008', message: expect.any(String) }]);
});

test.each([
  ['without a token: 400 CMN_90011', '', {}, 400, 'CMN_90011'],
  ['without keys: 401 CMN_90004', 'x', { authorization: undefined }, 401, 'CMN_90004'],
  ['with a Content-Type that is no form: 400 CMN_90010', 'x', { 'content-type': 'application/json' }, 400, 'CMN_90010'],
])('%s', async (_what, token, headers, status, code) => {
  const answer = await introspectToken(app.http, keys, token, { headers });
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
});
