import { afterEach, expect, test } from 'vitest';
import { type ClientOptions, createClient } from '../src/client.ts';
import { toSettings } from '../src/settings.ts';
import { createTokenSources } from '../src/token-sources.ts';
import { type FakeApi, type Routes, startFakeApi, v1TokenRoute, v2TokenRoute, v2Tokens } from './fake-api.ts';

const customerId = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const unlockRoute = `PUT /v1/customers/${customerId}:unlock-user`;
const profileRoute = `GET /v1/customers/${customerId}`;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(routes: Routes, options: Partial<ClientOptions> = {}) {
  api = await startFakeApi(routes);
  const client = createClient({
    baseUrl: api.baseUrl,
    institutionId: '00042',
    clientId: 'key',
    clientSecret: 's:cret',
    ...options,
  });
  return { api, client };
}

const unlocked = { [unlockRoute]: () => ({ status: 204 }) };
const profile = () => ({ status: 200, body: { userName: 'ann' } });

test('a client gets its token by itself and sends it with every call', async () => {
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(), [profileRoute]: profile });
  await client.getCustomer({ customerId });
  await client.getCustomer({ customerId });
  const [token] = api.seenAt(v2TokenRoute);
  expect(api.seenAt(v2TokenRoute)).toHaveLength(1);
  expect(token?.headers.authorization).toBe(`Basic ${Buffer.from('key:s:cret').toString('base64')}`);
  expect(token?.headers['institutionid']).toBe('00042');
  expect(token?.headers['transactionid']).toMatch(uuid);
  expect(token?.body).toBe('grant_type=client_credentials');
  expect(api.seenAt(profileRoute).map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1']);
});

test('a hundred calls at once make one token request', async () => {
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(), [profileRoute]: profile });
  await Promise.all(Array.from({ length: 100 }, () => client.getCustomer({ customerId })));
  expect(api.seenAt(v2TokenRoute)).toHaveLength(1);
  expect(api.seenAt(profileRoute)).toHaveLength(100);
});

test('the scopes of the options are asked for, separated by commas', async () => {
  const { api, client } = await start(
    { [v2TokenRoute]: v2Tokens(), ...unlocked },
    { scopes: ['institution-users:read', 'institution-users:write'] },
  );
  await client.unlockUser({ customerId });
  expect(new URLSearchParams(api.seenAt(v2TokenRoute)[0]?.body).get('scopes')).toBe(
    'institution-users:read,institution-users:write',
  );
});

test('a token is renewed before it expires', async () => {
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(1), [profileRoute]: profile });
  await client.getCustomer({ customerId });
  await expect
    .poll(async () => {
      await client.getCustomer({ customerId });
      return api.seenAt(v2TokenRoute).length;
    })
    .toBeGreaterThan(1);
  expect(api.seenAt(profileRoute).at(-1)?.headers.authorization).toBe('Bearer token-2');
});

test('a refused token is renewed once, for all calls that bore it', async () => {
  const refuseFirst: Routes[string] = ({ headers }) =>
    headers.authorization === 'Bearer token-1'
      ? { status: 400, body: { status: 400, message: 'the access token has expired', code: 'UXU_10003' } }
      : profile();
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(), [profileRoute]: refuseFirst });
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.getCustomer({ customerId })));
  expect(answers.every((answer) => answer.userName === 'ann')).toBe(true);
  expect(api.seenAt(v2TokenRoute)).toHaveLength(2);
});

test('a token that is refused again after its renewal is an error', async () => {
  const refuse = () => ({ status: 401, body: { code: 'ISR_11002', message: 'the access token is invalid, expired or revoked' } });
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(), 'GET /v1/user-status/ann': refuse });
  const call = client.getUserStatus({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' });
  await expect(call).rejects.toMatchObject({ status: 401, code: 'ISR_11002', errorName: 'tokenInvalid' });
  expect(api.seenAt(v2TokenRoute)).toHaveLength(2);
  expect(api.seenAt('GET /v1/user-status/ann')).toHaveLength(2);
});

test('a missing scope costs no second token', async () => {
  const refuse = () => ({
    status: 403,
    body: { code: 'ISR_11003', message: 'the access token lacks a scope of this operation' },
  });
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(), 'GET /v1/user-status/ann': refuse });
  await expect(client.getUserStatus({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' })).rejects.toMatchObject({
    errorName: 'scopeMissing',
  });
  expect(api.seenAt(v2TokenRoute)).toHaveLength(1);
});

const user = { username: 'ann', password: 'pass word' };

test('a client of a user signs in with the password once and renews with the refresh token', async () => {
  const refresh = { refresh_token: 'r'.repeat(32), refresh_token_expires_in: '15551999' };
  const { api, client } = await start({ [v2TokenRoute]: v2Tokens(1, refresh), [profileRoute]: profile }, { user });
  await client.getCustomer({ customerId });
  await expect
    .poll(async () => {
      await client.getCustomer({ customerId });
      return api.seenAt(v2TokenRoute).length;
    })
    .toBeGreaterThan(1);
  const forms = api.seenAt(v2TokenRoute).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  expect(forms[0]).toEqual({ grant_type: 'password', username: 'ann', password: 'pass word' });
  expect(forms[1]).toEqual({ grant_type: 'refresh_token', refresh_token: refresh.refresh_token });
});

test('a user signs in again when the refresh token is refused', async () => {
  const tokens: Routes[string] = ({ body }, count) =>
    body.includes('grant_type=refresh_token')
      ? {
          status: 400,
          body: { code: 'CMN_90016', message: 'the token is unknown, expired, used, revoked or of another application' },
        }
      : {
          status: 200,
          body: { access_token: `token-${count}`, expires_in: '1799', refresh_token: 'r'.repeat(32), token_type: 'Bearer' },
        };
  const refuseFirst: Routes[string] = ({ headers }) =>
    headers.authorization === 'Bearer token-1'
      ? { status: 400, body: { status: 400, message: 'revoked', code: 'UXU_10001' } }
      : profile();
  const { api, client } = await start({ [v2TokenRoute]: tokens, [profileRoute]: refuseFirst }, { user });
  await client.getCustomer({ customerId });
  expect(api.seenAt(v2TokenRoute).map(({ body }) => new URLSearchParams(body).get('grant_type'))).toEqual([
    'password',
    'refresh_token',
    'password',
  ]);
});

test('a wrong password is sent once and told as the token call that it was', async () => {
  const refuse = () => ({ status: 401, body: { code: 'CMN_90015', message: 'the user credentials are not valid' } });
  const { api, client } = await start({ [v2TokenRoute]: refuse }, { user });
  await expect(client.getCustomer({ customerId })).rejects.toMatchObject({
    operationId: 'requestToken',
    errorName: 'userCredentialsInvalid',
  });
  expect(api.seen).toHaveLength(1);
});

test('a V1 token call answers its XML as an object of strings', async () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<token>
    <di_fiid>00042</di_fiid>
    <access_token>q7Tn2VbXc9LmZr4KpW8sYd1HfG6J</access_token>
    <expires_in>1799</expires_in>
</token>`;
  const { api, client } = await start({ [v1TokenRoute]: () => ({ status: 200, body: xml }) });
  const answer = await client.requestTokenV1({ form: { grant_type: 'client_credentials' } });
  expect(answer).toEqual({ di_fiid: '00042', access_token: 'q7Tn2VbXc9LmZr4KpW8sYd1HfG6J', expires_in: '1799' });
  const { headers } = api.seen[0] ?? { headers: {} };
  expect(headers).toMatchObject({
    di_fiid: '00042',
    di_tid: expect.stringMatching(uuid),
    'user-agent': expect.stringMatching(/^openbranch-sdk\//u),
  });
});

test('operations of edition V1 get a V1 token, by password where there is a user', async () => {
  const forms: unknown[] = [];
  const settings = toSettings({
    baseUrl: 'http://localhost',
    institutionId: '00042',
    clientId: 'key',
    clientSecret: 'secret',
    user,
  });
  const sources = createTokenSources(settings, (operation, { form }) => {
    forms.push([operation.id, form]);
    return Promise.resolve({ di_fiid: '00042', access_token: 'v1-token', expires_in: '1799', refresh_token: 'nothing takes it' });
  });
  expect(await sources.v1.get()).toBe('v1-token');
  sources.v1.drop('v1-token');
  await sources.v1.get();
  const signIn = ['requestTokenV1', { grant_type: 'password', ...user }];
  expect(forms).toEqual([signIn, signIn]);
});
