import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { afterEach, expect, test } from 'vitest';
import { type ClientOptions, createClient, OpenbranchUsageError } from '../src/client.ts';
import { type FakeApi, type Routes, startFakeApi, v2TokenRoute, v2Tokens } from './fake-api.ts';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(routes: Routes, options: Partial<ClientOptions> = {}) {
  api = await startFakeApi({ [v2TokenRoute]: v2Tokens(), ...routes });
  const known = { baseUrl: api.baseUrl, institutionId: '00042', clientId: 'key', clientSecret: 'secret', sandboxKey: 'sbx' };
  return { api, client: createClient({ ...known, ...options }) };
}

const clock = () => ({ status: 200, body: { institutionId: '00042', now: '2030-01-01T00:00:00Z', offsetSeconds: 0 } });

test('path values and query values are percent-encoded', async () => {
  const { api, client } = await start({ 'GET /v1/user-status/a%2Fb%3Fc%3Ad%20%C3%A9%25': () => ({ status: 200, body: {} }) });
  await client.getUserStatus({ institutionUserId: 'a/b?c:d é%', userIdType: 'LOGIN_ID' });
  expect(api.seen.at(-1)?.url).toBe('/v1/user-status/a%2Fb%3Fc%3Ad%20%C3%A9%25?userIdType=LOGIN_ID');
});

test('the base URL may have a path, and a slash at its end', async () => {
  for (const path of ['', '/', '/digitalbanking', '/digitalbanking/']) {
    const lead = path.replace(/\/$/u, '');
    const { api, client } = await start({ [`GET ${lead}/sandbox/v1/institutions/00042/clock`]: clock });
    const { getClock } = createClient({
      baseUrl: `${api.baseUrl}${path}`,
      institutionId: '00042',
      clientId: '',
      clientSecret: '',
      sandboxKey: 'sbx',
    });
    await getClock({ institutionId: '00042' });
    expect(client).toBeDefined();
    await api.close();
  }
});

test('a JSON body and the sandbox key are sent, a trace header is not where the family has none', async () => {
  const { api, client } = await start({ 'POST /sandbox/v1/institutions/00042/clock:advance': clock });
  const answer = await client.advanceClock({ institutionId: '00042', body: { seconds: 90 } });
  expect(answer.offsetSeconds).toBe(0);
  const [request] = api.seen;
  expect(request?.body).toBe('{"seconds":90}');
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-sandbox-key': 'sbx' });
  expect(request?.headers).not.toHaveProperty('authorization');
  expect(request?.headers).not.toHaveProperty('transactionid');
});

test('form fields are sent as a form, and an empty answer is undefined', async () => {
  const { api, client } = await start({ 'DELETE /oauth2/v1/revoke': () => ({ status: 204 }) });
  expect(await client.revokeToken({ form: { token: 'a b&c' } })).toBeUndefined();
  expect(api.seen[0]).toMatchObject({ body: 'token=a+b%26c', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
});

test('a call may name its trace id and further headers, but not another proof', async () => {
  const { api, client } = await start({ 'GET /v1/user-status/ann': () => ({ status: 200, body: {} }) });
  await client.getUserStatus(
    { institutionUserId: 'ann', userIdType: 'LOGIN_ID' },
    { traceId: 'my-trace', headers: { callingAppId: 'till', Authorization: 'Bearer other', TransactionId: 'other' } },
  );
  expect(api.seen.at(-1)?.headers).toMatchObject({
    transactionid: 'my-trace',
    callingappid: 'till',
    authorization: 'Bearer token-1',
  });
});

test('what cannot be meant is refused before anything is sent', async () => {
  const { api, client } = await start({});
  const status = (institutionUserId: string) => client.getUserStatus({ institutionUserId, userIdType: 'LOGIN_ID' });
  for (const value of ['', '.', '..'])
    await expect(status(value)).rejects.toThrow('getUserStatus needs a value for institutionUserId');
  const typo = { institutionUserId: 'ann', userIdType: 'LOGIN_ID', userIdTyp: 'x' } as const;
  await expect(client.getUserStatus(typo)).rejects.toThrow('getUserStatus takes no userIdTyp');
  const { getClock } = createClient({ baseUrl: api.baseUrl, institutionId: '00042', clientId: '', clientSecret: '' });
  await expect(getClock({ institutionId: '00042' })).rejects.toThrow('getClock needs sandboxKey');
  expect(api.seen).toHaveLength(0);
  for (const baseUrl of ['localhost:8080', 'ftp://x', 'http://a:b@x', 'http://x?y', '']) {
    const make = () => createClient({ baseUrl, institutionId: '00042', clientId: 'key', clientSecret: 'secret' });
    expect(make).toThrow(OpenbranchUsageError);
  }
});

test('every operation of the contract has a method, and no parameter is called body or form', () => {
  const client = createClient({ baseUrl: 'http://localhost', institutionId: '00042', clientId: 'key', clientSecret: 'secret' });
  const all: readonly Operation[] = Object.values(operations);
  for (const { id, path, params, query } of all) {
    expect(client).toHaveProperty(id);
    expect(`${path} ${JSON.stringify([params, query])}`).not.toMatch(/\{(?:body|form)\}|"(?:body|form)":/u);
  }
});

test('every try is told, without a secret', async () => {
  const notices: unknown[] = [];
  const { api, client } = await start(
    { 'GET /v1/user-status/ann': (_, count) => (count === 1 ? { status: 503 } : { status: 200, body: {} }) },
    { onRequest: (notice) => notices.push(notice) },
  );
  await client.getUserStatus({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' }, { traceId: 't-1' });
  const url = `${api.baseUrl}/v1/user-status/ann?userIdType=LOGIN_ID`;
  expect(notices).toMatchObject([
    { operationId: 'requestToken', method: 'POST', attempt: 1 },
    { operationId: 'getUserStatus', method: 'GET', url, traceId: 't-1', attempt: 1 },
    { operationId: 'getUserStatus', attempt: 2, traceId: 't-1' },
  ]);
  expect(JSON.stringify(notices)).not.toMatch(/token-1|secret"/u);
});
