import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import {
  basicAuthorization,
  getUserStatus,
  introspectToken,
  requestToken,
  requestTokenV1,
  revokeToken,
} from '@openbranch/testkit/token-calls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let keys: ApplicationKeys;
let shortLived: ApplicationKeys;
let onlyClientCredentials: ApplicationKeys;
let onlyPassword: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing);
      shortLived = await insertApplication(sql, keyRing, {
        institution_ids: ['00077'],
        access_ttl_v1_s: 120,
        refresh_ttl_s: 600,
      });
      onlyClientCredentials = await insertApplication(sql, keyRing, { grants_v1: ['client_credentials'] });
      onlyPassword = await insertApplication(sql, keyRing, { grants_v1: ['password'] });
    },
  });
});

afterAll(() => app.close());

const clientCredentials = { grant_type: 'client_credentials' };

function customer(state: string, userType = 'RETAIL', institution = 0) {
  const found = app.sandbox.institutions[institution]?.customers.find((one) => one.state === state && one.userType === userType);
  if (found === undefined) throw new Error(`The seed has no ${userType} customer who is ${state}.`);
  return found;
}

function passwordOf(one: { loginId: string; password: string }) {
  return { grant_type: 'password', username: one.loginId, password: one.password };
}

/** The text of an element, by its tag without prefix, as old clients look for it. */
function element(xml: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`, 'u').exec(xml)?.[1];
}

/** Exactly the published document, its attributes and the order of its elements. */
function refusal(code: string, message: string, type = 'USER_ERROR'): string {
  const escaped = message.replaceAll("'", '&apos;');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>${escaped}</statusMessage>
    <errorInfo>
        <errorType>${type}</errorType>
        <errorCode>${code}</errorCode>
        <errorMessage>${escaped}</errorMessage>
    </errorInfo>
</Status>
`;
}

async function expectRefusal(answer: ReturnType<typeof requestTokenV1>, status: number, code: string, message: string) {
  const { statusCode, headers, body } = await answer;
  expect([statusCode, body]).toEqual([status, refusal(code, message)]);
  expect(headers['content-type']).toBe('application/xml; charset=utf-8');
}

describe('a good call', () => {
  test('with client_credentials answers the XML of the contract, element by element', async () => {
    const answer = await requestTokenV1(app.http, keys, clientCredentials);
    expect(answer.statusCode).toBe(200);
    expect(answer.body.replace(/[\w-]+\.[\w-]+\.[\w-]+/u, 'JWT')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<token>
    <di_fiid>00042</di_fiid>
    <access_token>JWT</access_token>
    <expires_in>1799</expires_in>
</token>
`);
  });

  test('with password answers member, pair and lives in the order of the contract', async () => {
    const user = customer('active');
    const answer = await requestTokenV1(app.http, keys, passwordOf(user));
    expect(
      answer.body.replace(/[\w-]+\.[\w-]+\.[\w-]+/u, 'JWT').replace(/[0-9A-Za-z]{32}(?=<\/refresh_token>)/u, 'REFRESH'),
    ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<token>
    <di_fiid>00042</di_fiid>
    <di_ficustomer>${user.customerId}</di_ficustomer>
    <di_member_number>${user.memberNumber}</di_member_number>
    <access_token>JWT</access_token>
    <expires_in>1799</expires_in>
    <refresh_token>REFRESH</refresh_token>
    <refresh_token_expires_in>15551999</refresh_token_expires_in>
</token>
`);
    const claims = decodeJwt(element(answer.body, 'access_token') ?? '');
    expect(claims).toMatchObject({ edition: 'v1', scope: '', customer_id: user.customerId, institution_id: '00042' });
  });

  test.each([
    '/v1/oauth/token',
    '/digitalbanking/v1/oauth/token',
    '/digitalbanking/stage/v1/oauth/token',
    '/digitalbanking/sandbox/v1/oauth/token/',
  ])('and a bad one are answered alike at %s', async (url) => {
    const good = await requestTokenV1(app.http, keys, clientCredentials, { url });
    expect([good.statusCode, element(good.body, 'expires_in')]).toEqual([200, '1799']);
    await expectRefusal(requestTokenV1(app.http, keys, {}, { url }), 400, '90002', "Form param 'grant_type' invalid");
  });

  test('echoes di_tid, forbids caches, and answers XML whatever Accept says; so does a refusal', async () => {
    const di_tid = randomUUID();
    const headers = { di_tid, accept: 'application/json' };
    for (const form of [clientCredentials, {}]) {
      const answer = await requestTokenV1(app.http, keys, form, { headers });
      expect(answer.headers).toMatchObject({ di_tid, 'content-type': 'application/xml; charset=utf-8' });
      if (answer.statusCode === 200) expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  test('takes its headers in any case', async () => {
    const headers = { di_tid: undefined, di_fiid: undefined, DI_TID: randomUUID(), Di_Fiid: '00042' };
    expect((await requestTokenV1(app.http, keys, clientCredentials, { headers })).statusCode).toBe(200);
  });

  test('gives tokens of the life registered for the application', async () => {
    const headers = { di_fiid: '00077' };
    const answer = await requestTokenV1(app.http, shortLived, passwordOf(customer('active', 'RETAIL', 1)), { headers });
    expect([element(answer.body, 'expires_in'), element(answer.body, 'refresh_token_expires_in')]).toEqual(['119', '599']);
    const token = element(answer.body, 'access_token') ?? '';
    expect((await introspectToken(app.http, shortLived, token)).json()).toMatchObject({ active: true });
    await advanceClock(app, '00077', 120);
    expect((await introspectToken(app.http, shortLived, token)).json()).toEqual({ active: false });
  });
});

describe('the lists of V1 and V2 are apart', () => {
  test('a V1 token opens no V2 operation: 401 ISR_11002', async () => {
    for (const form of [clientCredentials, passwordOf(customer('active'))]) {
      const token = element((await requestTokenV1(app.http, keys, form)).body, 'access_token') ?? '';
      const answer = await getUserStatus(app.http, token, customer('active').institutionUserId);
      expect([answer.statusCode, answer.json()]).toEqual([401, { code: 'ISR_11002', message: expect.any(String) }]);
    }
  });

  test('the V1 refresh token has no use anywhere', async () => {
    const user = passwordOf(customer('active'));
    const token = element((await requestTokenV1(app.http, keys, user)).body, 'refresh_token') ?? '';
    expect(token).toMatch(/^[0-9A-Za-z]{32}$/u);
    const form = { grant_type: 'refresh_token', refresh_token: token };
    expect((await requestToken(app.http, keys, form)).json()).toMatchObject({ code: 'CMN_90016' });
    await expectRefusal(requestTokenV1(app.http, keys, form), 400, '90002', "Form param 'grant_type' invalid");
    expect((await revokeToken(app.http, keys, token)).json()).toMatchObject({ code: 'CMN_90016' });
    expect((await introspectToken(app.http, keys, token)).json()).toEqual({ active: false });
    expect((await getUserStatus(app.http, token)).statusCode).toBe(401);
  });
});

describe('400 90002', () => {
  test.each([undefined, '', 'Password', 'refresh_token', 'authorization_code'])(
    "Form param 'grant_type' invalid: %j",
    async (grant) => {
      const form = grant === undefined ? {} : { grant_type: grant };
      await expectRefusal(requestTokenV1(app.http, keys, form), 400, '90002', "Form param 'grant_type' invalid");
    },
  );

  test.each([{}, { username: '' }, { username: '  ' }, { username: 'x'.repeat(257) }, { username: 'ren\u00e9' }])(
    "Form param 'username' invalid: %j",
    async (form) => {
      const answer = requestTokenV1(app.http, keys, { grant_type: 'password', password: 'x', ...form });
      await expectRefusal(answer, 400, '90002', "Form param 'username' invalid");
    },
  );

  test.each([{}, { password: '' }, { password: '  ' }, { password: 'x'.repeat(257) }])(
    "Form param 'password' invalid: %j",
    async (form) => {
      const answer = requestTokenV1(app.http, keys, { grant_type: 'password', username: 'avery.stone', ...form });
      await expectRefusal(answer, 400, '90002', "Form param 'password' invalid");
    },
  );

  test.each([undefined, '', '42', '000042', 'abcde', ['00042', '00042']])("Header 'di_fiid' invalid: %j", async (di_fiid) => {
    const answer = requestTokenV1(app.http, keys, clientCredentials, { headers: { di_fiid } });
    await expectRefusal(answer, 400, '90002', "Header 'di_fiid' invalid");
  });

  test.each([undefined, '', 'abc', [randomUUID(), randomUUID()]])("Header 'di_tid' invalid: %j", async (di_tid) => {
    const answer = requestTokenV1(app.http, keys, clientCredentials, { headers: { di_tid } });
    await expectRefusal(answer, 400, '90002', "Header 'di_tid' invalid");
  });

  test("Header 'originating_ip' invalid", async () => {
    const call = (originating_ip: string) => requestTokenV1(app.http, keys, clientCredentials, { headers: { originating_ip } });
    expect((await call('2001:db8::9')).statusCode).toBe(200);
    await expectRefusal(call('here'), 400, '90002', "Header 'originating_ip' invalid");
  });

  test.each([
    ['Content-Type that is missing', { 'content-type': undefined }],
    ['Content-Type that is no form', { 'content-type': 'application/xml' }],
    ['user-agent that is empty', { 'user-agent': '' }],
    ['headers longer than 8 KiB', { 'x-padding': 'x'.repeat(8193) }],
    ['a header outside ASCII', { offering_id: 'caf\u00e9' }],
  ])('Header invalid: %s', async (_what, headers) => {
    const answer = requestTokenV1(app.http, keys, 'grant_type=client_credentials', { headers });
    await expectRefusal(answer, 400, '90002', 'Header invalid');
  });

  test('Header invalid: user-agent that is not sent at all', async () => {
    const url = new URL('/v1/oauth/token', await app.http.listen({ host: '127.0.0.1', port: 0 }));
    const headers = {
      authorization: basicAuthorization(keys),
      di_tid: randomUUID(),
      di_fiid: '00042',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const body = await new Promise<string>((resolve, reject) => {
      request(url, { method: 'POST', headers }, (answer) => void text(answer).then(resolve, reject))
        .on('error', reject)
        .end('grant_type=client_credentials');
    });
    expect(body).toBe(refusal('90002', 'Header invalid'));
  });

  test('Request invalid: a repeated field, a body that cannot be read', async () => {
    for (const body of ['grant_type=client_credentials&grant_type=password', 'grant_type=client_credentials&x=%zz']) {
      await expectRefusal(requestTokenV1(app.http, keys, body), 400, '90002', 'Request invalid');
    }
  });
});

describe('401 90001', () => {
  test.each(['00077', '00099'])('di_fiid not authorized: %s', async (di_fiid) => {
    const answer = requestTokenV1(app.http, keys, clientCredentials, { headers: { di_fiid } });
    await expectRefusal(answer, 401, '90001', 'di_fiid not authorized');
  });

  test('login credentials are not valid: unknown, wrong, locked, on hold, reset or business, all in the same words and headers', async () => {
    const di_tid = randomUUID();
    const refused = [
      { ...passwordOf(customer('active')), password: 'wrong' },
      { grant_type: 'password', username: 'nobody.at.all', password: 'wrong' },
      passwordOf(customer('locked')),
      passwordOf(customer('onHold')),
      passwordOf(customer('reset')),
      passwordOf(customer('active', 'BUSINESS')),
    ];
    const seen = new Set<string>();
    for (const form of refused) {
      const answer = await requestTokenV1(app.http, keys, form, { headers: { di_tid } });
      await expectRefusal(Promise.resolve(answer), 401, '90001', 'login credentials are not valid');
      const { date: _date, ...headers } = answer.headers;
      seen.add(JSON.stringify(headers));
    }
    expect(seen.size).toBe(1);
  });

  test('login credentials are not valid: a correct password of a business user counts no failure, a wrong one does', async () => {
    const user = customer('active', 'BUSINESS');
    const failures = async () => {
      const [row] = await app.database.sql<{ failed_login_count: number }[]>`
        select failed_login_count from credentials
        where institution_id = '00042' and institution_user_id = ${user.institutionUserId}`;
      return row?.failed_login_count;
    };
    await requestTokenV1(app.http, keys, passwordOf(user));
    expect(await failures()).toBe(0);
    await requestTokenV1(app.http, keys, { ...passwordOf(user), password: 'wrong' });
    expect(await failures()).toBe(1);
  });
});

test('413 90002 Request too large: a body of more than 1 MiB', async () => {
  const body = `grant_type=client_credentials&x=${'y'.repeat(1_048_576)}`;
  await expectRefusal(requestTokenV1(app.http, keys, body), 413, '90002', 'Request too large');
});

test('403 90001 app does not support client credentials: a grant that is not registered for the application', async () => {
  const message = 'app does not support client credentials';
  await expectRefusal(requestTokenV1(app.http, onlyPassword, clientCredentials), 403, '90001', message);
  const form = passwordOf(customer('active'));
  await expectRefusal(requestTokenV1(app.http, onlyClientCredentials, form), 403, '90001', message);
});

test('403 90002 Client not authorized for this URL: an unknown path below this product', async () => {
  const answer = requestTokenV1(app.http, keys, clientCredentials, { url: '/v1/oauth/tokens' });
  await expectRefusal(answer, 403, '90002', 'Client not authorized for this URL');
});

describe('of two faults the earlier check answers', () => {
  const noTrace = { di_tid: undefined };
  const noKeys = { authorization: undefined };
  const noForm = { 'content-type': 'text/plain' };

  test.each([
    ['header size before trace', { 'x-padding': 'x'.repeat(8193), ...noTrace }, {}, 'Header invalid'],
    ['trace before keys', { ...noTrace, ...noKeys }, {}, "Header 'di_tid' invalid"],
    ['keys before Content-Type', { ...noKeys, ...noForm }, {}, 'login credentials are not valid'],
    ['Content-Type before grant', noForm, {}, 'Header invalid'],
    ['grant before institution', { di_fiid: 'x' }, {}, "Form param 'grant_type' invalid"],
    ['institution before fields', { di_fiid: '00077' }, { grant_type: 'password' }, 'di_fiid not authorized'],
    ['name before password', {}, { grant_type: 'password' }, "Form param 'username' invalid"],
  ])('%s', async (_what, headers, form, message) => {
    const answer = await requestTokenV1(app.http, keys, form, { headers });
    expect(element(answer.body, 'errorMessage')?.replaceAll('&apos;', "'")).toBe(message);
  });
});

describe('switches', () => {
  test('token.v1.refresh_out leaves the refresh token out (CR-08)', async () => {
    await withSwitch(app, '00042', 'token.v1.refresh_out', [false, true], async () => {
      const { body } = await requestTokenV1(app.http, keys, passwordOf(customer('active')));
      expect(element(body, 'access_token')).toBeDefined();
      expect(body).not.toContain('refresh_token');
    });
  });

  test('v1.user_agent asks for its form, or for none at all (CR-09)', async () => {
    const status = async (agent: string) =>
      (await requestTokenV1(app.http, keys, clientCredentials, { headers: { 'user-agent': agent } })).statusCode;
    expect([await status('anything'), await status('')]).toEqual([200, 400]);
    await withSwitch(app, '00042', 'v1.user_agent', ['format', 'present'], async () => {
      expect([await status('App/1.0/Phone;Android'), await status('anything')]).toEqual([200, 400]);
    });
    await withSwitch(app, '00042', 'v1.user_agent', ['off', 'present'], async () => {
      expect(await status('')).toBe(200);
    });
  });
});
