import { randomUUID } from 'node:crypto';
import { getCustomer } from '@openbranch/contract/customers/operations';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, setSwitch, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let limited: ApplicationKeys;
const noDigitalUser = 'd'.repeat(32);
const unknown = 'e'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      limited = await insertApplication(sql, keyRing, { quota_per_day: 2 });
    },
  });
  api = createApiCaller(app);
  token = await api.partnerToken('institution-users:read');
  pat = api.customer({ state: 'active' });
  await app.database.sql`
    insert into customers (institution_id, customer_id, customer_type, member_number)
    values (${api.institutionId}, ${noDigitalUser}, 'RETAIL', '777')`;
});
afterAll(() => app.close());

const pathOf = (id: string) => `/v1/customers/${encodeURIComponent(id)}`;
const get = (id: string, query = '') => api.withToken(token, 'GET', `${pathOf(id)}${query}`);

test('the profile shows everything that is known, and nothing else', async () => {
  const answer = await get(pat.customerId);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  const seeded = app.seed.institutions[0]?.customers.find(({ customerId }) => customerId === pat.customerId);
  expect(answer.json()).toEqual({
    userId: pat.institutionUserId,
    fiId: '00042',
    loginId: seeded?.authId,
    userName: pat.loginId,
    failedLoginCount: 0,
    failedPasswordResetCount: 0,
    firstName: seeded?.firstName,
    middleName: seeded?.middleName,
    lastName: seeded?.lastName,
    fullName: `${seeded?.lastName}, ${seeded?.firstName} ${seeded?.middleName}`,
    emailAddress: seeded?.emailAddress,
    birthDate: pat.birthDate,
    postalAddresses: pat.postalAddresses.map((address, index) => ({ index: String(index + 1), country: 'US', ...address })),
    contactMethods: pat.contactMethods.map(({ isActivated, ...method }, index) => ({
      ...method,
      ...(method.protocol === 'EMAIL' ? {} : { telephoneCountryCode: '1' }),
      activated: isActivated,
      validated: true,
      enrolledDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u),
      primary: index === 0,
    })),
    userStatus: {
      active: true,
      onHold: false,
      locked: false,
      reset: false,
      registered: true,
      approved: true,
      rejected: false,
      invalidEmailId: false,
      acceptedDisclosure: true,
    },
    registrationDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u),
    userType: 'RETAIL',
    userRole: 'PRIMARY',
    customers: [
      { customerId: pat.customerId, memberNumber: pat.memberNumber, customerType: 'RETAIL', hostLoginId: pat.memberNumber },
    ],
    acceptedDisclosure: true,
    billPayChecked: false,
  });
  const listed = Object.keys(getCustomer.success.body.properties);
  expect(listed).toEqual(expect.arrayContaining(Object.keys(answer.json())));
});

test('what is not known is left out, never null', async () => {
  const { institutionUserId } = pat;
  const where = app.database.sql`where institution_id = '00042' and institution_user_id = ${institutionUserId}`;
  const [before] = await app.database.sql`select middle_name, email_address from institution_users ${where}`;
  await app.database.sql`update institution_users set middle_name = null, email_address = null ${where}`;
  const answer = await get(pat.customerId);
  await app.database.sql`update institution_users set ${app.database.sql(before ?? {})} ${where}`;
  expect(answer.body).not.toContain('null');
  expect(answer.json()).not.toHaveProperty('middleName');
  expect(answer.json()).not.toHaveProperty('emailAddress');
});

test.each([
  ['locked', { active: false, locked: true }],
  ['onHold', { active: false, onHold: true }],
  ['reset', { active: true, reset: true }],
] as const)('a customer who is %s shows it among nine flags, true and false', async (state, flags) => {
  const { userStatus } = (await get(api.customer({ state }).customerId)).json<{ userStatus: Record<string, boolean> }>();
  expect(Object.keys(userStatus)).toHaveLength(9);
  expect(userStatus).toMatchObject({ registered: true, approved: true, rejected: false, ...flags });
});

describe('which identifiers name a customer', () => {
  const forms: [string, (id: string) => string][] = [
    ['as it is', (id) => id],
    ['in upper case', (id) => id.toUpperCase()],
    ['with dashes', (id) => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5')],
  ];
  test.each(forms)('the customer id %s', async (_form, write) => {
    const answer = await get(write(pat.customerId));
    expect(answer.json()).toMatchObject({ userId: pat.institutionUserId });
    expect((await get(write(pat.customerId), '?userIdType=CUSTOMER_ID')).body).toBe(answer.body);
  });

  test('the login name in any case with userIdType LOGIN_ID', async () => {
    for (const login of [pat.loginId, pat.loginId.toUpperCase()])
      expect((await get(login, '?userIdType=LOGIN_ID')).json()).toMatchObject({ userId: pat.institutionUserId });
    expect((await get(pat.customerId, '?userIdType=LOGIN_ID')).statusCode).toBe(404);
  });

  test('a sub-user has a customer id of its own and reaches the customer of its primary', async () => {
    const subUser = api.customer({ role: 'ENTITLED' });
    const primary = api.institution.customers.find((one) => one.institutionUserId === subUser.parentInstitutionUserId);
    const profile = (await get(subUser.customerId)).json();
    expect(profile).toMatchObject({
      userId: subUser.institutionUserId,
      userRole: 'ENTITLED',
      customers: [{ customerId: primary?.customerId }],
    });
    expect((await get(primary?.customerId ?? '')).json()).toMatchObject({ userId: primary?.institutionUserId });
  });

  test('a location of a business answers its administrator', async () => {
    const admin = api.customer({ userType: 'BUSINESS' });
    const location = 'b'.repeat(32);
    const { sql } = app.database;
    await sql`
      insert into customers (institution_id, customer_id, customer_type, member_number)
      values ('00042', ${location}, 'BUSINESS', '12-3456789')`;
    await sql`
      insert into institution_user_customers (institution_id, institution_user_id, customer_id)
      values ('00042', ${admin.institutionUserId}, ${location})`;
    const profile = (await get(location)).json<{ customers: { customerId: string }[] }>();
    expect(profile).toMatchObject({ userId: admin.institutionUserId, userType: 'BUSINESS', userRole: 'PRIMARY' });
    expect(profile.customers.map(({ customerId }) => customerId)).toEqual([admin.customerId, location]);
  });
});

test.each([
  '/v1/customers/',
  '/ux-users/v1/customers/',
  '/digitalbanking/v1/customers/',
  '/digitalbanking/stage/ux-users/v1/customers/',
  '/digitalbanking/sandbox/v1/customers/',
])('%s{customerId} is the same operation, with and without a slash at the end', async (path) => {
  for (const end of ['', '/']) {
    const answer = await api.withToken(token, 'GET', `${path}${pat.customerId}${end}`);
    expect(answer.json()).toMatchObject({ userId: pat.institutionUserId });
  }
});

test('the correlation id comes back on success and on errors', async () => {
  const correlationId = randomUUID();
  const paths = [pathOf(pat.customerId), pathOf(unknown), pathOf('no-id')];
  for (const path of paths)
    expect((await api.withToken(token, 'GET', path, { headers: { correlationId } })).headers['correlationid']).toBe(
      correlationId,
    );
  expect((await api.call('GET', paths[0] ?? '', { headers: { CORRELATIONID: correlationId } })).headers['correlationid']).toBe(
    correlationId,
  );
});

describe('refusals of getCustomer (U1 lists no 401: what is wrong with a token is 400)', () => {
  const deny = async (status: number, code: string, answer: ReturnType<ApiCaller['call']>) => {
    const { statusCode, body, headers } = await answer;
    expect([statusCode, Reflect.get(JSON.parse(body), 'code')]).toEqual([status, code]);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const { message } = JSON.parse(body);
    expect(body).toBe(JSON.stringify({ status, message, code }));
  };
  const path = () => pathOf(pat.customerId);

  test('401 UXU_10005: no Authorization', () =>
    deny(400, 'UXU_10005', api.withToken(token, 'GET', path(), { headers: { authorization: undefined } })));
  test.each(['Bearer', 'Bearer ', 'Basic abc', 'token', 'Bearerx abc'])('401 UXU_10009: Authorization is %j', (authorization) =>
    deny(400, 'UXU_10009', api.withToken(token, 'GET', path(), { headers: { authorization } })),
  );
  test.each(['nonsense', 'a b', 'a.b.c', '\u00eb', 'x'.repeat(5000)])('401 UXU_10001: the token %s is none', (text) =>
    deny(400, 'UXU_10001', api.withToken(text, 'GET', path())),
  );
  test('401 UXU_10001: a token of the other edition', async () => {
    const { customer, signInV1 } = api;
    const { loginId, password } = customer({ state: 'active' });
    const legacy = /<access_token>(.*)<\/access_token>/u.exec((await signInV1(loginId, password)).body)?.[1] ?? '';
    await deny(400, 'UXU_10001', api.withToken(legacy, 'GET', path()));
  });
  test('401 UXU_10001: a revoked token', async () => {
    const revoked = await api.partnerToken();
    const { clientId, clientSecret } = api.application('partner');
    await api.call('DELETE', '/oauth2/v1/revoke', {
      headers: {
        authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
        transactionId: randomUUID(),
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: `token=${revoked}`,
    });
    await deny(400, 'UXU_10001', api.withToken(revoked, 'GET', path()));
  });
  test('401 UXU_10003: an expired token', async () => {
    await advanceClock(app, '00042', 1801);
    await deny(400, 'UXU_10003', api.withToken(token, 'GET', path()));
    await setClock(app, '00042', new Date().toISOString());
  });
  test('403 UXU_10002: a token without the scope', async () =>
    deny(403, 'UXU_10002', api.withToken(await api.partnerToken('institution-users:write'), 'GET', path())));
  test.each([undefined, '', ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']])(
    '400 UXU_10006: correlationId is missing, empty or sent twice (%j)',
    (correlationId) => deny(400, 'UXU_10006', api.withToken(token, 'GET', path(), { headers: { correlationId } })),
  );
  test.each(['abc', '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6', `${'1'.repeat(8)}-1111-4111-8111-${'g'.repeat(12)}`])(
    '400 UXU_10007: correlationId %s is no UUID',
    (correlationId) => deny(400, 'UXU_10007', api.withToken(token, 'GET', path(), { headers: { correlationId } })),
  );
  test.each(['', '1.2.3', '1.2.3.4, 5.6.7.8', 'localhost'])('400 UXU_10008: originating_ip is %j', (originating_ip) =>
    deny(400, 'UXU_10008', api.withToken(token, 'GET', path(), { headers: { originating_ip } })),
  );
  test.each(['192.0.2.7', '2001:db8::7'])('an originating_ip of %s is good', async (originating_ip) =>
    expect((await api.withToken(token, 'GET', path(), { headers: { originating_ip } })).statusCode).toBe(200),
  );
  test.each(['abc', '0'.repeat(31), `${'0'.repeat(32)}x`, "1' or '1'='1", '%zz', 'a'.repeat(2000)])(
    '400 UXU_10012: the path value %s is no customer id',
    (id) => deny(400, 'UXU_10012', get(id)),
  );
  test('400 UXU_10012: an escape in the path that is malformed', () =>
    deny(400, 'UXU_10012', api.withToken(token, 'GET', '/v1/customers/%zz')));
  test.each(['HOST_USER_ID', 'login_id', '', 'CUSTOMER_ID&userIdType=LOGIN_ID'])('400 UXU_10014: userIdType is %j', (type) =>
    deny(400, 'UXU_10014', get(pat.customerId, `?userIdType=${type}`)),
  );
  test('404 UXU_88888: nobody has this customer id or login name', async () => {
    await deny(404, 'UXU_88888', get(unknown));
    await deny(404, 'UXU_88888', get('nobody.at.all', '?userIdType=LOGIN_ID'));
  });
  test('404 UXU_88888: a customer of another institution is not found', async () => {
    const other = createApiCaller(app, 1).customer({ state: 'active' });
    await deny(404, 'UXU_88888', get(other.customerId));
    await deny(404, 'UXU_88888', get(other.loginId, '?userIdType=LOGIN_ID'));
  });
  test('400 UXU_88890: the core knows the customer, who has no digital user', () => deny(400, 'UXU_88890', get(noDigitalUser)));
  test('400 UXU_99999: headers beyond 8192 bytes, or characters outside printable ASCII', async () => {
    await deny(400, 'UXU_99999', api.withToken(token, 'GET', path(), { headers: { 'x-filler': 'x'.repeat(8200) } }));
    await deny(400, 'UXU_99999', api.withToken(token, 'GET', path(), { headers: { 'x-name': 'zo\u00eb' } }));
    await deny(400, 'UXU_99999', get('zo\u00eb', '?userIdType=LOGIN_ID'));
  });
  test.each([
    ['GET', '/ux-users/v1/customers'],
    ['GET', '/ux-users/v1/nowhere'],
    ['GET', '/v1/customers/{id}/contact-method'],
    ['GET', '/v1/customers/{id}:verify'],
    ['GET', '/v1/customers/{id}/accounts'],
    ['PUT', '/customers/{id}:reset-password'],
    ['PUT', '/digitalbanking/customers/{id}:resetPassword'],
    ['PUT', '/customers/{id}:contact-info'],
  ] as const)('UXU_10013: %s %s is no operation', (method, url) =>
    deny(400, 'UXU_10013', api.withToken(token, method, url.replace('{id}', pat.customerId))),
  );
  test('CMN_90001: the quota of the application, in the envelope of the gateway', async () => {
    const { accessToken } = await tokensOf(requestToken(app.http, limited, { grant_type: 'client_credentials' }));
    expect((await api.withToken(accessToken, 'GET', path())).statusCode).toBe(200);
    const refused = await api.withToken(accessToken, 'GET', path());
    expect(refused.statusCode).toBe(500);
    expect(refused.body).toMatch(/^\{"code":"CMN_90001","message":"[^"]+"\}$/u);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await withSwitch(app, '00042', 'quota.http', ['429', '500'], async () =>
      expect((await api.withToken(accessToken, 'GET', path())).statusCode).toBe(429),
    );
  });
});

describe('a token of one user', () => {
  test('reaches its own user, by id and by login name', async () => {
    const own = await api.userToken(pat);
    expect((await api.withToken(own, 'GET', pathOf(pat.customerId))).statusCode).toBe(200);
    expect((await api.withToken(own, 'GET', `${pathOf(pat.loginId)}?userIdType=LOGIN_ID`)).statusCode).toBe(200);
  });

  test('400 UXU_10011: learns nothing of others, not even whether they exist', async () => {
    const own = await api.userToken(pat);
    const someone = api.customer({ state: 'locked' });
    const answers = await Promise.all(
      [pathOf(someone.customerId), pathOf(unknown), pathOf(noDigitalUser), `${pathOf('nobody')}?userIdType=LOGIN_ID`].map((url) =>
        api.withToken(own, 'GET', url, { headers: { correlationId: '11111111-1111-4111-8111-111111111111' } }),
      ),
    );
    for (const { statusCode, body } of answers) {
      expect([statusCode, body]).toEqual([answers[0]?.statusCode, answers[0]?.body]);
    }
    expect(answers[0]?.json()).toMatchObject({ status: 400, code: 'UXU_10011' });
  });

  test('400 UXU_10011: of a primary does not reach the profile of its sub-user', async () => {
    const subUser = api.customer({ role: 'ENTITLED' });
    const primary = api.institution.customers.find((one) => one.institutionUserId === subUser.parentInstitutionUserId);
    if (primary === undefined) throw new Error('The sub-user has no primary.');
    expect(await refusalOf(api.withToken(await api.userToken(primary), 'GET', pathOf(subUser.customerId)))).toEqual([
      400,
      'UXU_10011',
    ]);
    expect((await api.withToken(await api.userToken(subUser), 'GET', pathOf(subUser.customerId))).statusCode).toBe(200);
    expect(await refusalOf(api.withToken(await api.userToken(subUser), 'GET', pathOf(primary.customerId)))).toEqual([
      400,
      'UXU_10011',
    ]);
  });
});

describe('switches', () => {
  test('uxu.sample_codes: UXU_10000 for an unknown customer, UXU_10007 and UXU_10008 for the correlation id (CR-33, CR-34)', () =>
    withSwitch(app, '00042', 'uxu.sample_codes', [true, false], async () => {
      expect((await get(unknown)).json()).toMatchObject({ status: 404, code: 'UXU_10000' });
      const withId = (correlationId: string | undefined) =>
        api.withToken(token, 'GET', pathOf(pat.customerId), { headers: { correlationId } });
      expect((await withId(undefined)).json()).toMatchObject({ status: 400, code: 'UXU_10007' });
      expect((await withId('abc')).json()).toMatchObject({ status: 400, code: 'UXU_10008' });
    }));

  test('user.fullname: first name first (CR-38)', () =>
    withSwitch(app, '00042', 'user.fullname', ['first, last middle', 'last, first middle'], async () => {
      const profile = (await get(pat.customerId)).json<Record<string, string>>();
      expect(profile['fullName']).toBe(`${profile['firstName']}, ${profile['lastName']} ${profile['middleName']}`);
    }));

  test('u1.portal_flags: eleven flags (CR-47)', () =>
    withSwitch(app, '00042', 'u1.portal_flags', ['eleven', 'nine'], async () => {
      const { userStatus } = (await get(pat.customerId)).json<{ userStatus: object }>();
      expect(Object.keys(userStatus)).toHaveLength(11);
      expect(userStatus).toMatchObject({ needsToAcceptDisclosure: false, needsToAcceptSecondaryDisclosure: false });
    }));

  test('debug.rules: an answer names the rows of the register that decided it', async () => {
    expect((await get(pat.customerId)).headers['x-rule']).toBeUndefined();
    await withSwitch(app, '00042', 'debug.rules', [true, false], async () => {
      expect((await get(pat.customerId)).headers['x-rule']).toBe('CR-47, CR-38');
      await setSwitch(app, '00042', 'uxu.sample_codes', true);
      expect((await get(unknown)).headers['x-rule']).toContain('CR-34');
      await setSwitch(app, '00042', 'uxu.sample_codes', false);
    });
  });

  test('a switch of one institution changes nothing in another', () =>
    withSwitch(app, '00042', 'uxu.sample_codes', [true, false], async () => {
      const other = createApiCaller(app, 1);
      const answer = await other.withToken(await other.partnerToken(), 'GET', pathOf(unknown));
      expect(answer.json()).toMatchObject({ code: 'UXU_88888' });
    }));
});
