import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, requestTokenV1, tokensOf } from '@openbranch/testkit/token-calls';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let keys: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing);
    },
  });
});

afterAll(() => app.close());

test('the key set is open to everybody, may be kept for a while, and shows public parts only', async () => {
  const answer = await app.http.inject('/.well-known/jwks.json');
  expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'public, max-age=30']);
  expect(answer.json()).toEqual({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.stringMatching(/^[\w-]{43}$/u),
        y: expect.stringMatching(/^[\w-]{43}$/u),
        kid: expect.stringMatching(/^[\w-]{43}$/u),
        alg: 'ES256',
        use: 'sig',
      },
    ],
  });
});

test('with it anybody verifies access tokens of both editions offline, for issuer and audience', async () => {
  const jwks = (await app.http.inject('/digitalbanking/.well-known/jwks.json')).json<JSONWebKeySet>();
  const form = { grant_type: 'client_credentials' };
  const { accessToken } = await tokensOf(requestToken(app.http, keys, form));
  const legacy = /<access_token>([^<]+)</u.exec((await requestTokenV1(app.http, keys, form)).body)?.[1] ?? '';
  const expected = { typ: 'at+jwt', algorithms: ['ES256'], issuer: 'http://openbranch.test', audience: 'http://openbranch.test' };
  for (const [token, edition] of [
    [accessToken, 'v2'],
    [legacy, 'v1'],
  ] as const) {
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), expected);
    expect(payload).toMatchObject({ client_id: keys.clientId, edition, jti: expect.stringMatching(/^[0-9a-f-]{36}$/u) });
  }
});

test('two applications and two calls never share a token id', async () => {
  const tokens = await Promise.all(
    Array.from({ length: 20 }, () => tokensOf(requestToken(app.http, keys, { grant_type: 'client_credentials' }))),
  );
  expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(20);
});
