import { randomUUID } from 'node:crypto';
import { createListeningApp, type ListeningApp } from '@openbranch/testkit/listening-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Two clients that know OAuth and nothing of this server, on a real port. */

let server: ListeningApp;
let keys: ApplicationKeys;

beforeAll(async () => {
  server = await createListeningApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing);
    },
  });
});

afterAll(() => server.app.close());

function user() {
  const { loginId = '', password = '' } = server.app.sandbox.institutions[0]?.customers[0] ?? {};
  return { username: loginId, password };
}

/** The two headers that this API wants beyond the standard. */
const ours = () => ({ transactionId: randomUUID(), institutionId: '00042' });

/** What a gateway does that holds nothing but the key set. */
async function verifyOffline(accessToken: string, jwksUri: string | undefined) {
  const keySet = createRemoteJWKSet(new URL(jwksUri ?? ''));
  const expected = { issuer: server.baseUrl, audience: server.baseUrl, typ: 'at+jwt', algorithms: ['ES256'] };
  return (await jwtVerify(accessToken, keySet, expected)).payload;
}

async function userStatus(accessToken: string): Promise<number> {
  const url = `${server.baseUrl}/v1/user-status/${user().username}?userIdType=LOGIN_ID`;
  return (await fetch(url, { headers: { authorization: `Bearer ${accessToken}`, transactionId: randomUUID() } })).status;
}

describe.each(['oauth2', 'oidc'] as const)('oauth4webapi, having read the metadata by the rules of %s', (algorithm) => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  let as: oauth.AuthorizationServer;
  let client: oauth.Client;
  let auth: oauth.ClientAuth;
  const options = () => ({ ...insecure, headers: ours() });

  beforeAll(async () => {
    const issuer = new URL(server.baseUrl);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));
    client = { client_id: keys.clientId };
    auth = oauth.ClientSecretBasic(keys.clientSecret);
  });

  async function signIn() {
    const parameters = new URLSearchParams(user());
    const response = await oauth.genericTokenEndpointRequest(as, client, auth, 'password', parameters, options());
    return oauth.processGenericTokenEndpointResponse(as, client, response);
  }

  async function introspect(token: string) {
    return oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, auth, token, insecure));
  }

  test('gets a token by client_credentials that verifies offline and opens a resource', async () => {
    const parameters = { scope: 'institution-users:read' };
    const response = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, options());
    const { access_token, token_type, expires_in } = await oauth.processClientCredentialsResponse(as, client, response);
    expect([token_type, expires_in]).toEqual(['bearer', 1799]);
    expect(await verifyOffline(access_token, as.jwks_uri)).toMatchObject({
      client_id: keys.clientId,
      scope: 'institution-users:read',
    });
    expect(await userStatus(access_token)).toBe(200);
  });

  test('its own check of a JWT access token (RFC 9068) accepts ours', async () => {
    const { access_token } = await signIn();
    const request = new Request(server.baseUrl, { headers: { authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(as, request, server.baseUrl, {
      [oauth.allowInsecureRequests]: true,
      signingAlgorithms: ['ES256'],
    });
    expect(claims).toMatchObject({ client_id: keys.clientId, institution_id: '00042' });
  });

  test('signs a customer in, renews, asks about and revokes the tokens', async () => {
    const first = await signIn();
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, first.refresh_token ?? '', {
      ...insecure,
      headers: { transactionId: randomUUID() },
    });
    const second = await oauth.processRefreshTokenResponse(as, client, response);
    expect(second.refresh_token).toMatch(/^[0-9A-Za-z]{32}$/u);
    expect(await introspect(second.access_token)).toMatchObject({ active: true, client_id: keys.clientId });
    const revoked = await oauth.revocationRequest(as, client, auth, second.refresh_token ?? '', {
      ...insecure,
      headers: { transactionId: randomUUID() },
    });
    await oauth.processRevocationResponse(revoked);
    expect(await introspect(second.access_token)).toEqual({ active: false });
    expect([await userStatus(first.access_token), await userStatus(second.access_token)]).toEqual([401, 401]);
  });

  test('understands a refusal of its keys', async () => {
    const wrong = oauth.ClientSecretBasic('wrong');
    const response = await oauth.clientCredentialsGrantRequest(as, client, wrong, {}, options());
    await expect(oauth.processClientCredentialsResponse(as, client, response)).rejects.toThrow(
      oauth.WWWAuthenticateChallengeError,
    );
  });
});

describe.each(['oauth2', 'oidc'] as const)('openid-client, having read the metadata by the rules of %s', (algorithm) => {
  let config: openid.Configuration;

  beforeAll(async () => {
    config = await openid.discovery(
      new URL(server.baseUrl),
      keys.clientId,
      undefined,
      openid.ClientSecretBasic(keys.clientSecret),
      {
        algorithm,
        execute: [openid.allowInsecureRequests],
      },
    );
    config[openid.customFetch] = (url, { headers, body, method }) =>
      fetch(url, { method, headers: { ...headers, ...ours() }, ...(body == null ? {} : { body }) });
  });

  test('gets a token by client_credentials that verifies offline', async () => {
    const { access_token, token_type } = await openid.clientCredentialsGrant(config, { scope: 'institution-users:read' });
    expect(token_type).toBe('bearer');
    const { jwks_uri } = config.serverMetadata();
    expect(await verifyOffline(access_token, jwks_uri)).toMatchObject({ client_id: keys.clientId, edition: 'v2' });
    expect(await userStatus(access_token)).toBe(200);
  });

  test('signs a customer in, renews, asks about and revokes the tokens', async () => {
    const first = await openid.genericGrantRequest(config, 'password', user());
    expect(first.expiresIn()).toBeGreaterThan(1790);
    const second = await openid.refreshTokenGrant(config, first.refresh_token ?? '');
    expect(await openid.tokenIntrospection(config, second.access_token)).toMatchObject({ active: true });
    await openid.tokenRevocation(config, second.refresh_token ?? '');
    expect(await openid.tokenIntrospection(config, second.access_token)).toEqual({ active: false });
    await expect(openid.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toThrow();
  });
});
