import { randomUUID } from 'node:crypto';
import { createActivitySearch } from '@openbranch/testkit/activity-search';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { listActivities, lockUser, readCredential } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let quick: ApplicationKeys;
const institutionId = '00042';
const noDigitalUser = 'd'.repeat(32);
const unknown = 'e'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      quick = await insertApplication(sql, keyRing, { spike_per_second: 1 });
    },
  });
  api = createApiCaller(app);
  token = await api.partnerToken('institution-users:write');
  pat = api.customer({ state: 'active' });
  await app.database.sql`
    insert into customers (institution_id, customer_id, customer_type, member_number)
    values (${institutionId}, ${noDigitalUser}, 'RETAIL', '777')`;
});
beforeEach(() => lockUser(app.database.sql, { institutionId, ...pat }));
afterAll(() => app.close());

const pathOf = (id: string) => `/v1/customers/${id}:unlock-user`;
const unlock = (id = pat.customerId, headers: Record<string, string | undefined> = {}) =>
  api.withToken(token, 'PUT', pathOf(id), { headers });
const stateOf = ({ institutionUserId }: Customer) => readCredential(app.database.sql, { institutionId, institutionUserId });

describe('every spelling of the published pages unlocks', () => {
  const dashed = (id: string) => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
  test.each([
    '/v1/customers/{id}:unlock-user',
    '/ux-users/v1/customers/{id}:unlock-user',
    '/customers/{id}:unlock-user',
    '/digitalbanking/v1/customers/{id}:unlock-user',
    '/digitalbanking/ux-users/v1/customers/{id}:unlock-user',
    '/digitalbanking/customers/{id}:unlock-user',
    '/digitalbanking/stage/v1/customers/{id}:unlock-user',
    '/digitalbanking/stage/ux-users/v1/customers/{id}:unlock-user',
    '/digitalbanking/stage/customers/{id}:unlock-user',
    '/digitalbanking/sandbox/ux-users/v1/customers/{id}:unlock-user',
    '/v1/customers/{id}%3Aunlock-user',
    '/v1/customers/{id}%3aunlock%2Duser',
    '/v1/customers/{id}:unlockUser',
    '/customers/{id}:unlock-user/',
    '/ux-users/v1/customers/{ID}:unlock-user',
    '/v1/customers/{dashed}:unlock-user',
    '/v1/customers/{DASHED}:unlockUser/',
  ])('%s', async (form) => {
    const id = pat.customerId;
    const url = form
      .replace('{id}', id)
      .replace('{ID}', id.toUpperCase())
      .replace('{dashed}', dashed(id))
      .replace('{DASHED}', dashed(id).toUpperCase());
    const answer = await api.withToken(token, 'PUT', url);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await stateOf(pat)).toMatchObject({ is_locked: false, failed_login_count: 0 });
  });
});

test('a 204 has no body and no Content-Type, and brings the correlation id back', async () => {
  const correlationId = randomUUID();
  const { headers } = await unlock(pat.customerId, { correlationId });
  expect(headers['content-type']).toBeUndefined();
  expect(headers['content-length']).toBeUndefined();
  expect(headers['correlationid']).toBe(correlationId);
});

test.each(['correlationid', 'CorrelationId', 'CORRELATIONID'])('header names are taken in any case: %s', async (name) => {
  const headers = { correlationId: undefined, [name]: randomUUID(), authorization: undefined, AUTHORIZATION: `bearer ${token}` };
  expect((await unlock(pat.customerId, headers)).statusCode).toBe(204);
});

describe('a body is ignored', () => {
  test.each([
    ['application/json', '{"any":"thing"}'],
    ['application/json', '{broken'],
    ['application/json', ''],
    ['application/xml', '<a>'],
    ['application/x-www-form-urlencoded', 'a=1&a=2'],
    ['text/plain; charset=klingon', '\u00eb'],
    [';;;', 'x'],
    ['nonsense', 'x'],
    [undefined, 'x'],
    ['multipart/form-data', '--x'],
  ])('of type %s: %j', async (type, payload) => {
    const answer = await api.withToken(token, 'PUT', pathOf(pat.customerId), { headers: { 'content-type': type }, payload });
    expect(answer.statusCode).toBe(204);
  });

  test('400 UXU_99999: but for one beyond 1 MiB', async () => {
    const payload = Buffer.alloc(1_048_577);
    expect(await refusalOf(api.withToken(token, 'PUT', pathOf(pat.customerId), { payload }))).toEqual([400, 'UXU_99999']);
    expect(await stateOf(pat)).toMatchObject({ is_locked: true });
  });
});

test('the user can sign in at once, and status and profile show it (acceptance check 1)', async () => {
  expect((await api.signIn(pat.loginId, pat.password)).statusCode).toBe(401);
  expect((await unlock()).statusCode).toBe(204);
  const reading = await api.partnerToken('institution-users:read');
  const status = await api.withToken(reading, 'GET', `/v1/user-status/${pat.institutionUserId}?userIdType=INSTITUTION_USER_ID`);
  expect(status.json()).toMatchObject({ active: true, additionalInfo: { failedLoginCount: 0 } });
  expect((await api.signIn(pat.loginId, pat.password)).statusCode).toBe(200);
});

test('unlock clears only the lock and the counter of sign-ins', async () => {
  const { sql } = app.database;
  const heldAt = new Date();
  await sql`
    update credentials set failed_password_reset_count = 3, must_change_password = true, is_on_hold = true, held_at = ${heldAt}
    where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
  const before = await stateOf(pat);
  expect((await unlock()).statusCode).toBe(204);
  expect(await stateOf(pat)).toEqual({ ...before, is_locked: false, failed_login_count: 0 });
  await sql`
    update credentials set failed_password_reset_count = 0, must_change_password = false, is_on_hold = false, held_at = null
    where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
});

test('tokens of the user live on', async () => {
  expect((await unlock()).statusCode).toBe(204);
  const own = await api.userToken(pat);
  await lockUser(app.database.sql, { institutionId, ...pat });
  expect((await unlock()).statusCode).toBe(204);
  expect((await api.withToken(own, 'GET', `/v1/customers/${pat.customerId}`)).statusCode).toBe(200);
});

test('an activity row tells who unlocked whom when, by which application and trace id, and the counter before', async () => {
  const correlationId = randomUUID();
  const before = Date.now();
  expect((await unlock(pat.customerId, { correlationId })).statusCode).toBe(204);
  const rows = await listActivities(app.database.sql, { institutionId, ...pat });
  expect(rows.at(-1)).toMatchObject({
    kind: 'user_unlocked',
    client_id: api.application('partner').clientId,
    operation: 'unlockUser',
    trace_id: correlationId,
    details: { by: null, previousFailedLoginCount: 5 },
  });
  const [time] = await app.database.sql<{ occurred_at: Date }[]>`
    select occurred_at from activities where institution_id = ${institutionId} order by activity_id desc limit 1`;
  expect(time?.occurred_at.getTime()).toBeGreaterThanOrEqual(before);
});

test('the activity search finds the unlock by user, and tells application and correlation id', async () => {
  const correlationId = randomUUID();
  expect((await unlock(pat.customerId, { correlationId })).statusCode).toBe(204);
  const { rows } = await createActivitySearch(api).search({
    eventIds: ['unlockUser'],
    userId: pat.loginId,
    userIdType: 'loginId',
    pageSize: 1,
  });
  expect(rows).toMatchObject([
    {
      eventid: 'unlockUser',
      result: 'Success',
      reqctx_id: correlationId,
      glappid: api.application('partner').clientId,
      source: 'unlockUser',
      reqctx_userid: pat.institutionUserId,
      member: pat.memberNumber,
    },
  ]);
});

test('of ten unlocks at once one does it, and the others say that the user is not locked', async () => {
  const count = async () =>
    (await listActivities(app.database.sql, { institutionId, ...pat })).filter(({ kind }) => kind === 'user_unlocked').length;
  const before = await count();
  const answers = await Promise.all(Array.from({ length: 10 }, () => unlock()));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, ...Array(9).fill(400)]);
  expect(await count()).toBe(before + 1);
});

describe('refusals of unlockUser', () => {
  const deny = async (status: number, code: string, answer: ReturnType<ApiCaller['call']>) => {
    const { body, headers } = await answer;
    const { message } = JSON.parse(body);
    expect(body).toBe(JSON.stringify({ status, message, code }));
    expect((await answer).statusCode).toBe(status);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await stateOf(pat)).toMatchObject({ is_locked: true, failed_login_count: 5 });
  };
  const withHeaders = (headers: Record<string, string | string[] | undefined>) =>
    api.withToken(token, 'PUT', pathOf(pat.customerId), { headers });

  test('401 UXU_10005: no Authorization (acceptance check 3)', async () => {
    await deny(401, 'UXU_10005', withHeaders({ authorization: undefined }));
    expect((await withHeaders({ authorization: undefined })).headers['www-authenticate']).toBe('Bearer realm="openbranch"');
  });
  test('401 UXU_10009: Authorization is not Bearer', () => deny(401, 'UXU_10009', withHeaders({ authorization: 'Basic abc' })));
  test('401 UXU_10001: the token is none of ours', () => deny(401, 'UXU_10001', withHeaders({ authorization: 'Bearer x.y.z' })));
  test('401 UXU_10003: the token has expired', async () => {
    await advanceClock(app, institutionId, 1801);
    await deny(401, 'UXU_10003', withHeaders({}));
    await setClock(app, institutionId, new Date().toISOString());
  });
  test('403 UXU_10002: the token may only read (acceptance check 3)', async () =>
    deny(403, 'UXU_10002', withHeaders({ authorization: `Bearer ${await api.partnerToken('institution-users:read')}` })));
  test('400 UXU_10006: no correlationId (acceptance check 3)', () =>
    deny(400, 'UXU_10006', withHeaders({ correlationId: undefined })));
  test('400 UXU_10007: correlationId is no UUID (acceptance check 3)', () =>
    deny(400, 'UXU_10007', withHeaders({ correlationId: 'abc' })));
  test('400 UXU_10008: originating_ip is no address', () => deny(400, 'UXU_10008', withHeaders({ originating_ip: 'home' })));
  test.each(['abc', 'patdemo01', '0'.repeat(33), '%zz'])('400 UXU_10012: %s is no customer id', (id) =>
    deny(400, 'UXU_10012', unlock(id)),
  );
  test('400 UXU_10013: no operation of that name', async () => {
    await deny(400, 'UXU_10013', api.withToken(token, 'PUT', `/v1/customers/${pat.customerId}:verify`));
    await deny(400, 'UXU_10013', api.withToken(token, 'PUT', `/ux-users/v1/customers/${pat.customerId}/unlock-user`));
  });
  test('404 UXU_88888: no such customer in the institution', async () => {
    await deny(404, 'UXU_88888', unlock(unknown));
    await deny(404, 'UXU_88888', unlock(createApiCaller(app, 1).customer({ state: 'locked' }).customerId));
  });
  test('400 UXU_88890: the customer has no digital user', () => deny(400, 'UXU_88890', unlock(noDigitalUser)));
  test('400 UXU_99999: too many header bytes, or characters outside printable ASCII', async () => {
    await deny(400, 'UXU_99999', withHeaders({ 'x-filler': 'x'.repeat(8200) }));
    await deny(400, 'UXU_99999', withHeaders({ 'x-name': 'zo\u00eb' }));
  });
  test('CMN_90002: the spike limit of the application, in the envelope of the gateway', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, quick, { grant_type: 'client_credentials' }));
    const answers = await Promise.all([1, 2, 3].map(() => api.withToken(accessToken, 'PUT', pathOf(unknown))));
    const refused = answers.find(({ statusCode }) => statusCode === 500);
    expect(refused?.body).toMatch(/^\{"code":"CMN_90002","message":"[^"]+"\}$/u);
    expect(refused?.headers['retry-after']).toBe('1');
  });
});

test.each(['active', 'onHold', 'reset'] as const)(
  '400 UXU_99999: a user who is %s and not locked is left as it is (acceptance check 2)',
  async (state) => {
    const user = state === 'active' ? api.customers({ state })[1] : api.customer({ state });
    if (user === undefined) throw new Error(`The sandbox has no customer ${state}.`);
    const before = await stateOf(user);
    const answer = await unlock(user.customerId);
    expect(answer.body).toBe('{"status":400,"message":"user is not locked","code":"UXU_99999"}');
    expect(answer.statusCode).toBe(400);
    expect(await stateOf(user)).toEqual(before);
  },
);

test('400 UXU_99999: a lock that has ended by itself is no lock', async () => {
  await api.control('PUT', '/policies/lockout', { maxFailed: 5, autoUnlockMinutes: 10 });
  await advanceClock(app, institutionId, 601);
  const answer = await unlock();
  await api.control('PUT', '/policies/lockout', { maxFailed: 5, autoUnlockMinutes: 0 });
  await setClock(app, institutionId, new Date().toISOString());
  expect(await refusalOf(Promise.resolve(answer))).toEqual([400, 'UXU_99999']);
});

test('the first of several faults is answered: the order of the checks', async () => {
  const order: [code: string, mend: Record<string, string | undefined>][] = [
    ['UXU_10005', { authorization: 'Basic abc' }],
    ['UXU_10009', { authorization: 'Bearer x.y.z' }],
    ['UXU_10001', { authorization: `Bearer ${await api.partnerToken('institution-users:read')}` }],
    ['UXU_10002', { authorization: `Bearer ${token}` }],
    ['UXU_10006', { correlationId: 'abc' }],
    ['UXU_10007', { correlationId: randomUUID() }],
    ['UXU_99999', { 'x-filler': undefined }],
    ['UXU_10008', { originating_ip: undefined }],
    ['UXU_99999', { 'x-name': undefined }],
    ['UXU_10012', {}],
  ];
  let headers: Record<string, string | undefined> = {
    authorization: undefined,
    correlationId: undefined,
    'x-filler': 'x'.repeat(8200),
    originating_ip: 'home',
    'x-name': 'zo\u00eb',
  };
  for (const [code, mend] of order) {
    expect((await refusalOf(unlock('no-id', headers)))[1]).toBe(code);
    headers = { ...headers, ...mend };
  }
});

describe('a token of one user', () => {
  const readied = async (customer: Customer) => {
    await app.database.sql`
      update credentials set is_locked = false, locked_at = null, lock_reason = null, failed_login_count = 0
      where institution_id = ${institutionId} and institution_user_id = ${customer.institutionUserId}`;
    return api.userToken(customer);
  };

  test('unlocks its own user', async () => {
    const own = await readied(pat);
    await lockUser(app.database.sql, { institutionId, ...pat });
    expect((await api.withToken(own, 'PUT', pathOf(pat.customerId))).statusCode).toBe(204);
    const rows = await listActivities(app.database.sql, { institutionId, ...pat });
    expect(rows.at(-1)).toMatchObject({ kind: 'user_unlocked', details: { by: pat.institutionUserId } });
  });

  test('400 UXU_10011: does not unlock anybody else, not even its sub-user', async () => {
    const subUser = api.customer({ role: 'ENTITLED' });
    const primary = api.institution.customers.find((one) => one.institutionUserId === subUser.parentInstitutionUserId);
    if (primary === undefined) throw new Error('The sub-user has no primary.');
    const own = await readied(primary);
    await lockUser(app.database.sql, { institutionId, ...subUser });
    for (const { customerId } of [subUser, pat, { customerId: noDigitalUser }])
      expect(await refusalOf(api.withToken(own, 'PUT', pathOf(customerId)))).toEqual([400, 'UXU_10011']);
    expect(await stateOf(subUser)).toMatchObject({ is_locked: true });
  });

  test('404 UXU_88888: an unknown customer comes before the question whose it is', async () =>
    expect(await refusalOf(api.withToken(await readied(pat), 'PUT', pathOf(unknown)))).toEqual([404, 'UXU_88888']));
});

describe('switches', () => {
  test('unlock.not_locked=noop: 204 and no activity row for a user who is not locked (CR-37)', () =>
    withSwitch(app, institutionId, 'unlock.not_locked', ['noop', 'reject'], async () => {
      const user = api.customers({ state: 'active' })[1];
      if (user === undefined) throw new Error('The sandbox has one active customer only.');
      expect((await unlock(user.customerId)).statusCode).toBe(204);
      expect(await listActivities(app.database.sql, { institutionId, ...user })).toEqual([]);
      expect((await unlock()).statusCode).toBe(204);
      expect(await stateOf(pat)).toMatchObject({ is_locked: false });
    }));

  test('uxu.sample_codes: UXU_99999 is 500, and UXU_10000 stands for UXU_88888 (CR-34, CR-36)', () =>
    withSwitch(app, institutionId, 'uxu.sample_codes', [true, false], async () => {
      expect(await refusalOf(unlock(api.customer({ state: 'onHold' }).customerId))).toEqual([500, 'UXU_99999']);
      expect(await refusalOf(unlock(unknown))).toEqual([404, 'UXU_10000']);
    }));

  test('debug.rules: header x-rule names CR-37', () =>
    withSwitch(app, institutionId, 'debug.rules', [true, false], async () => {
      expect((await unlock(api.customer({ state: 'onHold' }).customerId)).headers['x-rule']).toBe('CR-37');
      expect((await unlock()).headers['x-rule']).toBeUndefined();
    }));
});
