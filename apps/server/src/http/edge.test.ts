import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { operations } from '@openbranch/contract/operations';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { basicAuthorization } from '@openbranch/testkit/token-calls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let port: number;
const id = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const mib = 1_048_576;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  await app.http.listen({ port: 0, host: '127.0.0.1' });
  const address = app.http.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => app.close());

describe('a path that is no operation', () => {
  test.each([
    '/nowhere',
    '/v1',
    '/v1/customers',
    '/v1/account',
    '/db-accounts/v1/transfers',
    '/V1/token',
    '/v1%2Ftoken',
    '/v1//token',
  ])('%s answers 404 CMN_90011 in E1', async (url) => {
    const answer = await api.call('GET', url);
    expect([answer.statusCode, answer.body]).toEqual([404, '{"code":"CMN_90011","message":"no operation has this path"}']);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test.each([
    '/ux-users/x',
    '/ux-users/v1/nowhere',
    `/v1/customers/${id}/nowhere`,
    `/customers/${id}`,
    `/customers/${id}:reset-password`,
  ])('%s lies below a product of customers and answers 400 UXU_10013 in E2', async (url) => {
    for (const method of ['GET', 'PUT', 'POST'] as const) {
      const answer = await api.call(method, url);
      expect(answer.body).toBe('{"status":400,"message":"no operation has this path","code":"UXU_10013"}');
      expect(answer.statusCode).toBe(400);
    }
  });

  test.each([
    '/registration/v4/fis/00042/nowhere',
    '/v4/fis/00042/nowhere',
    '/bankingservices/v2/fis/00042/nowhere/1',
    '/v2/fis/00042/fiCustomers/1/nowhere',
    '/digitalbanking/v1/oauth/nowhere',
  ])('%s lies below a V1 product and answers 403 90002 in the Status document', async (url) => {
    const answer = await api.call('POST', url);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.body).toMatch(/^<\?xml .*\?>\n<Status xmlns="http:\/\/schema\.intuit\.com\/fs\/common\/v2" /u);
    expect(answer.body).toContain('<errorType>USER_ERROR</errorType>\n        <errorCode>90002</errorCode>');
  });

  test.each([
    '/messagingservices/v1/fis/00042/fiCustomers/1/unknown',
    '/subscriptions/v1/fis/00042/unknown',
    '/destinations/v2/fis/00042/products/1',
    '/digitalbanking/stage/v1/fis/00042/unknown',
  ])('%s lies below a V1 messaging product and answers 403 90002 in ErrorResponse', async (url) => {
    const answer = await api.call('GET', url);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.body).toContain('<ErrorResponse><code>90002</code><message>');
  });

  test.each([
    ['application/json', '{broken'],
    ['application/xml', '<a/>'],
    ['application/x-www-form-urlencoded', 'a=1'],
    [';;;', 'x'],
    [undefined, 'x'],
    ['application/json', Buffer.alloc(mib + 1, 'x')],
  ])('answers the same whatever body comes with it (%s)', async (type, payload) => {
    const headers = { 'content-type': type };
    expect(await refusalOf(api.call('POST', '/nowhere', { headers, payload }))).toEqual([404, 'CMN_90011']);
    expect(await refusalOf(api.call('POST', '/v4/fis/00042/nowhere', { headers, payload }))).toEqual([403, '90002']);
    expect(await refusalOf(api.call('PUT', `/v1/customers/${id}/nowhere`, { headers, payload }))).toEqual([400, 'UXU_10013']);
    expect(await refusalOf(api.call('POST', `/v1/user-status/${id}`, { headers, payload }))).toEqual([405, 'CMN_90011']);
  });
});

describe('a path that does not take the method', () => {
  test.each([
    ['PUT', '/oauth2/v1/token', 'POST'],
    ['GET', '/v1/oauth/token', 'POST'],
    ['GET', '/oauth2/v1/revoke', 'DELETE, POST'],
    ['POST', `/v1/customers/${id}`, 'GET'],
    ['GET', `/v1/customers/${id}:unlock-user`, 'PUT'],
    ['POST', `/digitalbanking/ux-users/v1/customers/${id}:unlockUser`, 'PUT'],
    ['DELETE', `/v1/user-status/${id}`, 'GET'],
    ['DELETE', '/sandbox/v1/institutions/00042/clock', 'GET, PUT'],
  ] as const)('%s %s answers 405 and says in Allow: %s', async (method, url, allow) => {
    const answer = await api.call(method, url);
    expect([answer.statusCode, answer.body]).toEqual([
      405,
      '{"code":"CMN_90011","message":"this path does not take this method"}',
    ]);
    expect(answer.headers.allow).toBe(allow);
  });
});

describe('whatever URL comes in', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '%2F', ':', '%3A', '@', '%40', '%2540', '%', '%zz', '%ff', '%00', '?', '..', '//', '\\', ';', '*'),
    fc.constantFrom(
      'digitalbanking',
      'stage',
      'v1',
      'customers',
      'ux-users',
      'fis',
      'sandbox',
      id,
      'unlock-user',
      '@unlock-user',
    ),
    fc.string({ maxLength: 5 }),
  );
  test('the answer is one of ours, and never an unexpected error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`),
        fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
        async (url, method) => {
          const sent = url.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
          const answer = await app.http.inject({ method, url: { pathname: sent.split('?')[0] ?? '/', query: 'x=1' } });
          const isOurs =
            /"code":"(?:CMN|UXU|SBX|ISR)_|<errorCode>|<ErrorResponse>/u.test(answer.body) || answer.statusCode === 200;
          expect(isOurs, `${method} ${sent}: ${answer.statusCode} ${answer.body}`).toBe(true);
          expect(answer.statusCode).not.toBe(500);
          expect(answer.body).not.toContain('FST_ERR');
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([`/v1/customers/${id}/@unlock-user`, `/v1/customers/${id}/%40unlock-user`, `/v1/customers/${id}%zz/@unlock-user`])(
    'nobody reaches an action but by its colon: %s',
    async (url) => {
      const token = await api.partnerToken();
      expect(await refusalOf(api.withToken(token, 'PUT', url))).toEqual([400, 'UXU_10013']);
    },
  );
});

describe('a body beyond 1 MiB', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const payload = Buffer.alloc(mib + 1, 'a');
  test('of a V2 token call answers 413 CMN_90011', async () => {
    const headers = { ...form, authorization: basicAuthorization(api.application('mobile')), transactionId: randomUUID() };
    expect(await refusalOf(api.call('POST', '/oauth2/v1/token', { headers, payload }))).toEqual([413, 'CMN_90011']);
  });
  test('of a V1 token call answers 413 90002', async () => {
    const headers = { ...form, authorization: basicAuthorization(api.application('legacy')), di_tid: randomUUID() };
    expect(await refusalOf(api.call('POST', '/v1/oauth/token', { headers, payload }))).toEqual([413, '90002']);
  });
  test('of the control of the sandbox answers 413 SBX_10005', async () => {
    const headers = { 'content-type': 'application/json', 'x-sandbox-key': app.sandbox.sandboxKey };
    const url = '/sandbox/v1/institutions/00042/clock';
    expect(await refusalOf(api.call('PUT', url, { headers, payload }))).toEqual([413, 'SBX_10005']);
  });
  test('but not a byte less is read and looked at', async () => {
    const headers = { 'content-type': 'application/json', 'x-sandbox-key': app.sandbox.sandboxKey };
    const exact = `{"seconds":0,"filler":"${'x'.repeat(mib - 25)}"}`;
    expect(Buffer.byteLength(exact)).toBe(mib);
    expect((await api.call('POST', '/sandbox/v1/institutions/00042/clock:advance', { headers, payload: exact })).statusCode).toBe(
      200,
    );
  });
});

describe('a JSON body', () => {
  const advance = (payload: string, type = 'application/json') =>
    api.call('POST', '/sandbox/v1/institutions/00042/clock:advance', {
      headers: { 'content-type': type, 'x-sandbox-key': app.sandbox.sandboxKey },
      payload,
    });
  test.each([
    '{"seconds":0,"unknown":{"deep":[1]}}',
    '{"seconds":0,"unknown":null}',
    ' {"seconds" : 0}\n',
    '{"seconds":0,"constructor":{"prototype":{}}}',
  ])('is taken: %s', async (payload) => expect((await advance(payload)).statusCode).toBe(200));
  test.each([
    ['is broken', '{"seconds":'],
    ['is empty', ''],
    ['is null', 'null'],
    ['is a list', '[]'],
    ['is a text', '"seconds"'],
    ['lacks what is needed', '{}'],
    ['has null where something is needed', '{"seconds":null}'],
    ['has the wrong type', '{"seconds":"0"}'],
    ['is out of range', '{"seconds":-1}'],
    ['has __proto__', '{"seconds":0,"__proto__":{"isAdmin":true}}'],
    ['has __proto__ inside', '{"seconds":0,"a":[{"__proto__":1}]}'],
    ['has __proto__ in disguise', '{"seconds":0,"\\u005f_proto__":{}}'],
    ['is nested without end', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['is nested without end in objects', `{"seconds":0,"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
  ])('that %s answers 400 SBX_10002', async (_what, payload) =>
    expect(await refusalOf(advance(payload))).toEqual([400, 'SBX_10002']),
  );
  test.each(['text/plain', 'application/xml', ';;;', 'application/json-patch+json'])(
    'of type %s answers 400 SBX_10002',
    async (type) => expect(await refusalOf(advance('{"seconds":0}', type))).toEqual([400, 'SBX_10002']),
  );
  test('may name its character set', async () =>
    expect((await advance('{"seconds":0}', 'application/json; charset=utf-8')).statusCode).toBe(200));
});

describe('on the wire', () => {
  /** Sends bytes and reads until the server closes. */
  const exchange = (request: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (answer += chunk));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);

  test('headers beyond what is ever read answer 400 CMN_90010 in E1, and the connection ends', async () => {
    const answer = await exchange(`GET /v1/token HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/json; charset=utf-8\r\n/u);
    expect(JSON.parse(bodyOf(answer))).toEqual({ code: 'CMN_90010', message: 'the headers are too long' });
  });

  test('a path beyond what is ever read as well', async () => {
    const answer = await exchange(`GET /v1/${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(JSON.parse(bodyOf(answer))).toMatchObject({ code: 'CMN_90010' });
  });

  test.each([
    'NONSENSE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /x y HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n',
  ])('what is no request answers 400 CMN_90011 in E1: %j', async (request) => {
    const answer = await exchange(request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(JSON.parse(bodyOf(answer))).toEqual({ code: 'CMN_90011', message: 'the request cannot be read' });
  });

  test.each([
    'OPTIONS * HTTP/1.1',
    'GET http://x/nowhere HTTP/1.1',
    'QUERY /nowhere HTTP/1.1',
    'TRACE /nowhere HTTP/1.1',
    'PROPFIND /nowhere HTTP/1.1',
  ])('an unusual request line is an unknown route: %s', async (line) => {
    const answer = await exchange(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /u);
    expect(JSON.parse(bodyOf(answer))).toMatchObject({ code: 'CMN_90011' });
  });

  test('whoever sends slowly or holds a connection is cut off in the end', () => {
    const { requestTimeout, headersTimeout, keepAliveTimeout, timeout } = app.http.server;
    expect({ requestTimeout, headersTimeout, keepAliveTimeout, timeout }).toEqual({
      requestTimeout: 30_000,
      headersTimeout: 15_000,
      keepAliveTimeout: 65_000,
      timeout: 60_000,
    });
  });
});

test('an unexpected error shows a reference number and nothing of what happened', async () => {
  const token = await api.partnerToken();
  const { sql } = app.database;
  await sql`alter table credentials rename to credentials_away`;
  const answers = await Promise.all([
    api.withToken(token, 'GET', `/v1/customers/${id}`),
    api.withToken(token, 'GET', `/v1/user-status/${id}?userIdType=INSTITUTION_USER_ID`),
    api.signIn('somebody.else', 'password-1'),
    api.signInV1('somebody.else', 'password-1'),
  ]);
  await sql`alter table credentials_away rename to credentials`;
  expect(await Promise.all(answers.map((answer) => refusalOf(Promise.resolve(answer))))).toEqual([
    [500, 'UXU_99998'],
    [500, 'ISR_99999'],
    [500, 'CMN_90000'],
    [500, '90003'],
  ]);
  for (const { body } of answers) {
    expect(body).toMatch(/reference [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/u);
    expect(body).not.toMatch(/credentials|relation|postgres| at /iu);
  }
});

test('every operation answers a call without any header with a refusal of its family, or openly', async () => {
  for (const { method, path, family } of Object.values(operations)) {
    const answer = await api.call(method, path.replace(/\{[^}]+\}/gu, '00042'));
    const codes = Object.values(family.errors).map(({ code }) => code);
    if (family.authentication === 'none') expect(answer.statusCode).toBe(200);
    else expect(codes).toContain((await refusalOf(Promise.resolve(answer)))[1]);
  }
});
