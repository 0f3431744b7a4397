import { afterEach, expect, test } from 'vitest';
import { createClient, isOpenbranchError, OpenbranchError } from '../src/client.ts';
import { type FakeApi, type Routes, startFakeApi, v1TokenRoute, v2TokenRoute, v2Tokens } from './fake-api.ts';

const customerId = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const unlockRoute = `PUT /v1/customers/${customerId}:unlock-user`;
const secrets = ['the-client-secret', 'the-password', 'the-sandbox-key', 'token-1'];

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(routes: Routes) {
  api = await startFakeApi({ [v2TokenRoute]: v2Tokens(), ...routes });
  return createClient({
    baseUrl: api.baseUrl,
    institutionId: '00042',
    clientId: 'key',
    clientSecret: 'the-client-secret',
    sandboxKey: 'the-sandbox-key',
    maxRetries: 0,
  });
}

const caught = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

const statusDocument = `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>Form param 'grant_type' invalid</statusMessage>
    <errorInfo>
        <errorType>USER_ERROR</errorType>
        <errorCode>90002</errorCode>
        <errorMessage>Form param &apos;grant_type&apos; invalid</errorMessage>
    </errorInfo>
</Status>`;

test('code, message and status come from each of the four envelopes', async () => {
  const client = await start({
    'GET /v1/user-status/ann': () => ({ status: 404, body: { code: 'ISR_10001', message: 'no such user' } }),
    [unlockRoute]: () => ({ status: 400, body: { status: 400, message: 'user is not locked', code: 'UXU_99999' } }),
    [v1TokenRoute]: () => ({ status: 400, body: statusDocument }),
    'GET /.well-known/jwks.json': () => ({
      status: 403,
      body: '<ErrorResponse><code>090002</code><message>Client &amp; URL</message></ErrorResponse>',
    }),
  });
  const errors = await Promise.all([
    caught(client.getUserStatus({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' })),
    caught(client.unlockUser({ customerId })),
    caught(client.requestTokenV1()),
    caught(client.getKeySet()),
  ]);
  expect(errors).toMatchObject([
    { status: 404, code: 'ISR_10001', message: 'no such user', errorName: 'userNotFound' },
    { status: 400, code: 'UXU_99999', message: 'user is not locked', errorName: 'userNotLocked' },
    { status: 400, code: '90002', message: "Form param 'grant_type' invalid", errorName: 'grantTypeInvalid' },
    { status: 403, code: '090002', message: 'Client & URL', errorName: undefined },
  ]);
});

test('rows that share status and code are told apart by the message, else by what the operation declares', async () => {
  const client = await start({
    [unlockRoute]: (_, count) => ({
      status: 400,
      body: { status: 400, message: count === 1 ? 'the request cannot be handled' : 'other words', code: 'UXU_99999' },
    }),
  });
  expect(await caught(client.unlockUser({ customerId }))).toMatchObject({ errorName: 'requestInvalid' });
  expect(await caught(client.unlockUser({ customerId }))).toMatchObject({ errorName: 'userNotLocked' });
});

test('a code that a switch of the institution brings still has its name', async () => {
  const client = await start({
    [unlockRoute]: () => ({ status: 404, body: { status: 404, message: 'no such customer', code: 'UXU_10000' } }),
  });
  expect(await caught(client.unlockUser({ customerId }))).toMatchObject({ errorName: 'customerNotFound' });
});

test('an error narrows to its operation and its name', async () => {
  const client = await start({
    [unlockRoute]: () => ({ status: 400, body: { status: 400, message: 'user is not locked', code: 'UXU_99999' } }),
  });
  const error = await caught(client.unlockUser({ customerId }, { traceId: '0f8fad5b-d9cb-469f-a165-70867728950e' }));
  expect(isOpenbranchError(error)).toBe(true);
  expect(isOpenbranchError(error, 'unlockUser')).toBe(true);
  expect(isOpenbranchError(error, 'unlockUser', 'userNotLocked')).toBe(true);
  expect(isOpenbranchError(error, 'unlockUser', 'customerNotFound')).toBe(false);
  expect(isOpenbranchError(error, 'getCustomer')).toBe(false);
  expect(isOpenbranchError(new Error('user is not locked'))).toBe(false);
  expect(error).toMatchObject({ traceId: '0f8fad5b-d9cb-469f-a165-70867728950e' });
});

test('an answer of something in between is an error with its status', async () => {
  for (const body of [
    '<html><body>Bad Gateway</body></html>',
    'Bad Gateway',
    '',
    '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>',
    '[]',
  ]) {
    const client = await start({ [unlockRoute]: () => ({ status: 502, body }) });
    const error = await caught(client.unlockUser({ customerId }));
    expect(error).toBeInstanceOf(OpenbranchError);
    expect(error).toMatchObject({ status: 502, code: undefined, message: 'the server answered HTTP 502 without a reason' });
    await api?.close();
  }
});

test('a redirect is an error and is not followed', async () => {
  const client = await start({
    [unlockRoute]: () => ({ status: 307, headers: { location: '/elsewhere' } }),
    'PUT /elsewhere': () => ({ status: 204 }),
  });
  expect(await caught(client.unlockUser({ customerId }))).toMatchObject({ status: 307 });
});

test('a success that cannot be read is a network error, and so is a token call without a token', async () => {
  const client = await start({ 'GET /.well-known/jwks.json': () => ({ status: 200, body: '<html>' }) });
  expect(await caught(client.getKeySet())).toMatchObject({ name: 'OpenbranchNetworkError', reason: 'unreadable' });
  await api?.close();
  const other = await start({ [v2TokenRoute]: () => ({ status: 200, body: { token: 'x' } }) });
  expect(await caught(other.unlockUser({ customerId }))).toMatchObject({ reason: 'unreadable', operationId: 'requestToken' });
});

test('no error tells a secret', async () => {
  const client = await start({
    [unlockRoute]: () => 'cut',
    'GET /v1/user-status/ann': () => ({
      status: 400,
      body: { code: 'ISR_11008', message: 'a query parameter is missing or invalid' },
    }),
    'POST /sandbox/v1/institutions/00042:reset': () => 'cut',
  });
  const errors = await Promise.all([
    caught(client.unlockUser({ customerId })),
    caught(client.getUserStatus({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' })),
    caught(client.resetInstitution({ institutionId: '00042' })),
    caught(
      client.requestToken(
        { form: { grant_type: 'password', username: 'ann', password: 'the-password' } },
        { headers: { 'x-a': 'the-password\n' } },
      ),
    ),
  ]);
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error);
    const text = error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : '';
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
});
