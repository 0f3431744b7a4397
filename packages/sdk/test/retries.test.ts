import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ClientOptions, createClient, OpenbranchNetworkError, type RequestNotice } from '../src/client.ts';
import { type FakeApi, type Reply, type Routes, startFakeApi, v2TokenRoute, v2Tokens } from './fake-api.ts';

const customerId = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const unlockRoute = `PUT /v1/customers/${customerId}:unlock-user`;
const statusRoute = 'GET /v1/user-status/ann';
const advanceRoute = 'POST /sandbox/v1/institutions/00042/clock:advance';
const ann = { institutionUserId: 'ann', userIdType: 'LOGIN_ID' } as const;

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

/** The first replies in order, then an empty success. */
const replies =
  (...first: Reply[]): Routes[string] =>
  (_, count) =>
    first[count - 1] ?? { status: 204 };

const quota = { status: 500, headers: { 'retry-after': '1' }, body: { code: 'CMN_90001', message: 'quota limit violation' } };

test.each<[string, Reply]>([
  ['a broken connection', 'cut'],
  ['408', { status: 408 }],
  ['429', { status: 429, headers: { 'retry-after': '0' } }],
  ['503', { status: 503 }],
])('%s is tried again with the same trace id where that is safe', async (_, reply) => {
  const { api, client } = await start({ [unlockRoute]: replies(reply) });
  await client.unlockUser({ customerId });
  const ids = api.seenAt(unlockRoute).map(({ headers }) => headers['correlationid']);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test('a quota refusal is tried again when its Retry-After has passed', async () => {
  const { api, client } = await start({ [unlockRoute]: replies(quota) });
  const startedAt = performance.now();
  await client.unlockUser({ customerId });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  expect(api.seenAt(unlockRoute)).toHaveLength(2);
});

test('a Retry-After beyond the time of the call is an error at once, which tells the seconds', async () => {
  const late = { ...quota, headers: { 'retry-after': '3600' } };
  const { api, client } = await start({ [unlockRoute]: () => late });
  await expect(client.unlockUser({ customerId })).rejects.toMatchObject({ errorName: 'quotaExceeded', retryAfterSeconds: 3600 });
  expect(api.seenAt(unlockRoute)).toHaveLength(1);
});

const transfer = {
  ...{ fromAccountHolderId: customerId, fromAccountId: 'a'.repeat(43) },
  ...{ toAccountHolderId: customerId, toAccountId: 'b'.repeat(43), amount: { amount: 1 } },
};

test('a transfer that met a database which is away is sent again with its trace id, one that failed otherwise is not', async () => {
  const transfersRoute = 'POST /v1/transfers';
  const failure = { status: 500, body: { code: 'TFR_10001', message: 'whatever' } };
  const send = async (reply: Reply) => {
    const { api, client } = await start({ [transfersRoute]: (_, count) => (count === 1 ? reply : { status: 200, body: {} }) });
    await client.createTransfer({ loginId: 'ann', body: transfer }).catch(() => undefined);
    const ids = api.seenAt(transfersRoute).map(({ headers }) => headers['transactionid']);
    await api.close();
    return ids;
  };
  const again = await send({ ...failure, headers: { 'retry-after': '1' } });
  expect(again).toHaveLength(2);
  expect(again[0]).toBe(again[1]);
  expect(await send(failure)).toHaveLength(1);
});

test('an unexpected 500 and a refusal are not tried again', async () => {
  for (const status of [500, 400, 404]) {
    const { api, client } = await start({
      [unlockRoute]: () => ({ status, body: { status, message: 'no', code: 'UXU_99998' } }),
    });
    await expect(client.unlockUser({ customerId })).rejects.toMatchObject({ status });
    expect(api.seenAt(unlockRoute)).toHaveLength(1);
    await api.close();
  }
});

test('a POST without replay guard is sent once, whatever happens to it', async () => {
  for (const reply of ['cut' as const, { status: 503 }, { status: 429 }, quota]) {
    const { api, client } = await start({ [advanceRoute]: () => reply });
    await expect(client.advanceClock({ institutionId: '00042', body: { seconds: 1 } })).rejects.toThrow();
    expect(api.seenAt(advanceRoute)).toHaveLength(1);
    await api.close();
  }
});

test('a token call is tried again', async () => {
  const overloaded: Routes[string] = (request, count) =>
    count === 1 ? { status: 503, headers: { 'retry-after': '0' } } : (v2Tokens()?.(request, count) ?? 'cut');
  const { api, client } = await start({ [v2TokenRoute]: overloaded, [unlockRoute]: replies() });
  await client.unlockUser({ customerId });
  const ids = api.seenAt(v2TokenRoute).map(({ headers }) => headers['transactionid']);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test('no call is tried more often than maxRetries says', async () => {
  const { api, client } = await start({ [unlockRoute]: () => ({ status: 503 }) }, { maxRetries: 1 });
  await expect(client.unlockUser({ customerId })).rejects.toMatchObject({ status: 503 });
  expect(api.seenAt(unlockRoute)).toHaveLength(2);
});

test('a POST is tried again when no connection stood, and the error says that it cannot have arrived', async () => {
  const notices: RequestNotice[] = [];
  const client = createClient({
    baseUrl: `http://127.0.0.1:${await freePort()}`,
    institutionId: '00042',
    clientId: 'key',
    clientSecret: 'secret',
    sandboxKey: 'sbx',
    maxRetries: 1,
    onRequest: (notice) => notices.push(notice),
  });
  const error: unknown = await client.advanceClock({ institutionId: '00042', body: { seconds: 1 } }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OpenbranchNetworkError);
  expect(error).toMatchObject({ reason: 'connection', mayHaveArrived: false, operationId: 'advanceClock' });
  expect(notices.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test('a try ends when its time is over, and so does the call', async () => {
  const { api, client } = await start({ [statusRoute]: () => 'hang' }, { timeoutMs: 300, maxRetries: 1 });
  const startedAt = performance.now();
  await expect(client.getUserStatus(ann)).rejects.toMatchObject({ reason: 'timeout', mayHaveArrived: true });
  // The server would hang for ever.
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  expect(api.seenAt(statusRoute).length).toBeGreaterThan(0);
});

test('a call that waits for a token ends in its time too', async () => {
  const { client } = await start({ [v2TokenRoute]: () => 'hang' }, { timeoutMs: 200, maxRetries: 0 });
  await expect(client.getUserStatus(ann)).rejects.toMatchObject({ name: 'OpenbranchNetworkError', reason: 'timeout' });
});

test('the caller ends a call by a signal: on its way, in its wait, before its start', async () => {
  const { api, client } = await start({
    [statusRoute]: () => 'hang',
    [unlockRoute]: () => ({ status: 503, headers: { 'retry-after': '20' } }),
  });
  const reason = new Error('no longer needed');
  const ending = async (call: (signal: AbortSignal) => Promise<unknown>, route: string) => {
    const controller = new AbortController();
    const running = call(controller.signal).catch((error: unknown) => error);
    await expect.poll(() => api.seenAt(route).length).toBe(1);
    controller.abort(reason);
    expect(await running).toBe(reason);
  };
  await ending((signal) => client.getUserStatus(ann, { signal }), statusRoute);
  await ending((signal) => client.unlockUser({ customerId }, { signal }), unlockRoute);
  await expect(client.getKeySet({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(api.seenAt('GET /.well-known/jwks.json')).toHaveLength(0);
});

test('a caller who gives up does not take the token from the others', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Routes[string] = async (request, count) => {
    await held;
    return v2Tokens()?.(request, count) ?? 'cut';
  };
  const { api, client } = await start({ [v2TokenRoute]: slow, [unlockRoute]: replies() });
  const controller = new AbortController();
  const given = client.unlockUser({ customerId }, { signal: controller.signal }).catch((error: unknown) => error);
  const kept = client.unlockUser({ customerId });
  await expect.poll(() => api.seenAt(v2TokenRoute).length).toBe(1);
  controller.abort();
  expect(await given).toMatchObject({ name: 'AbortError' });
  release();
  await kept;
  expect(api.seenAt(v2TokenRoute)).toHaveLength(1);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
