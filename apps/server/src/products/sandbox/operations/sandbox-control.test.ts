import { operations } from '@openbranch/contract/operations';
import { switches } from '@openbranch/contract/switches';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { readCredential } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let second: TestApp;
let api: ApiCaller;
let other: ApiCaller;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  second = await createTestApp({ sharedWith: app });
  api = createApiCaller(app);
  other = createApiCaller(app, 1);
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const sandboxOperations = Object.values(operations).filter(({ product }) => product === 'sandbox');
const pathOf = (path: string) => path.replace('{institutionId}', '00042').replace('{switchKey}', 'debug.rules');
const status = async (answer: ReturnType<ApiCaller['call']>) => (await answer).statusCode;

describe('the key of the sandbox', () => {
  test('SBX_10001: nothing works without it, with another one, or when it is sent twice', async () => {
    expect(sandboxOperations.length).toBeGreaterThan(7);
    const { sandboxKey } = app.sandbox;
    for (const key of [undefined, '', 'wrong', `${sandboxKey} `.repeat(2), sandboxKey.toLowerCase(), [sandboxKey, sandboxKey]]) {
      for (const { method, path } of sandboxOperations) {
        const answer = api.call(method, pathOf(path), { headers: { 'x-sandbox-key': key } });
        expect(await refusalOf(answer)).toEqual([401, 'SBX_10001']);
      }
    }
  });

  test('a bearer token opens nothing here', async () => {
    const token = await api.partnerToken();
    for (const { method, path } of sandboxOperations) expect(await status(api.withToken(token, method, pathOf(path)))).toBe(401);
  });
});

test('in production none of this exists: every path is an unknown route', async () => {
  const production = await createTestApp({ sharedWith: app, mode: 'production' });
  const headers = { 'x-sandbox-key': app.sandbox.sandboxKey };
  for (const { method, path } of sandboxOperations) {
    for (const lead of ['', '/digitalbanking', '/digitalbanking/sandbox']) {
      const answer = production.http.inject({ method, url: `${lead}${pathOf(path)}`, headers });
      // With this lead `sandbox` is a stage, and what follows is no operation of the customers.
      const isOfCustomers = lead === '/digitalbanking' && path.startsWith('/sandbox/v1/customers/');
      expect(await refusalOf(answer)).toEqual(isOfCustomers ? [400, 'UXU_10013'] : [404, 'CMN_90011']);
    }
  }
  const document = (await production.http.inject('/openapi.json')).body;
  expect(document).not.toContain('/sandbox/v1');
  await production.close();
});

describe('the clock', () => {
  const read = async (of = api) => (await of.control('GET', '/clock')).json<{ now: string; offsetSeconds: number }>();

  test('is the real time of the zone at first', async () => {
    const { now, offsetSeconds, ...rest } = await read();
    expect(rest).toEqual({ institutionId: '00042' });
    expect(offsetSeconds).toBe(0);
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u);
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(2000);
    expect((await read(other)).now).toMatch(/-0[45]:00$/u);
  });

  test('is set to a time, goes on from there, and moves nobody else', async () => {
    const answer = await api.control('PUT', '/clock', { now: '2031-03-09T01:59:59-08:00' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json<{ now: string }>().now).toMatch(/^2031-03-09T(01:59:59-08:00|03:00:0\d-07:00)$/u);
    expect((await read()).offsetSeconds).toBeGreaterThan(86_400);
    expect((await read(other)).offsetSeconds).toBe(0);
    await api.control('PUT', '/clock', { now: new Date().toISOString() });
  });

  test('is advanced by seconds; advances at once add up', async () => {
    const { offsetSeconds } = await read();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.control('POST', '/clock:advance', { seconds: 60 })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect((await read()).offsetSeconds).toBeCloseTo(offsetSeconds + 480, 1);
  });

  test('ends tokens when their time has come, and refresh tokens go by it too', async () => {
    const customer = api.customer({ state: 'active' });
    const pair = await tokensOf(api.signIn(customer.loginId, customer.password));
    const path = `/v1/user-status/${customer.institutionUserId}?userIdType=INSTITUTION_USER_ID`;
    await api.control('POST', '/clock:advance', { seconds: 1790 });
    expect(await status(api.withToken(pair.accessToken, 'GET', path))).toBe(200);
    await api.control('POST', '/clock:advance', { seconds: 11 });
    expect(await refusalOf(api.withToken(pair.accessToken, 'GET', path))).toEqual([401, 'ISR_11002']);
    const renewed = await tokensOf(
      requestToken(app.http, api.application('mobile'), { grant_type: 'refresh_token', refresh_token: pair.refreshToken }),
    );
    expect(await status(api.withToken(renewed.accessToken, 'GET', path))).toBe(200);
  });

  test('is known to another process within a second', async () => {
    await api.control('PUT', '/clock', { now: '2040-01-01T00:00:00Z' });
    await eventually(
      async () =>
        (await createApiCaller(second).control('GET', '/clock')).json<{ now: string }>().now.startsWith('2039-12-31T16:00'),
      { deadlineMs: 1500 },
    );
    await api.control('PUT', '/clock', { now: new Date().toISOString() });
  });

  test.each([
    ['SBX_20004', 'PUT', '/clock', { now: '1999-12-31T23:59:59Z' }],
    ['SBX_20004', 'PUT', '/clock', { now: '2100-01-01T00:00:01Z' }],
    ['SBX_10002', 'PUT', '/clock', { now: 'tomorrow' }],
    ['SBX_10002', 'PUT', '/clock', { now: '2030-01-01' }],
    ['SBX_10002', 'PUT', '/clock', {}],
    ['SBX_10002', 'POST', '/clock:advance', { seconds: -1 }],
    ['SBX_10002', 'POST', '/clock:advance', { seconds: 0.5 }],
    ['SBX_10002', 'POST', '/clock:advance', { seconds: 315_360_001 }],
  ] as const)('%s: %s %s %j, and the clock stays', async (code, method, path, body) => {
    const before = await read();
    expect(await refusalOf(api.control(method, path, body))).toEqual([400, code]);
    expect((await read()).offsetSeconds).toBe(before.offsetSeconds);
  });

  test('SBX_20004: an advance beyond 2100 is refused whole', async () => {
    await api.control('PUT', '/clock', { now: '2095-01-01T00:00:00Z' });
    const before = await read();
    expect(await refusalOf(api.control('POST', '/clock:advance', { seconds: 315_360_000 }))).toEqual([400, 'SBX_20004']);
    expect((await read()).offsetSeconds).toBe(before.offsetSeconds);
    await api.control('PUT', '/clock', { now: new Date().toISOString() });
  });
});

describe('switches', () => {
  interface Shown {
    readonly key: string;
    readonly value: unknown;
    readonly defaultValue: unknown;
  }
  const list = async (of = api) => (await of.control('GET', '/switches')).json<{ switches: Shown[] }>().switches;

  test('are all listed with what they decide, their values and the one in force', async () => {
    const shown = await list();
    expect(shown.map(({ key }) => key)).toEqual(Object.keys(switches));
    for (const { value, defaultValue } of shown) expect(value).toBe(defaultValue);
    expect(shown.find(({ key }) => key === 'unlock.not_locked')).toEqual({
      key: 'unlock.not_locked',
      register: 'CR-37',
      topic: 'unlock of a user who is not locked',
      values: ['reject', 'noop'],
      defaultValue: 'reject',
      value: 'reject',
    });
  });

  test('are set for one institution, for every process, and put back', async () => {
    const answer = await api.control('PUT', '/switches/unlock.not_locked', { value: 'noop' });
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { key: 'unlock.not_locked', value: 'noop' }]);
    const valueIn = async (of: ApiCaller) => (await list(of)).find(({ key }) => key === 'unlock.not_locked')?.value;
    expect([await valueIn(api), await valueIn(other)]).toEqual(['noop', 'reject']);
    await eventually(async () => (await valueIn(createApiCaller(second))) === 'noop', { deadlineMs: 1500 });
    await api.control('PUT', '/switches/unlock.not_locked', { value: 'reject' });
    expect(await valueIn(api)).toBe('reject');
  });

  test.each([
    [404, 'SBX_20002', 'no.such.switch', { value: true }],
    [404, 'SBX_20002', 'constructor', { value: true }],
    [404, 'SBX_20002', '__proto__', { value: true }],
    [400, 'SBX_20003', 'debug.rules', { value: 'true' }],
    [400, 'SBX_20003', 'quota.http', { value: '418' }],
    [400, 'SBX_10002', 'debug.rules', { value: 1 }],
    [400, 'SBX_10002', 'debug.rules', {}],
    [400, 'SBX_10003', 'x'.repeat(65), { value: true }],
  ])('%i %s: %s to %j', async (statusCode, code, key, body) => {
    expect(await refusalOf(api.control('PUT', `/switches/${key}`, body))).toEqual([statusCode, code]);
  });
});

describe('policies', () => {
  test('that of lock-outs is read and set, and counts from the next sign-in', async () => {
    expect((await api.control('GET', '/policies/lockout')).json()).toEqual({ maxFailed: 5, autoUnlockMinutes: 0 });
    const policy = { maxFailed: 3, autoUnlockMinutes: 30 };
    expect((await api.control('PUT', '/policies/lockout', policy)).json()).toEqual(policy);
    expect((await api.control('GET', '/policies/lockout')).json()).toEqual(policy);
    expect((await other.control('GET', '/policies/lockout')).json()).toEqual({ maxFailed: 5, autoUnlockMinutes: 0 });
  });

  test.each([
    ['lockout', { maxFailed: 2, autoUnlockMinutes: 0 }],
    ['lockout', { maxFailed: 11 }],
    ['lockout', { autoUnlockMinutes: -1 }],
    ['lockout', { digits: 6 }],
    ['credentials', { password: { minLength: 5 } }],
    ['credentials', { loginName: { minLength: 12, maxLength: 10 } }],
    ['passcodes', { digits: 5 }],
    ['passcodes', { triesPerPasscode: 6 }],
    ['branding', { accentColor: 'blue' }],
    ['alerts', { defaultLocale: 'EN' }],
    ['alerts', { keptDays: 89 }],
  ])('SBX_20012 400: %s does not take %j', async (name, policy) =>
    expect(await refusalOf(api.control('PUT', `/policies/${name}`, policy))).toEqual([400, 'SBX_20012']),
  );

  test.each([
    ['lockout', { maxFailed: '5' }],
    ['registration', { needsApproval: 'yes' }],
    ['branding', { supportText: 'x'.repeat(201) }],
  ])('SBX_10002 400: %s with %j is malformed', async (name, policy) =>
    expect(await refusalOf(api.control('PUT', `/policies/${name}`, policy))).toEqual([400, 'SBX_10002']),
  );

  test('SBX_10003 400: there is no other policy', async () => {
    expect(await refusalOf(api.control('GET', '/policies/other'))).toEqual([400, 'SBX_10003']);
    expect(await refusalOf(api.control('PUT', '/policies/other', {}))).toEqual([400, 'SBX_10003']);
  });

  test('each is read with its defaults, replaced as a whole, and answers nothing of the others', async () => {
    const lengths = { loginName: { minLength: 8, maxLength: 20 }, password: { minLength: 6, maxLength: 32 } };
    expect((await api.control('GET', '/policies/credentials')).json()).toEqual(lengths);
    expect((await api.control('GET', '/policies/registration')).json()).toMatchObject({
      needsApproval: false,
      requiredDisclosures: ['IB'],
    });
    expect((await api.control('GET', '/policies/branding')).json()).toEqual({ accentColor: '#0b5cad' });
    expect((await api.control('GET', '/policies/alerts')).json()).toEqual({ defaultLocale: 'en_US', keptDays: 90 });
    const passcodes = (await api.control('GET', '/policies/passcodes')).json();
    expect(passcodes).toMatchObject({ digits: 6, lifetimeMinutes: 10 });
    expect((await api.control('PUT', '/policies/passcodes', { digits: 8 })).json()).toEqual({ ...passcodes, digits: 8 });
    expect((await api.control('PUT', '/policies/passcodes', {})).json()).toEqual(passcodes);
    expect((await api.control('PUT', '/policies/branding', { supportText: 'Call 555-0100.' })).json()).toEqual({
      accentColor: '#0b5cad',
      supportText: 'Call 555-0100.',
    });
    expect((await api.control('GET', '/policies/lockout')).json()).toMatchObject({ maxFailed: 3 });
  });

  test('a change counts at once, and the log says what was set', async () => {
    const changed = { password: { minLength: 12 } };
    expect((await api.control('PUT', '/policies/credentials', changed)).json()).toMatchObject({
      password: { minLength: 12, maxLength: 32 },
    });
    const [row] = await app.database.sql<{ details: unknown }[]>`
      select details from activities where institution_id = '00042' and kind = 'institution_changed'
      order by activity_id desc limit 1`;
    expect(row?.details).toEqual({
      what: 'credentials policy',
      'loginName.minLength': 8,
      'loginName.maxLength': 20,
      'password.minLength': 12,
      'password.maxLength': 32,
    });
    await api.control('PUT', '/policies/passcodes', { digits: 8 });
    const page = await app.http.inject({ method: 'GET', url: '/recover?institution=00042&step=code' });
    expect(page.body).toContain('8 digits');
  });
});

test.each([
  ['00099', 404, 'SBX_20001', 'SBX_20001'],
  ['42', 400, 'SBX_10003', 'SBX_10004'],
  ['abcde', 400, 'SBX_10003', 'SBX_10004'],
])(
  'every operation on institution %s answers %i %s, or %s where the query names it',
  async (institutionId, statusCode, ofPath, ofQuery) => {
    const bodies: Record<string, object> = {
      setClock: { now: '2030-01-01T00:00:00Z' },
      advanceClock: { seconds: 1 },
      setSwitch: { value: true },
      armFault: { channel: 'SMS', kind: 'SLOW' },
      armCallFault: { effect: 'CUT' },
    };
    // The id of an account or a customer tells its institution by itself.
    for (const { id, method, path } of sandboxOperations.filter((one) => !/\{(?:account|customer)Id\}/u.test(one.path))) {
      const isInPath = path.includes('{institutionId}');
      const query = isInPath ? '' : `?institutionId=${institutionId}`;
      const url =
        path.replace('{institutionId}', institutionId).replace('{switchKey}', 'debug.rules').replace('{policyName}', 'lockout') +
        query;
      const payload = JSON.stringify(bodies[id] ?? {});
      const headers = { 'x-sandbox-key': app.sandbox.sandboxKey, 'content-type': 'application/json' };
      expect(await refusalOf(api.call(method, url, { headers, ...(method === 'GET' ? {} : { payload }) })), id).toEqual([
        statusCode,
        isInPath ? ofPath : ofQuery,
      ]);
    }
  },
);

describe('a reset', () => {
  const key = (institutionUserId: string) => ({ institutionId: '00042', institutionUserId });

  test('puts customers, switches, policies and clock back, ends tokens of users and leaves those of applications', async () => {
    const { sql } = app.database;
    const active = api.customer({ state: 'active' });
    const locked = api.customer({ state: 'locked' });
    const path = `/v1/user-status/${active.institutionUserId}?userIdType=INSTITUTION_USER_ID`;
    const partner = await api.partnerToken();
    const pair = await tokensOf(api.signIn(active.loginId, active.password));
    const elsewhere = await other.userToken(other.customer({ state: 'active' }));
    await sql`update institution_users set last_name = 'Changed' where institution_id = '00042'`;
    await sql`update credentials set password_hash = 'gone' where institution_id = '00042'`;
    expect(await status(api.withToken(partner, 'PUT', `/v1/customers/${locked.customerId}:unlock-user`))).toBe(204);
    await api.control('PUT', '/switches/debug.rules', { value: true });
    await api.control('PUT', '/policies/lockout', { maxFailed: 9, autoUnlockMinutes: 9 });
    await api.control('PUT', '/policies/statements', { multiStatement: false });
    await api.control('POST', '/clock:advance', { seconds: 60 });

    const answer = await api.control('POST', ':reset');
    expect([answer.statusCode, answer.body]).toEqual([204, '']);

    for (const { loginId, password, state } of api.institution.customers)
      expect([loginId, await status(api.signIn(loginId, password))]).toEqual([loginId, state === 'active' ? 200 : 401]);
    expect(await readCredential(sql, key(locked.institutionUserId))).toMatchObject({ is_locked: true, failed_login_count: 5 });
    expect(await sql`select 1 from institution_users where last_name = 'Changed'`).toHaveLength(0);
    expect(await refusalOf(api.withToken(pair.accessToken, 'GET', path))).toEqual([401, 'ISR_11002']);
    const renewal = { grant_type: 'refresh_token', refresh_token: pair.refreshToken };
    expect(await refusalOf(requestToken(app.http, api.application('mobile'), renewal))).toEqual([400, 'CMN_90016']);
    expect(await status(api.withToken(partner, 'GET', path))).toBe(200);
    expect((await api.control('GET', '/policies/lockout')).json()).toEqual({ maxFailed: 5, autoUnlockMinutes: 0 });
    expect((await api.control('GET', '/policies/statements')).json()).toEqual({ multiStatement: true, mostReported: 20_000 });
    expect((await api.control('GET', '/clock')).json()).toMatchObject({ offsetSeconds: 0 });
    const changed = (await api.control('GET', '/switches'))
      .json<{ switches: { value: unknown; defaultValue: unknown }[] }>()
      .switches.filter(({ value, defaultValue }) => value !== defaultValue);
    expect(changed).toEqual([]);
    const theirs = `/v1/user-status/${other.customer({ state: 'active' }).institutionUserId}?userIdType=INSTITUTION_USER_ID`;
    expect(await status(other.withToken(elsewhere, 'GET', theirs))).toBe(200);
  });

  test('is known to another process within a second', async () => {
    const customer = api.customer({ state: 'active' });
    const token = await api.userToken(customer);
    const path = `/v1/user-status/${customer.institutionUserId}?userIdType=INSTITUTION_USER_ID`;
    const there = createApiCaller(second);
    expect(await status(there.withToken(token, 'GET', path))).toBe(200);
    await api.control('POST', ':reset');
    await eventually(async () => (await status(there.withToken(token, 'GET', path))) === 401, { deadlineMs: 1500 });
  });

  test('begins the activity log anew, and it verifies', async () => {
    await app.jobs.find(({ name }) => name === 'seal_activities')?.run();
    await api.control('POST', ':reset');
    const kinds = await app.database.sql<{ kind: string }[]>`select kind from activities where institution_id = '00042'`;
    expect(kinds).toEqual([{ kind: 'sandbox_reset' }]);
    await app.jobs.find(({ name }) => name === 'seal_activities')?.run();
    const batches = await app.database.sql`select batch_number from activity_batches where institution_id = '00042'`;
    expect(batches).toEqual([{ batch_number: 1n }]);
  });

  test('ends the token of a sign-in that was not yet done when it began', async () => {
    const { sql } = app.database;
    const { institutionUserId } = api.customer({ state: 'active' });
    const signingIn = await sql.reserve();
    await signingIn`begin`;
    await signingIn`select 1 from credentials where institution_id = '00042' and institution_user_id = ${institutionUserId} for update`;
    const reset = api.control('POST', ':reset').then((answer) => answer);
    await eventually(async () => (await signingIn`select 1 from pg_locks where not granted`).length > 0);
    await signingIn`
      insert into token_chains (institution_id, chain_id, client_id, institution_user_id, scopes, started_at, access_until)
      values ('00042', 'late chain', ${api.application('mobile').clientId}, ${institutionUserId}, '{}', ${new Date()}, ${new Date()})`;
    await signingIn`commit`;
    signingIn.release();
    expect((await reset).statusCode).toBe(204);
    expect(await sql`select topic from change_feed where subject = 'late chain'`).toEqual([{ topic: 'token_chain_revoked' }]);
  });

  test('while customers sign in breaks nothing', async () => {
    const active = api.customers({ state: 'active' });
    const work = active.flatMap(({ loginId, password }) => [
      () => api.signIn(loginId, password),
      () => api.signInV1(loginId, password),
    ]);
    const answers = await Promise.all([...work, () => api.control('POST', ':reset'), ...work].map((call) => call()));
    for (const answer of answers) expect([200, 204, 401], answer.body).toContain(answer.statusCode);
    for (const { loginId, password } of active) expect(await status(api.signIn(loginId, password))).toBe(200);
  });
});
