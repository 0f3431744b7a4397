import { constants, createPrivateKey, type KeyObject, privateDecrypt, randomUUID } from 'node:crypto';
import { readDocumentKey } from '@openbranch/server/products/sandbox/index';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
/** May read users, but neither documents nor bill-pay credentials. */
let plainToken: string;
let pat: Customer;
let primary: Customer;
let subUser: Customer;
let business: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
  plainToken = await api.partnerToken('institution-users:read');
  pat = api.customer({ state: 'active' });
  subUser = api.customer({ role: 'ENTITLED' });
  business = api.customer({ userType: 'BUSINESS' });
  const parent = api.institution.customers.find(({ institutionUserId }) => institutionUserId === subUser.parentInstitutionUserId);
  if (parent === undefined) throw new Error('The sub-user has no primary.');
  primary = parent;
});
afterAll(() => app.close());

type Query = Readonly<Record<string, string>>;
const urlOf = (version: 'v1' | 'v2', id: string, query: Query) =>
  `/${version}/institution-users/${encodeURIComponent(id)}?${new URLSearchParams(query)}`;
const get = (id: string, query: Query = {}, bearer = token) => api.withToken(bearer, 'GET', urlOf('v1', id, query));
const getV2 = (id: string, query: Query = {}, bearer = token) => api.withToken(bearer, 'GET', urlOf('v2', id, query));
const read = async (id: string, query: Query = {}) => (await get(id, query)).json();
const current = (bearer: string, query: Query = {}) =>
  api.withToken(bearer, 'GET', `/v1/institution-users?${new URLSearchParams(query)}`);

describe('an institution user', () => {
  test('is shown with identity, customers and status, and without dates', async () => {
    const user = await read(pat.institutionUserId);
    expect(user).toEqual({
      institutionUserId: pat.institutionUserId,
      institutionId: '00042',
      institutionUserRole: 'PRIMARY',
      institutionUserType: 'RETAIL',
      institutionCustomers: [
        {
          institutionCustomerId: pat.customerId,
          memberNumber: pat.memberNumber,
          hostLoginId: pat.memberNumber,
          customerType: 'RETAIL',
          memberName: user.fullName,
        },
      ],
      userId: expect.stringMatching(/^[0-9a-f]{32}$/u),
      userName: pat.loginId,
      lastName: expect.any(String),
      firstName: expect.any(String),
      middleName: expect.any(String),
      fullName: `${user.lastName}, ${user.firstName} ${user.middleName}`,
      email: pat.emailAddress,
      failedLoginCount: 0,
      failedPasswordResetCount: 0,
      userStatus: { active: true },
      additionalInfo: { entry: [{ key: 'legacyUserGuid', value: pat.customerId }] },
    });
  });

  test('is found by every kind of id', async () => {
    const { userId } = await read(pat.institutionUserId);
    const ids: [string, string][] = [
      ['INSTITUTION_USER_ID', pat.institutionUserId.toLowerCase()],
      ['HOST_USER_ID', pat.memberNumber],
      ['LOGIN_ID', pat.loginId],
      ['LEGACY_USER_GUID', pat.customerId],
      ['CUSTOMER_ID', pat.customerId],
      ['USER_ID', userId],
    ];
    for (const [userIdType, id] of ids) {
      expect((await read(id, { userIdType })).institutionUserId, userIdType).toBe(pat.institutionUserId);
      expect((await getV2(id, { userIdType })).json().institutionUserId, userIdType).toBe(pat.institutionUserId);
    }
  });

  test('shows the last sign-in once there was one, and a hold while it lasts', async () => {
    expect((await api.userToken(pat)).length).toBeGreaterThan(0);
    expect((await read(pat.institutionUserId)).lastLoginDateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u);
    const held = await read(api.customer({ state: 'onHold' }).institutionUserId);
    expect(held).toMatchObject({
      userStatus: { onHold: true, registered: true, approved: true },
      holdReason: 'Identity check pending',
      holdInitiatedBy: 'sandbox seed',
      holdDateTime: expect.stringContaining('T'),
    });
  });

  test('of a business shows its location as primary, and no name of it', async () => {
    const user = await read(business.institutionUserId);
    expect(user.institutionCustomers).toEqual([
      {
        institutionCustomerId: business.customerId,
        memberNumber: business.memberNumber,
        hostLoginId: business.memberNumber,
        customerType: 'BUSINESS',
        primary: true,
      },
    ]);
  });

  test('who is a sub-user shows its primary and the customer of the primary', async () => {
    const user = await read(subUser.institutionUserId);
    expect(user.parentInstitutionUserId).toBe(primary.institutionUserId);
    expect(user.institutionCustomers[0]).toMatchObject({
      institutionCustomerId: primary.customerId,
      memberName: (await read(primary.institutionUserId)).fullName,
    });
    expect(user.additionalInfo.entry).toEqual([{ key: 'legacyUserGuid', value: subUser.customerId }]);
  });

  test('has the ids of the profile', async () => {
    const profile = (await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`)).json();
    const user = await read(pat.institutionUserId);
    expect(profile.customers[0].customerId).toBe(user.additionalInfo.entry[0].value);
    expect([profile.userId, profile.loginId]).toEqual([user.institutionUserId, user.userId]);
  });
});

describe('$expand', () => {
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

  test('shows contact methods as they are', async () => {
    const { contactMethods } = await read(pat.institutionUserId, { $expand: 'contactMethods' });
    expect(contactMethods[0]).toEqual({
      id: '7100001',
      protocol: 'SMS',
      activated: true,
      enrolledDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u),
      telephoneCountryCode: '1',
      contactInfo: pat.contactMethods[0]?.contactInfo,
      validated: true,
      host: true,
      primary: true,
      contactMethodType: 'HOME_CELLPHONE',
    });
  });

  test('shows postal addresses as they are, by either name', async () => {
    const { postalAddresses } = await read(pat.institutionUserId, { $expand: 'postalAddress' });
    expect(postalAddresses).toEqual((await read(pat.institutionUserId, { $expand: 'postalAddresses' })).postalAddresses);
    expect(postalAddresses[0]).toEqual({
      streetAddress1: '12 Sample Row',
      city: 'Springdale',
      state: 'NJ',
      postalCode: '07047',
      country: 'US',
      primary: true,
      international: false,
      id: '5100001',
      postalAddressType: 'PHYSICAL_HOME_ADDRESS',
    });
  });

  test.each([
    ["contactMethods($filter=(validated eq true) and (protocol eq 'VOICE'))", 'contactMethods', ['7100002']],
    ["contactMethods($filter=host eq true),postalAddresses($filter=state eq 'NJ')", 'postalAddresses', ['5100001']],
    ["contactMethods($filter=host eq true),postalAddresses($filter=state eq 'NJ')", 'contactMethods', ['7100001', '7100002']],
    ["contactMethods($filter=protocol eq 'FAX')", 'contactMethods', []],
    [
      'contactMethods($filter=enrolledDateTime gt 2020-01-01),contactMethods',
      'contactMethods',
      ['7100001', '7100002', '7100003'],
    ],
    ["contactMethods($filter=telephoneCountryCode ne '1')", 'contactMethods', ['7100003']],
    ["contactMethods($filter=contains(contactInfo,'@EXAMPLE'))", 'contactMethods', ['7100003']],
  ])('%s: %s %j', async ($expand, segment, expected) => {
    expect(ids((await read(pat.institutionUserId, { $expand }))[segment])).toEqual(expected);
  });

  test('shows sub-users as summaries, and filters them', async () => {
    const { subUsers } = await read(primary.institutionUserId, { $expand: 'subUsers' });
    expect(subUsers).toHaveLength(1);
    expect(subUsers[0]).toMatchObject({
      institutionUserId: subUser.institutionUserId,
      parentInstitutionUserId: primary.institutionUserId,
      institutionUserRole: 'ENTITLED',
      userName: subUser.loginId,
      additionalInfo: { entry: [{ key: 'legacyUserGuid', value: subUser.customerId }] },
    });
    for (const absent of ['institutionCustomers', 'lastLoginDateTime', 'birthDate', 'contactMethods']) {
      expect(subUsers[0]).not.toHaveProperty(absent);
    }
    const filtered = async (filter: string) =>
      (await read(primary.institutionUserId, { $expand: `subUsers($filter=${filter})` })).subUsers.length;
    expect(await filtered(`userName eq '${subUser.loginId}'`)).toBe(1);
    expect(await filtered(`birthDate eq ${subUser.birthDate}`)).toBe(1);
    expect(await filtered("userName eq 'somebody'")).toBe(0);
    expect((await read(subUser.institutionUserId, { $expand: 'subUsers' })).subUsers).toEqual([]);
  });

  test.each([
    ['contactMethods', true, true],
    ['postalAddresses', true, false],
    ['subUsers', false, true],
  ])('%s brings the birth date: %s, the registration: %s', async ($expand, hasBirthDate, hasRegistration) => {
    const user = await read(primary.institutionUserId, { $expand });
    expect([user.birthDate === primary.birthDate, 'registrationDateTime' in user]).toEqual([hasBirthDate, hasRegistration]);
  });

  test('is not needed for dates where the institution shows them always', async () => {
    await withSwitch(app, api.institutionId, 'user.always_dates', [true, false], async () => {
      const user = await read(primary.institutionUserId);
      expect([user.birthDate, typeof user.registrationDateTime]).toEqual([primary.birthDate, 'string']);
      const [summary] = (await read(primary.institutionUserId, { $expand: 'subUsers' })).subUsers;
      expect([summary.birthDate, typeof summary.registrationDateTime]).toEqual([subUser.birthDate, 'string']);
    });
  });

  test.each([
    'accounts',
    'contactMethods,',
    'contactMethods($filter=)',
    'contactMethods($filter=activated)',
    "contactMethods($filter=activated eq 'true')",
    'contactMethods($filter=colour eq true)',
    `contactMethods($filter=${'('.repeat(500)}activated eq true${')'.repeat(500)})`,
    'identificationDocuments',
    '',
  ])('%s is no expression of version 1 (400 ISR_10009)', async ($expand) => {
    expect(await refusalOf(get(pat.institutionUserId, { $expand }))).toEqual([400, 'ISR_10009']);
  });

  test('a business has no sub-users to expand (400 ISR_10009)', async () => {
    expect(await refusalOf(get(business.institutionUserId, { $expand: 'subUsers' }))).toEqual([400, 'ISR_10009']);
  });
});

describe('identification documents', () => {
  const documents = { $expand: 'identificationDocuments' };
  let privateKey: KeyObject;

  beforeAll(async () => {
    const pem = await readDocumentKey(app.database.sql, app.keyRing, api.institutionId);
    if (pem === undefined) throw new Error('The sandbox has no document key.');
    privateKey = createPrivateKey(pem);
  });

  const decrypt = (id: string): string =>
    privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(id, 'base64'),
    ).toString();

  test('leave encrypted to the key of the institution, differently each time', async () => {
    const first = (await getV2(pat.institutionUserId, documents)).json().identificationDocuments;
    const second = (await getV2(pat.institutionUserId, documents)).json().identificationDocuments;
    expect(first.map(({ id }: { id: string }) => id.length)).toEqual([344, 344]);
    expect(first[0].id).not.toBe(second[0].id);
    expect(first.map(({ id }: { id: string }) => decrypt(id))).toEqual(pat.documents.map(({ number }) => number));
    expect(first[0]).toEqual({ id: first[0].id, maskedId: `*****${pat.ssn.slice(-4)}`, identificationDocumentType: 'SSN' });
  });

  test('can be filtered by what is shown and by what is not', async () => {
    const count = async (filter: string) => {
      const answer = await getV2(pat.institutionUserId, { $expand: `identificationDocuments($filter=${filter})` });
      return answer.json().identificationDocuments.length;
    };
    expect(await count("identificationDocumentType eq 'SSN'")).toBe(1);
    expect(await count('expiryDate gt 2030-01-01')).toBe(1);
    expect(await count("issuerState eq 'CA'")).toBe(1);
    expect(await count("issuerCountry eq 'FR'")).toBe(0);
  });

  test('are not shown to a token without the scope (403 ISR_11003)', async () => {
    expect(await refusalOf(getV2(pat.institutionUserId, documents, plainToken))).toEqual([403, 'ISR_11003']);
    expect((await getV2(pat.institutionUserId, {}, plainToken)).json()).not.toHaveProperty('identificationDocuments');
  });

  test('come with the birth date, and with the other segments', async () => {
    const user = (await getV2(pat.institutionUserId, { $expand: 'identificationDocuments,contactMethods' })).json();
    expect([user.birthDate, user.contactMethods.length]).toEqual([pat.birthDate, 3]);
  });

  test('cannot be shown by an institution without a key (500 ISR_23007), each time', async () => {
    const other = createApiCaller(app, 1);
    await app.database.sql`delete from institution_document_keys where institution_id = ${other.institutionId}`;
    const otherToken = await other.partnerToken();
    const { institutionUserId } = other.customer({ state: 'active' });
    for (let times = 0; times < 2; times += 1) {
      expect(await refusalOf(getV2(institutionUserId, documents, otherToken))).toEqual([500, 'ISR_23007']);
    }
    expect((await getV2(institutionUserId, {}, otherToken)).statusCode).toBe(200);
  });
});

describe('bill-pay credentials', () => {
  const asked = { retrieveBillPayCredentials: 'True' };
  const entriesOf = async (id: string, query: Query) => (await read(id, query)).institutionCustomers[0].additionalInfo?.entry;

  test('are shown of a retail primary who has them, when they are asked for', async () => {
    expect(await entriesOf(pat.institutionUserId, asked)).toEqual([
      { key: 'billPayLoginId', value: `bp${pat.memberNumber}` },
      { key: 'billPayPassword', value: expect.stringMatching(/^[0-9A-Za-z]{12}$/u) },
    ]);
    expect(await entriesOf(pat.institutionUserId, { retrieveBillPayCredentials: 'false' })).toBeUndefined();
    expect(await entriesOf(subUser.institutionUserId, asked)).toBeUndefined();
    expect(await entriesOf(business.institutionUserId, asked)).toBeUndefined();
    expect((await getV2(pat.institutionUserId, asked)).json().institutionCustomers[0]).not.toHaveProperty('additionalInfo');
  });

  test('are kept sealed in the database', async () => {
    const [{ value: password }] = (await entriesOf(pat.institutionUserId, asked)).slice(1);
    const [row] = await app.database.sql<{ password_sealed: Buffer }[]>`
      select password_sealed from bill_pay_credentials
      where institution_id = ${api.institutionId} and customer_id = ${pat.customerId}`;
    expect(row?.password_sealed.includes(password)).toBe(false);
  });

  test('want a scope of their own (403 ISR_11003)', async () => {
    expect(await refusalOf(get(pat.institutionUserId, asked, plainToken))).toEqual([403, 'ISR_11003']);
    expect((await get(pat.institutionUserId, { retrieveBillPayCredentials: 'false' }, plainToken)).statusCode).toBe(200);
  });

  test('are asked for with true or false only (400 ISR_11008)', async () => {
    expect(await refusalOf(get(pat.institutionUserId, { retrieveBillPayCredentials: 'yes' }))).toEqual([400, 'ISR_11008']);
  });
});

test('an institution that needs CIF numbers shows them, and refuses a customer without one (500 ISR_10010)', async () => {
  const without = api.institution.customers[3];
  await withSwitch(app, api.institutionId, 'user.cif_number', ['required', 'off'], async () => {
    expect((await read(pat.institutionUserId)).institutionCustomers[0].cifNumber).toBe(`C${pat.memberNumber}`);
    expect(await refusalOf(get(without?.institutionUserId ?? ''))).toEqual([500, 'ISR_10010']);
  });
});

describe('the current user', () => {
  test('is the user of the token, whatever userIdType says', async () => {
    const own = await api.userToken(pat);
    expect((await current(own, { userIdType: 'LOGIN_ID' })).json()).toEqual(await read(pat.institutionUserId));
    expect((await current(own, { $expand: 'contactMethods' })).json().contactMethods).toHaveLength(3);
  });

  test('is nobody for a token of an application (403 ISR_11003)', async () => {
    expect(await refusalOf(current(token))).toEqual([403, 'ISR_11003']);
  });

  test('may expand what there is only (400 ISR_10009)', async () => {
    expect(await refusalOf(current(await api.userToken(pat), { $expand: 'accounts' }))).toEqual([400, 'ISR_10009']);
  });
});

describe('a refused call says why', () => {
  const call = (
    version: 'v1' | 'v2',
    headers: Record<string, string | undefined>,
    query: Query = {},
    id = pat.institutionUserId,
  ) =>
    refusalOf(
      api.call('GET', urlOf(version, id, query), {
        headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), ...headers },
      }),
    );

  describe.each(['v1', 'v2'] as const)('%s', (version) => {
    test.each([
      ['no proof of who calls', { authorization: undefined }, 401, 'ISR_11001'],
      ['another form of Authorization', { authorization: 'Basic abc' }, 401, 'ISR_11001'],
      ['an unknown token', { authorization: 'Bearer abc' }, 401, 'ISR_11002'],
      ['no transactionId', { transactionId: undefined }, 400, 'ISR_11005'],
      ['a transactionId of 65 characters', { transactionId: 'a'.repeat(65) }, 400, 'ISR_11006'],
      ['a callingAppId of 65 characters', { callingAppId: 'a'.repeat(65) }, 400, 'ISR_11009'],
      ['the institution of somebody else', { institutionId: '00077' }, 400, 'ISR_10000'],
    ])('%s %j: %i %s', async (_what, headers, status, code) => {
      expect(await call(version, headers)).toEqual([status, code]);
    });

    test.each([
      ['an id of another shape', { userIdType: 'INSTITUTION_USER_ID' }, 'abc', 400, 'ISR_11007'],
      ['another kind of id', { userIdType: 'EMAIL' }, 'abc', 400, 'ISR_11008'],
      ['$expand sent twice', 'twice', '', 400, 'ISR_11008'],
      ['a user that nobody knows', {}, '0'.repeat(32), 404, 'ISR_10001'],
      ['a login name that nobody has', { userIdType: 'LOGIN_ID' }, 'nobody.at.all', 404, 'ISR_10001'],
      ['characters outside ASCII', { userIdType: 'LOGIN_ID' }, 'pät', 400, 'ISR_11004'],
    ])('%s %j %s: %i %s', async (_what, query, id, status, code) => {
      if (typeof query === 'string') {
        const url = `${urlOf(version, pat.institutionUserId, { $expand: 'subUsers' })}&$expand=contactMethods`;
        expect(await refusalOf(api.withToken(token, 'GET', url))).toEqual([status, code]);
      } else expect(await call(version, {}, query, id)).toEqual([status, code]);
    });

    test('the member number of a business (400 ISR_11008)', async () => {
      expect(await call(version, {}, { userIdType: 'HOST_USER_ID' }, business.memberNumber)).toEqual([400, 'ISR_11008']);
    });

    test('a token of one user reaches itself and its sub-users, and learns nothing of others (403 ISR_11003)', async () => {
      const authorization = `Bearer ${await api.userToken(primary)}`;
      const reach = (id: string) => call(version, { authorization }, {}, id);
      expect(await reach(primary.institutionUserId)).toEqual([200, undefined]);
      expect(await reach(subUser.institutionUserId)).toEqual([200, undefined]);
      expect(await reach(pat.institutionUserId)).toEqual([403, 'ISR_11003']);
      expect(await reach('0'.repeat(32))).toEqual([403, 'ISR_11003']);
    });

    test('a token without the scope (403 ISR_11003)', async () => {
      const authorization = `Bearer ${await api.partnerToken('institution-users:write')}`;
      expect(await call(version, { authorization })).toEqual([403, 'ISR_11003']);
    });

    test('a user of another institution is not there (404 ISR_10001)', async () => {
      const { institutionUserId } = createApiCaller(app, 1).customer({ state: 'active' });
      expect(await call(version, {}, {}, institutionUserId)).toEqual([404, 'ISR_10001']);
    });
  });

  test('an expired token (401 ISR_11002)', async () => {
    await advanceClock(app, api.institutionId, 1801);
    expect(await call('v1', {})).toEqual([401, 'ISR_11002']);
    expect(await call('v2', {})).toEqual([401, 'ISR_11002']);
  });
});
