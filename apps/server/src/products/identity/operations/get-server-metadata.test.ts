import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});

afterAll(() => app.close());

const places = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

test.each(places)('%s names the issuer, every endpoint, and what they take', async (url) => {
  const answer = await app.http.inject(url);
  expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'public, max-age=300']);
  expect(answer.json()).toMatchObject({
    issuer: 'http://openbranch.test',
    token_endpoint: 'http://openbranch.test/oauth2/v1/token',
    revocation_endpoint: 'http://openbranch.test/oauth2/v1/revoke',
    introspection_endpoint: 'http://openbranch.test/oauth2/v1/introspect',
    jwks_uri: 'http://openbranch.test/.well-known/jwks.json',
    grant_types_supported: ['client_credentials', 'password', 'refresh_token'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    scopes_supported: expect.arrayContaining(['institution-users:read', 'accounts:read']),
  });
});

test('both places say the same', async () => {
  const [one, other] = await Promise.all(places.map((url) => app.http.inject(url)));
  expect(one?.body).toBe(other?.body);
});

test('whatever it names answers', async () => {
  const metadata = (await app.http.inject('/.well-known/oauth-authorization-server')).json<Record<string, unknown>>();
  const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
  expect(endpoints).toHaveLength(4);
  for (const [, url] of endpoints) {
    const { pathname } = new URL(String(url));
    const method = pathname.endsWith('.json') ? 'GET' : 'POST';
    expect([200, 400, 401]).toContain((await app.http.inject({ method, url: pathname })).statusCode);
  }
});
