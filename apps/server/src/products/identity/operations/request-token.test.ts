import { randomUUID } from 'node:crypto';
import { advanceClock, setSwitch, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { getUserStatus, requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
/** May do everything, in both institutions. */
let keys: ApplicationKeys;
let shortLived: ApplicationKeys;
let narrow: ApplicationKeys;
let scopeless: ApplicationKeys;
let onlyClientCredentials: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      const both = ['00042', '00077'];
      keys = await insertApplication(sql, keyRing, { institution_ids: [...both, '00088'] });
      shortLived = await insertApplication(sql, keyRing, { institution_ids: both, access_ttl_v2_s: 60, refresh_ttl_s: 600 });
      narrow = await insertApplication(sql, keyRing, { allowed_scopes: ['accounts:read', 'disclosures:read'] });
      scopeless = await insertApplication(sql, keyRing, { allowed_scopes: [] });
      onlyClientCredentials = await insertApplication(sql, keyRing, { grants_v2: ['client_credentials'] });
      await sql`insert into institutions (institution_id, name, is_active) values ('00088', 'Closed Bank', false)`;
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

async function expectRefusal(answer: ReturnType<typeof requestToken>, status: number, code: string): Promise<void> {
  const { statusCode, headers, body } = await answer;
  const parsed: { code: string; message: string } = JSON.parse(body);
  expect([statusCode, parsed.code]).toEqual([status, code]);
  expect(Object.keys(parsed)).toEqual(['code', 'message']);
  expect(parsed.message).toMatch(/^[\x20-\x7e]{5,}$/u);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
}

describe('a good call', () => {
  test('with client_credentials answers a bearer token without user and refresh token', async () => {
    const answer = await requestToken(app.http, keys, clientCredentials);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ access_token: expect.any(String), expires_in: '1799', token_type: 'Bearer' });
    const { access_token: token } = answer.json<{ access_token: string }>();
    const claims = decodeJwt(token);
    expect(Object.keys(claims).sort()).toEqual(
      ['aud', 'client_id', 'edition', 'exp', 'iat', 'institution_id', 'iss', 'jti', 'scope', 'sub'].sort(),
    );
    expect(claims).toMatchObject({
      iss: 'http://openbranch.test',
      aud: 'http://openbranch.test',
      sub: keys.clientId,
      client_id: keys.clientId,
      institution_id: '00042',
      scope: 'institution-users:read institution-users:write',
      edition: 'v2',
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(1800);
  });

  test('with password answers a pair and the member, and the token names the user', async () => {
    const user = customer('active');
    const answer = await requestToken(app.http, keys, passwordOf(user));
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      expires_in: '1799',
      refresh_token: expect.stringMatching(/^[0-9A-Za-z]{32}$/u),
      refresh_token_expires_in: '15551999',
      token_type: 'Bearer',
      di_ficustomer: user.customerId,
      di_member_number: user.memberNumber,
    });
    expect(decodeJwt(answer.json<{ access_token: string }>().access_token)).toMatchObject({
      sub: user.customerId,
      customer_id: user.customerId,
      institution_user_id: user.institutionUserId,
      member_number: user.memberNumber,
    });
  });

  test('of a business user leaves the member out', async () => {
    const answer = await requestToken(app.http, keys, passwordOf(customer('active', 'BUSINESS')));
    expect(Object.keys(answer.json<object>()).sort()).toEqual(
      ['access_token', 'expires_in', 'refresh_token', 'refresh_token_expires_in', 'token_type'].sort(),
    );
  });

  test('takes the login name in any case', async () => {
    const user = customer('active');
    const answer = await requestToken(app.http, keys, { ...passwordOf(user), username: user.loginId.toUpperCase() });
    expect(answer.statusCode).toBe(200);
  });

  test('echoes transactionId as it came, and forbids every cache', async () => {
    const transactionId = randomUUID().toUpperCase();
    const { headers } = await requestToken(app.http, keys, clientCredentials, { headers: { transactionId } });
    expect(headers).toMatchObject({
      transactionid: transactionId,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  test('that is refused echoes transactionId too, before and after the keys were checked', async () => {
    const transactionId = randomUUID();
    const bad = { clientId: keys.clientId, clientSecret: 'wrong' };
    for (const [who, form] of [
      [bad, clientCredentials],
      [keys, {}],
    ] as const) {
      const { headers } = await requestToken(app.http, who, form, { headers: { transactionId } });
      expect(headers['transactionid']).toBe(transactionId);
    }
  });

  test.each([
    '/oauth2/v1/token',
    '/v1/token',
    '/digitalbanking/oauth2/v1/token',
    '/digitalbanking/v1/token',
    '/digitalbanking/stage/oauth2/v1/token',
    '/digitalbanking/stage/v1/token',
    '/digitalbanking/sandbox/v1/token',
    '/v1/token/',
    '/oauth2/v1/%74oken',
  ])('and a bad one are answered alike at %s', async (url) => {
    const good = await requestToken(app.http, keys, clientCredentials, { url });
    expect([good.statusCode, good.json()]).toEqual([
      200,
      { access_token: expect.any(String), expires_in: '1799', token_type: 'Bearer' },
    ]);
    await expectRefusal(requestToken(app.http, keys, {}, { url }), 400, 'CMN_90007');
  });

  test('is no other one at a path that only looks similar', async () => {
    for (const url of ['/auth/v1/token', '/stage/v1/token', '/oauth2/v2/token', '/oauth2/V1/token']) {
      const answer = await requestToken(app.http, keys, clientCredentials, { url });
      expect([url, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([url, 404, 'CMN_90011']);
    }
    const wrongVerb = await requestToken(app.http, keys, clientCredentials, { method: 'PUT' });
    expect([wrongVerb.statusCode, wrongVerb.headers['allow']]).toEqual([405, 'POST']);
  });

  test('leaves a trace of a password grant in the activity log, without the password', async () => {
    const user = customer('active');
    const transactionId = randomUUID();
    await requestToken(app.http, keys, passwordOf(user), { headers: { transactionId } });
    const rows = await app.database.sql<{ kind: string; client_id: string; institution_user_id: string }[]>`
      select kind, client_id, institution_user_id from activities
      where institution_id = '00042' and trace_id = ${transactionId} order by activity_id`;
    const by = { client_id: keys.clientId, institution_user_id: user.institutionUserId };
    expect(rows).toEqual([
      { kind: 'user_signed_in', ...by },
      { kind: 'token_granted', ...by },
    ]);
  });
});

describe('headers', () => {
  test('are found in any case', async () => {
    const headers = { transactionId: undefined, institutionId: undefined, TransactionId: randomUUID(), INSTITUTIONID: '00042' };
    expect((await requestToken(app.http, keys, clientCredentials, { headers })).statusCode).toBe(200);
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['no UUID', 'abc'],
    ['a UUID without dashes', randomUUID().replaceAll('-', '')],
    ['a UUID in braces', `{${randomUUID()}}`],
    ['sent twice', [randomUUID(), randomUUID()]],
    ['sent twice with the same value', Array.from({ length: 2 }, () => 'a3bb189e-8bf9-3888-9912-ace4e6543002')],
  ])('transactionId that is %s: 400 CMN_90008', async (_what, transactionId) => {
    await expectRefusal(requestToken(app.http, keys, clientCredentials, { headers: { transactionId } }), 400, 'CMN_90008');
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of four digits', '0042'],
    ['of six digits', '000042'],
    ['no number', 'abcde'],
    ['unknown', '00099'],
    ['not active', '00088'],
    ['sent twice', ['00042', '00042']],
  ])('institutionId that is %s: 400 CMN_90005, for both grants that need it', async (_what, institutionId) => {
    const call = { headers: { institutionId } };
    await expectRefusal(requestToken(app.http, keys, clientCredentials, call), 400, 'CMN_90005');
    await expectRefusal(requestToken(app.http, keys, passwordOf(customer('active')), call), 400, 'CMN_90005');
  });

  test.each([
    'application/x-www-form-urlencoded; charset=UTF-8',
    'APPLICATION/X-WWW-FORM-URLENCODED',
    'application/x-www-form-urlencoded;charset=utf-8',
  ])('Content-Type %s is a form', async (type) => {
    expect((await requestToken(app.http, keys, clientCredentials, { headers: { 'content-type': type } })).statusCode).toBe(200);
  });

  test.each([
    undefined,
    'application/json',
    'text/plain',
    'application/x-www-form-urlencodedx',
    'multipart/form-data; boundary=x',
  ])('Content-Type %s is no form: 400 CMN_90010', async (type) => {
    const answer = requestToken(app.http, keys, 'grant_type=client_credentials', { headers: { 'content-type': type } });
    await expectRefusal(answer, 400, 'CMN_90010');
  });

  test('together longer than 8 KiB: 400 CMN_90010', async () => {
    const fits = { 'x-padding': 'x'.repeat(7000) };
    expect((await requestToken(app.http, keys, clientCredentials, { headers: fits })).statusCode).toBe(200);
    const tooLong = { 'x-padding': 'x'.repeat(8193) };
    await expectRefusal(requestToken(app.http, keys, clientCredentials, { headers: tooLong }), 400, 'CMN_90010');
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`x-padding-${index}`, 'x'.repeat(90)]));
    await expectRefusal(requestToken(app.http, keys, clientCredentials, { headers: many }), 400, 'CMN_90010');
  });

  test('with a character outside printable ASCII, in header, query or body: 400 CMN_90017', async () => {
    const badHeader = { headers: { offering_id: 'caf\u00e9' } };
    await expectRefusal(requestToken(app.http, keys, clientCredentials, badHeader), 400, 'CMN_90017');
    await expectRefusal(requestToken(app.http, keys, clientCredentials, { url: '/oauth2/v1/token?a=%C3%A9' }), 400, 'CMN_90017');
    await expectRefusal(requestToken(app.http, keys, clientCredentials, { url: '/oauth2/v1/token?a=%07' }), 400, 'CMN_90017');
    await expectRefusal(requestToken(app.http, keys, 'grant_type=client_credentials&x=caf\u00e9'), 400, 'CMN_90017');
  });

  test('originating_ip that is no address: 400 CMN_90009', async () => {
    for (const good of ['203.0.113.9', '2001:db8::9']) {
      expect((await requestToken(app.http, keys, clientCredentials, { headers: { originating_ip: good } })).statusCode).toBe(200);
    }
    for (const bad of ['somewhere', '203.0.113.256']) {
      await expectRefusal(
        requestToken(app.http, keys, clientCredentials, { headers: { originating_ip: bad } }),
        400,
        'CMN_90009',
      );
    }
  });

  test('callingAppId longer than 64: 400 CMN_90010', async () => {
    const call = (callingAppId: string) => requestToken(app.http, keys, clientCredentials, { headers: { callingAppId } });
    expect((await call('x'.repeat(64))).statusCode).toBe(200);
    await expectRefusal(call('x'.repeat(65)), 400, 'CMN_90010');
  });

  test('Accept does not matter', async () => {
    const answer = await requestToken(app.http, keys, clientCredentials, { headers: { accept: 'application/xml' } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  });
});

describe('grant_type', () => {
  test.each([undefined, '', 'Password', 'client_credentials ', 'authorization_code', 'implicit', '__proto__'])(
    '%j: 400 CMN_90007',
    async (grant) => {
      await expectRefusal(requestToken(app.http, keys, grant === undefined ? {} : { grant_type: grant }), 400, 'CMN_90007');
    },
  );

  test('that the application is not registered for: 400 CMN_90007', async () => {
    await expectRefusal(requestToken(app.http, onlyClientCredentials, passwordOf(customer('active'))), 400, 'CMN_90007');
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x'.repeat(32) };
    await expectRefusal(requestToken(app.http, onlyClientCredentials, refresh), 400, 'CMN_90007');
  });
});

describe('the body', () => {
  test.each([
    ['a repeated field', 'grant_type=client_credentials&grant_type=client_credentials'],
    ['a repeated field that nobody reads', 'grant_type=client_credentials&x=1&x=2'],
    ['an escape that is none', 'grant_type=client_credentials&x=%zz'],
    ['bytes that are no UTF-8', 'grant_type=client_credentials&x=%ff'],
    [
      'more fields than anybody needs',
      `grant_type=client_credentials&${Array.from({ length: 70 }, (_, i) => `x${i}=1`).join('&')}`,
    ],
  ])('with %s: 400 CMN_90011', async (_what, body) => {
    await expectRefusal(requestToken(app.http, keys, body), 400, 'CMN_90011');
  });

  test('of more than 1 MiB: 413 CMN_90011', async () => {
    const body = `grant_type=client_credentials&x=${'y'.repeat(1_048_576)}`;
    await expectRefusal(requestToken(app.http, keys, body), 413, 'CMN_90011');
  });

  test('may have fields that nobody knows, and the keys of the application there do not count', async () => {
    const form = { ...clientCredentials, state: 'x', client_id: 'someone', client_secret: 'else' };
    expect((await requestToken(app.http, keys, form)).statusCode).toBe(200);
    const inBody = { ...clientCredentials, client_id: keys.clientId, client_secret: keys.clientSecret };
    await expectRefusal(requestToken(app.http, keys, inBody, { headers: { authorization: undefined } }), 401, 'CMN_90004');
  });

  test('without refresh_token, or with an empty one: 400 CMN_90011', async () => {
    await expectRefusal(requestToken(app.http, keys, { grant_type: 'refresh_token' }), 400, 'CMN_90011');
    await expectRefusal(requestToken(app.http, keys, { grant_type: 'refresh_token', refresh_token: '' }), 400, 'CMN_90011');
  });
});

describe('scopes', () => {
  const scopeOf = async (form: Record<string, string>, who = keys) =>
    decodeJwt((await tokensOf(requestToken(app.http, who, { ...clientCredentials, ...form }))).accessToken)['scope'];

  test.each([
    ['institution-users:write,institution-users:read'],
    ['institution-users:write institution-users:read'],
    ['institution-users:write, institution-users:read'],
    [' institution-users:write ,, institution-users:read,institution-users:write '],
  ])('%j are two scopes, granted in the order in which they were asked for', async (scopes) => {
    expect(await scopeOf({ scopes })).toBe('institution-users:write institution-users:read');
  });

  test('may be named scope, as standard clients do', async () => {
    expect(await scopeOf({ scope: 'institution-users:read' })).toBe('institution-users:read');
  });

  test.each([{}, { scopes: '' }, { scopes: '  ' }])('that are absent or blank (%j) mean all that are allowed', async (form) => {
    expect(await scopeOf(form)).toBe('institution-users:read institution-users:write');
  });

  test('the old spelling disclosure:reads is understood', async () => {
    expect(await scopeOf({ scopes: 'disclosure:reads' }, narrow)).toBe('disclosures:read');
  });

  test.each([
    'accounts:read',
    'institution-users:read,accounts:read',
    'INSTITUTION-USERS:READ',
    'nonsense',
    'institution-users:writ',
  ])('of which one is unknown or not allowed (%s): 400 CMN_90012 and no token at all', async (scopes) => {
    await expectRefusal(requestToken(app.http, keys, { ...clientCredentials, scopes }), 400, 'CMN_90012');
    await expectRefusal(requestToken(app.http, keys, { ...passwordOf(customer('active')), scopes }), 400, 'CMN_90012');
  });

  test('of an application that is allowed none: 400 CMN_90012', async () => {
    await expectRefusal(requestToken(app.http, scopeless, clientCredentials), 400, 'CMN_90012');
  });

  test('bound the token: a call that needs another is refused', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, narrow, { ...clientCredentials, scopes: 'accounts:read' }));
    const answer = await getUserStatus(app.http, accessToken);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'ISR_11003']);
  });
});

describe('the user of grant password', () => {
  test.each([
    ['missing', {}],
    ['empty', { username: '' }],
    ['blank', { username: '   ' }],
    ['longer than 256', { username: 'x'.repeat(257) }],
    ['not ASCII', { username: 'ren\u00e9' }],
  ])('whose name is %s: 400 CMN_90013', async (_what, form) => {
    await expectRefusal(requestToken(app.http, keys, { grant_type: 'password', password: 'x', ...form }), 400, 'CMN_90013');
  });

  test.each([
    ['missing', {}],
    ['empty', { password: '' }],
    ['blank', { password: '  ' }],
    ['longer than 256', { password: 'x'.repeat(257) }],
  ])('whose password is %s: 400 CMN_90014', async (_what, form) => {
    await expectRefusal(
      requestToken(app.http, keys, { grant_type: 'password', username: 'avery.stone', ...form }),
      400,
      'CMN_90014',
    );
  });

  test('who may not sign in, is unknown or gave a wrong password: 401 CMN_90015, in the same words and headers', async () => {
    const wrong = { ...passwordOf(customer('active')), password: 'wrong' };
    const refused = [
      wrong,
      { grant_type: 'password', username: 'nobody.at.all', password: 'wrong' },
      passwordOf(customer('locked')),
      passwordOf(customer('onHold')),
      passwordOf(customer('reset')),
      passwordOf(customer('active', 'RETAIL', 1)),
      { ...wrong, username: 'x'.repeat(256), password: 'p\u00e4ssw\u00f6rd' },
    ];
    const transactionId = randomUUID();
    const answers = [];
    for (const form of refused) answers.push(await requestToken(app.http, keys, form, { headers: { transactionId } }));
    const [first] = answers;
    expect([first?.statusCode, first?.json<{ code: string }>().code]).toEqual([401, 'CMN_90015']);
    for (const answer of answers) {
      const { date: _date, ...headers } = answer.headers;
      const { date: _first, ...expected } = first?.headers ?? {};
      expect([answer.statusCode, answer.body, headers]).toEqual([first?.statusCode, first?.body, expected]);
    }
  });

  test.each(['pending_approval', 'pending_disclosure', 'rejected', 'none'])(
    'whose registration is %s: 401 CMN_90015',
    async (registration) => {
      const user = app.sandbox.institutions[0]?.customers.filter(({ state }) => state === 'active')[3];
      const save = (value: string) => app.database.sql`
      update credentials set registration = ${value}
      where institution_id = '00042' and institution_user_id = ${user?.institutionUserId ?? ''}`;
      await save(registration);
      await expectRefusal(requestToken(app.http, keys, passwordOf(user ?? customer('active'))), 401, 'CMN_90015');
      await save('approved');
      expect((await requestToken(app.http, keys, passwordOf(user ?? customer('active')))).statusCode).toBe(200);
    },
  );
});

test('an institution that is not in the list of the application: 403 CMN_90006', async () => {
  for (const form of [clientCredentials, passwordOf(customer('active', 'RETAIL', 1))]) {
    await expectRefusal(requestToken(app.http, narrow, form, { headers: { institutionId: '00077' } }), 403, 'CMN_90006');
  }
});

describe('of two faults the earlier check answers', () => {
  const tooLong = { 'x-padding': 'x'.repeat(8193) };
  const notAscii = { offering_id: 'caf\u00e9' };
  const noTrace = { transactionId: undefined };
  const noKeys = { authorization: undefined };
  const noForm = { 'content-type': 'text/plain' };
  const noInstitution = { institutionId: undefined };
  const foreignInstitution = { institutionId: '00077' };

  test.each([
    ['header size before ASCII', { ...tooLong, ...notAscii }, {}, 'CMN_90010'],
    ['ASCII before trace', { ...notAscii, ...noTrace }, {}, 'CMN_90017'],
    ['trace before keys', { ...noTrace, ...noKeys }, {}, 'CMN_90008'],
    ['keys before Content-Type', { ...noKeys, ...noForm }, {}, 'CMN_90004'],
    ['Content-Type before grant', noForm, {}, 'CMN_90010'],
    ['grant before institution', noInstitution, {}, 'CMN_90007'],
    ['institution before scopes', noInstitution, { ...clientCredentials, scopes: 'x' }, 'CMN_90005'],
    ['list of institutions before scopes', foreignInstitution, { ...clientCredentials, scopes: 'x' }, 'CMN_90006'],
    ['scopes before fields', {}, { grant_type: 'password', scopes: 'x' }, 'CMN_90012'],
    ['name before password', {}, { grant_type: 'password' }, 'CMN_90013'],
    ['fields before credentials', {}, { grant_type: 'password', username: 'nobody' }, 'CMN_90014'],
  ])('%s', async (_what, headers, form, code) => {
    const answer = await requestToken(app.http, narrow, form, { headers });
    expect(answer.json<{ code: string }>().code).toBe(code);
  });
});

describe('the life of a token', () => {
  /** These move the clock of the second institution, which no other test here uses. */
  const other = { headers: { institutionId: '00077' } };

  test('is 1800 seconds on the clock of the institution', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, keys, clientCredentials, other));
    expect((await getUserStatus(app.http, accessToken)).statusCode).toBe(404);
    await advanceClock(app, '00077', 1790);
    expect((await getUserStatus(app.http, accessToken)).statusCode).toBe(404);
    await advanceClock(app, '00077', 10);
    const dead = await getUserStatus(app.http, accessToken);
    expect([dead.statusCode, dead.json<{ code: string }>().code]).toEqual([401, 'ISR_11002']);
  });

  test('is what is registered for the application, for access and refresh tokens', async () => {
    const user = passwordOf(customer('active', 'RETAIL', 1));
    const answer = await requestToken(app.http, shortLived, user, other);
    expect(answer.json()).toMatchObject({ expires_in: '59', refresh_token_expires_in: '599' });
    const { accessToken } = await tokensOf(Promise.resolve(answer));
    await advanceClock(app, '00077', 60);
    expect((await getUserStatus(app.http, accessToken)).statusCode).toBe(401);
  });

  test('of one institution is not touched by the clock of another', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, keys, clientCredentials));
    await advanceClock(app, '00077', 86_400);
    expect((await getUserStatus(app.http, accessToken)).statusCode).toBe(404);
  });

  test('does not end because a newer one is issued', async () => {
    const first = await tokensOf(requestToken(app.http, keys, clientCredentials));
    await tokensOf(requestToken(app.http, keys, clientCredentials));
    expect((await getUserStatus(app.http, first.accessToken)).statusCode).toBe(404);
  });
});

describe('switches', () => {
  test('token.expires_number answers numbers (CR-03)', async () => {
    await withSwitch(app, '00042', 'token.expires_number', [true, false], async () => {
      expect((await requestToken(app.http, keys, clientCredentials)).json()).toMatchObject({ expires_in: 1799 });
      const pair = await requestToken(app.http, keys, passwordOf(customer('active')));
      expect(pair.json()).toMatchObject({ expires_in: 1799, refresh_token_expires_in: 15_551_999 });
      const { refreshToken } = await tokensOf(Promise.resolve(pair));
      const refreshed = await requestToken(app.http, keys, { grant_type: 'refresh_token', refresh_token: refreshToken });
      expect(refreshed.json()).toMatchObject({ expires_in: 1799, refresh_token_expires_in: 15_551_999 });
    });
  });

  test('token.v2.member_fields leaves the member out (CR-10)', async () => {
    await withSwitch(app, '00042', 'token.v2.member_fields', [false, true], async () => {
      const answer = (await requestToken(app.http, keys, passwordOf(customer('active')))).json<object>();
      expect(answer).not.toHaveProperty('di_ficustomer');
      expect(answer).not.toHaveProperty('di_member_number');
    });
  });

  test('debug.rules names the rows that decided an answer, and nothing without it', async () => {
    const call = () => requestToken(app.http, keys, passwordOf(customer('active')));
    expect((await call()).headers['x-rule']).toBeUndefined();
    await withSwitch(app, '00042', 'debug.rules', [true, false], async () => {
      expect((await call()).headers['x-rule']).toBe('CR-03, CR-10');
    });
  });

  test('of one institution do not touch another', async () => {
    await setSwitch(app, '00077', 'token.expires_number', true);
    expect((await requestToken(app.http, keys, clientCredentials)).json()).toMatchObject({ expires_in: '1799' });
  });
});
