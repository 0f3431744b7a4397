import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { lockUser } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let limited: ApplicationKeys;
const institutionId = '00042';
const unknown = 'E'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      limited = await insertApplication(sql, keyRing, { quota_per_day: 1 });
    },
  });
  api = createApiCaller(app);
  token = await api.partnerToken('institution-users:read');
  pat = api.customer({ state: 'active' });
});
afterAll(() => app.close());

const pathOf = (id: string, type = 'INSTITUTION_USER_ID') => `/v1/user-status/${encodeURIComponent(id)}?userIdType=${type}`;
const get = (id: string, type?: string, headers: Record<string, string | string[] | undefined> = {}) =>
  api.withToken(token, 'GET', pathOf(id, type), { headers });

describe('the status shows only flags that are true', () => {
  test('of an active user: active, without registered and approved', async () => {
    const answer = await get(pat.institutionUserId);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      institutionUserId: pat.institutionUserId,
      active: true,
      additionalInfo: { failedLoginCount: 0, failedPasswordResetCount: 0 },
    });
  });

  test('of a locked user (acceptance check 4)', async () => {
    const user = api.customer({ state: 'locked' });
    expect((await get(user.institutionUserId)).json()).toEqual({
      institutionUserId: user.institutionUserId,
      locked: true,
      registered: true,
      approved: true,
      additionalInfo: { failedLoginCount: 5, failedPasswordResetCount: 0 },
    });
  });

  test('of a user on hold: when, why and by whom', async () => {
    const user = api.customer({ state: 'onHold' });
    expect((await get(user.institutionUserId)).json()).toEqual({
      institutionUserId: user.institutionUserId,
      onHold: true,
      registered: true,
      approved: true,
      additionalInfo: {
        failedLoginCount: 0,
        failedPasswordResetCount: 0,
        holdDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u),
        holdReason: 'Identity check pending',
        holdInitiatedBy: 'sandbox seed',
      },
    });
  });

  test('of a user who must choose a new password', async () => {
    const user = api.customer({ state: 'reset' });
    expect((await get(user.institutionUserId)).json()).toMatchObject({ active: true, reset: true });
  });

  test.each([
    ['pending_approval', { registered: true }],
    ['rejected', { registered: true, rejected: true }],
    ['pending_disclosure', {}],
    ['none', {}],
  ])('of a user whose registration is %s', async (registration, flags) => {
    const { institutionUserId } = api.customer({ userType: 'BUSINESS' });
    const set = (value: string) =>
      app.database.sql`
        update credentials set registration = ${value}
        where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
    await set(registration);
    const answer = (await get(institutionUserId)).json<Record<string, unknown>>();
    await set('approved');
    const { additionalInfo: _info, ...rest } = answer;
    expect(rest).toEqual({ institutionUserId, ...flags });
  });
});

test('the last sign-in is shown with the offset of the institution', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  await api.userToken(pat);
  const { additionalInfo } = (await get(pat.institutionUserId)).json<{ additionalInfo: Record<string, string> }>();
  expect(additionalInfo['lastLoginDateTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u);
  expect(Date.parse(additionalInfo['lastLoginDateTime'] ?? '')).toBeGreaterThanOrEqual(before);
});

test('a sub-user names its primary, and the primary lists its sub-users (acceptance check 10)', async () => {
  const subUser = api.customer({ role: 'ENTITLED' });
  const { parentInstitutionUserId = '' } = subUser;
  const own = (await get(subUser.institutionUserId)).json<Record<string, unknown>>();
  expect(own).toMatchObject({ parentInstitutionUserId, active: true });
  expect(own).not.toHaveProperty('subUsers');
  const primary = (await get(parentInstitutionUserId)).json();
  expect(primary).not.toHaveProperty('parentInstitutionUserId');
  expect(primary).toMatchObject({
    subUsers: [
      {
        institutionUserId: subUser.institutionUserId,
        active: true,
        additionalInfo: { failedLoginCount: 0, failedPasswordResetCount: 0 },
      },
    ],
  });
});

test('a deleted sub-user is nowhere to be found', async () => {
  const subUser = api.customer({ role: 'ENTITLED' });
  const set = (isDeleted: boolean) =>
    app.database.sql`
      update credentials set is_deleted = ${isDeleted}
      where institution_id = ${institutionId} and institution_user_id = ${subUser.institutionUserId}`;
  await set(true);
  const answers = [await get(subUser.institutionUserId), await get(subUser.parentInstitutionUserId ?? '')];
  await set(false);
  expect(answers[0]?.statusCode).toBe(404);
  expect(answers[1]?.json()).not.toHaveProperty('subUsers');
});

describe('which identifiers name a user', () => {
  const sameUser = async (id: string, type: string) =>
    expect((await get(id, type)).json()).toMatchObject({ institutionUserId: pat.institutionUserId });

  test('INSTITUTION_USER_ID in any case', async () => {
    await sameUser(pat.institutionUserId, 'INSTITUTION_USER_ID');
    await sameUser(pat.institutionUserId.toLowerCase(), 'INSTITUTION_USER_ID');
  });
  test('CUSTOMER_ID and its alias LEGACY_USER_GUID (CR-42), with dashes and in any case', async () => {
    for (const type of ['CUSTOMER_ID', 'LEGACY_USER_GUID']) {
      await sameUser(pat.customerId, type);
      await sameUser(pat.customerId.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-'), type);
    }
  });
  test('LOGIN_ID in any case', async () => {
    await sameUser(pat.loginId, 'LOGIN_ID');
    await sameUser(pat.loginId.toUpperCase(), 'LOGIN_ID');
  });
  test('HOST_USER_ID, the member number, which names the primary and not its sub-user', async () => {
    await sameUser(pat.memberNumber, 'HOST_USER_ID');
    const subUser = api.customer({ role: 'ENTITLED' });
    expect((await get(subUser.memberNumber, 'HOST_USER_ID')).json()).toMatchObject({
      institutionUserId: subUser.parentInstitutionUserId,
    });
  });
  test('400 ISR_11008: HOST_USER_ID of a business', async () =>
    expect(await refusalOf(get(api.customer({ userType: 'BUSINESS' }).memberNumber, 'HOST_USER_ID'))).toEqual([
      400,
      'ISR_11008',
    ]));
});

test.each([
  '/v1/user-status/',
  '/db-users/v1/user-status/',
  '/digitalbanking/v1/user-status/',
  '/digitalbanking/stage/db-users/v1/user-status/',
])('%s{institutionUserId} is the same operation, with and without a slash at the end', async (path) => {
  for (const end of ['', '/']) {
    const url = `${path}${pat.institutionUserId}${end}?userIdType=INSTITUTION_USER_ID`;
    expect((await api.withToken(token, 'GET', url)).statusCode).toBe(200);
  }
});

test('the transaction id comes back, whatever printable text it is', async () => {
  for (const transactionId of ['a', 'any text: "1" <2>', 'x'.repeat(64), randomUUID()]) {
    const answer = await get(pat.institutionUserId, undefined, { transactionId });
    expect([answer.statusCode, answer.headers['transactionid']]).toEqual([200, transactionId]);
  }
});

describe('refusals of getUserStatus', () => {
  const deny = async (status: number, code: string, answer: ReturnType<ApiCaller['call']>) => {
    const { body, statusCode, headers } = await answer;
    const { message } = JSON.parse(body);
    expect(body).toBe(JSON.stringify({ code, message }));
    expect(statusCode).toBe(status);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  };
  const withHeaders = (headers: Record<string, string | string[] | undefined>) => get(pat.institutionUserId, undefined, headers);

  test.each([undefined, 'Basic abc', 'Bearer'])('401 ISR_11001: Authorization is %j', (authorization) =>
    deny(401, 'ISR_11001', withHeaders({ authorization })),
  );
  test('401 ISR_11002: the token is none of ours, or of the other edition', async () => {
    await deny(401, 'ISR_11002', withHeaders({ authorization: 'Bearer x.y.z' }));
    const legacy = /<access_token>(.*)<\/access_token>/u.exec((await api.signInV1(pat.loginId, pat.password)).body)?.[1];
    await deny(401, 'ISR_11002', withHeaders({ authorization: `Bearer ${legacy}` }));
  });
  test('401 ISR_11002: the token has expired', async () => {
    await advanceClock(app, institutionId, 1801);
    await deny(401, 'ISR_11002', withHeaders({}));
    await setClock(app, institutionId, new Date().toISOString());
  });
  test('403 ISR_11003: the token lacks the scope', async () =>
    deny(403, 'ISR_11003', withHeaders({ authorization: `Bearer ${await api.partnerToken('institution-users:write')}` })));
  test.each([undefined, '', ['a', 'b']])('400 ISR_11005: transactionId is missing, empty or sent twice (%j)', (transactionId) =>
    deny(400, 'ISR_11005', withHeaders({ transactionId })),
  );
  test('400 ISR_11006: transactionId is longer than 64 characters', () =>
    deny(400, 'ISR_11006', withHeaders({ transactionId: 'x'.repeat(65) })));
  test.each([
    ['in transactionId', { transactionId: 'zo\u00eb' }],
    ['in another header', { 'x-name': 'zo\u00eb' }],
    ['in that the headers are beyond 8192 bytes', { 'x-filler': 'x'.repeat(8200) }],
  ])('400 ISR_11004: outside printable ASCII %s', (_where, headers) => deny(400, 'ISR_11004', withHeaders(headers)));
  test('400 ISR_11004: outside printable ASCII in the path', () => deny(400, 'ISR_11004', get('zo\u00eb', 'LOGIN_ID')));
  test('400 ISR_11009: callingAppId is longer than 64 characters', async () => {
    await deny(400, 'ISR_11009', withHeaders({ callingAppId: 'x'.repeat(65) }));
    expect((await withHeaders({ callingAppId: 'x'.repeat(64) })).statusCode).toBe(200);
  });
  test('400 ISR_10000: header institutionId is not the institution of the token', async () => {
    await deny(400, 'ISR_10000', withHeaders({ institutionId: '00077' }));
    await deny(400, 'ISR_10000', withHeaders({ institutionId: 'x' }));
    expect((await withHeaders({ institutionId })).statusCode).toBe(200);
  });
  test.each([
    ['INSTITUTION_USER_ID', 'abc'],
    ['CUSTOMER_ID', '0'.repeat(31)],
    ['LEGACY_USER_GUID', 'patdemo01'],
    ['HOST_USER_ID', '12-34'],
    ['HOST_USER_ID', '1'.repeat(33)],
    ['LOGIN_ID', '   '],
    ['LOGIN_ID', 'x'.repeat(257)],
  ])('400 ISR_11007: as %s the path value %s is malformed', (type, id) => deny(400, 'ISR_11007', get(id, type)));
  test.each(['USER_ID', 'login_id', '', 'LOGIN_ID&userIdType=LOGIN_ID'])('400 ISR_11008: userIdType is %j', (type) =>
    deny(400, 'ISR_11008', get(pat.institutionUserId, type)),
  );
  test('400 ISR_11008: userIdType is missing (acceptance check 9)', () =>
    deny(400, 'ISR_11008', api.withToken(token, 'GET', `/v1/user-status/${pat.institutionUserId}`)));
  test('404 ISR_10001: nobody is known by it', async () => {
    await deny(404, 'ISR_10001', get(unknown));
    await deny(404, 'ISR_10001', get('999999', 'HOST_USER_ID'));
  });
  test('404 ISR_10001: a user of another institution is not found, by none of its identifiers', async () => {
    const other = createApiCaller(app, 1).customer({ state: 'active' });
    await deny(404, 'ISR_10001', get(other.institutionUserId));
    await deny(404, 'ISR_10001', get(other.customerId, 'CUSTOMER_ID'));
    await deny(404, 'ISR_10001', get(other.loginId, 'LOGIN_ID'));
    await deny(404, 'ISR_10001', get(other.memberNumber, 'HOST_USER_ID'));
  });
  test('CMN_90001: the quota of the application', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, limited, { grant_type: 'client_credentials' }));
    await deny(500, 'CMN_90001', api.withToken(accessToken, 'GET', pathOf(pat.institutionUserId)));
  });
});

test('the first of several faults is answered: the order of the checks', async () => {
  const order: [code: string, mend: Record<string, string | undefined>][] = [
    ['ISR_11001', { authorization: 'Bearer x.y.z' }],
    ['ISR_11002', { authorization: `Bearer ${await api.partnerToken('institution-users:write')}` }],
    ['ISR_11003', { authorization: `Bearer ${token}` }],
    ['ISR_11005', { transactionId: 'x'.repeat(65) }],
    ['ISR_11006', { transactionId: randomUUID() }],
    ['ISR_11009', { callingAppId: undefined }],
    ['ISR_11004', { 'x-name': undefined }],
    ['ISR_10000', { institutionId: undefined }],
    ['ISR_11008', {}],
  ];
  let headers: Record<string, string | undefined> = {
    authorization: undefined,
    transactionId: undefined,
    callingAppId: 'x'.repeat(65),
    'x-name': 'zo\u00eb',
    institutionId: '00077',
  };
  for (const [code, mend] of order) {
    expect((await refusalOf(get('no-id', 'NO_TYPE', headers)))[1]).toBe(code);
    headers = { ...headers, ...mend };
  }
});

describe('a token of one user', () => {
  test('reaches its own user by every identifier, and its sub-users', async () => {
    const subUser = api.customer({ role: 'ENTITLED' });
    const primary = api.institution.customers.find((one) => one.institutionUserId === subUser.parentInstitutionUserId);
    if (primary === undefined) throw new Error('The sub-user has no primary.');
    const own = await api.userToken(primary);
    for (const path of [
      pathOf(primary.institutionUserId),
      pathOf(primary.loginId, 'LOGIN_ID'),
      pathOf(primary.memberNumber, 'HOST_USER_ID'),
      pathOf(subUser.institutionUserId),
      pathOf(subUser.customerId, 'CUSTOMER_ID'),
    ]) {
      expect((await api.withToken(own, 'GET', path)).statusCode).toBe(200);
    }
  });

  test('403 ISR_11003: learns nothing of others, not even whether they exist or are a business', async () => {
    const own = await api.userToken(pat);
    const someone = api.customer({ state: 'locked' });
    const business = api.customer({ userType: 'BUSINESS' });
    const bodies = new Set<string>();
    for (const path of [
      pathOf(someone.institutionUserId),
      pathOf(unknown),
      pathOf(someone.loginId, 'LOGIN_ID'),
      pathOf('nobody', 'LOGIN_ID'),
      pathOf(business.memberNumber, 'HOST_USER_ID'),
      pathOf('999999', 'HOST_USER_ID'),
    ]) {
      const answer = await api.withToken(own, 'GET', path);
      bodies.add(`${answer.statusCode} ${answer.body}`);
    }
    expect([...bodies]).toEqual(['403 {"code":"ISR_11003","message":"the access token does not cover this user"}']);
  });

  test('403 ISR_11003: of a sub-user does not reach its primary', async () => {
    const subUser = api.customer({ role: 'ENTITLED' });
    const own = await api.userToken(subUser);
    expect((await api.withToken(own, 'GET', pathOf(subUser.institutionUserId))).statusCode).toBe(200);
    expect(await refusalOf(api.withToken(own, 'GET', pathOf(subUser.parentInstitutionUserId ?? '')))).toEqual([403, 'ISR_11003']);
  });
});

describe('switches', () => {
  test('isr.notfound_http: ISR_10001 is 400 (CR-40)', () =>
    withSwitch(app, institutionId, 'isr.notfound_http', ['400', '404'], async () =>
      expect(await refusalOf(get(unknown))).toEqual([400, 'ISR_10001']),
    ));

  test('isr.flags: registered and approved are shown of active users too (CR-41)', () =>
    withSwitch(app, institutionId, 'isr.flags', ['all true flags', 'left out while active'], async () =>
      expect((await get(pat.institutionUserId)).json()).toMatchObject({ active: true, registered: true, approved: true }),
    ));

  test('trace.strict_uuid: a transactionId that is no UUID is an invalid parameter, 400 ISR_11008', () =>
    withSwitch(app, institutionId, 'trace.strict_uuid', [true, false], async () => {
      expect(await refusalOf(get(pat.institutionUserId, undefined, { transactionId: 'abc' }))).toEqual([400, 'ISR_11008']);
      expect(await refusalOf(get(pat.institutionUserId, undefined, { transactionId: 'x'.repeat(65) }))).toEqual([
        400,
        'ISR_11006',
      ]);
      expect((await get(pat.institutionUserId)).statusCode).toBe(200);
    }));

  test('debug.rules: header x-rule names CR-41, and CR-40 when its switch decides', () =>
    withSwitch(app, institutionId, 'debug.rules', [true, false], async () => {
      expect((await get(pat.institutionUserId)).headers['x-rule']).toBe('CR-41');
      await withSwitch(app, institutionId, 'isr.notfound_http', ['400', '404'], async () =>
        expect((await get(unknown)).headers['x-rule']).toBe('CR-40'),
      );
    }));
});

test('a lock that the policy has ended is shown as ended, in the sub-user list too', async () => {
  const subUser = api.customer({ role: 'ENTITLED' });
  await lockUser(app.database.sql, { institutionId, institutionUserId: subUser.institutionUserId });
  const shown = async () =>
    (await get(subUser.parentInstitutionUserId ?? '')).json<{ subUsers: { active?: boolean; locked?: boolean }[] }>().subUsers[0];
  expect(await shown()).toMatchObject({ locked: true });
  await api.control('PUT', '/policies/lockout', { maxFailed: 5, autoUnlockMinutes: 10 });
  await advanceClock(app, institutionId, 601);
  expect(await shown()).toMatchObject({ active: true, additionalInfo: { failedLoginCount: 0 } });
});
