import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let other: Customer;
const noDigitalUser = 'd'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken('institution-users:read');
  [pat, other] = [api.customer({ state: 'active' }), api.customer({ state: 'locked' })];
  await app.database.sql`
    insert into customers (institution_id, customer_id, customer_type, member_number)
    values (${api.institutionId}, ${noDigitalUser}, 'RETAIL', '777')`;
});
afterAll(() => app.close());

const pathOf = (id: string) => `/ux-users/v1/customers/${encodeURIComponent(id)}/contact-methods`;
const get = (id: string, query = '') => api.withToken(token, 'GET', `${pathOf(id)}${query}`);

describe('the list of contact methods', () => {
  test('has every method, the primary one first, and the customer id', async () => {
    const answer = await get(pat.customerId);
    expect(answer.statusCode).toBe(200);
    const phone = pat.contactMethods[0]?.contactInfo;
    const enrolledDateTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u);
    const known = { isActivated: true, enrolledDateTime };
    expect(answer.json()).toEqual({
      customerId: pat.customerId,
      contactMethods: [
        { id: '7100001', telephoneCountryCode: '1', contactInfo: phone, protocol: 'SMS', ...known },
        { id: '7100002', telephoneCountryCode: '1', contactInfo: phone, protocol: 'VOICE', ...known },
        { id: '7100003', contactInfo: pat.emailAddress, protocol: 'EMAIL', ...known },
      ],
    });
  });

  test('is the same by login name, and tells the customer id', async () => {
    const byLogin = await get(pat.loginId.toUpperCase(), '?userIdType=LOGIN_ID');
    expect(byLogin.json()).toEqual((await get(pat.customerId)).json());
  });

  test('is empty for a customer without methods', async () => {
    const { institutionUserId, customerId } = other;
    await app.database.sql`
      delete from contact_methods where institution_id = ${api.institutionId} and institution_user_id = ${institutionUserId}`;
    expect((await get(customerId)).json()).toEqual({ customerId, contactMethods: [] });
  });

  test.each(['/v1/customers/ID/contact-methods', '/v1/customers/ID/contactMethods', '/ux-users/v1/customers/ID/contactMethods'])(
    'is served as %s too',
    async (path) => {
      const answer = await api.withToken(token, 'GET', `/digitalbanking${path.replace('ID', pat.customerId)}`);
      expect(answer.json()).toEqual((await get(pat.customerId)).json());
    },
  );

  test('is masked where the institution wants that (CR-32)', async () => {
    await withSwitch(app, api.institutionId, 'contact.mask', [true, false], async () => {
      const { contactMethods } = (await get(pat.customerId)).json();
      const [initial, domain] = [pat.emailAddress.slice(0, 1), pat.emailAddress.split('@')[1]];
      expect(contactMethods.map(({ contactInfo }: { contactInfo: string }) => contactInfo)).toEqual([
        '******0100',
        '******0100',
        `${initial}***@${domain}`,
      ]);
    });
  });

  test('is open to the user itself', async () => {
    const own = await api.userToken(pat);
    expect((await api.withToken(own, 'GET', pathOf(pat.customerId))).statusCode).toBe(200);
  });
});

describe('the profile shows contact data too', () => {
  test('birth date, addresses in their order, and methods with dates', async () => {
    const profile = (await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`)).json();
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\d$/u);
    expect(profile.birthDate).toBe(pat.birthDate);
    expect(profile.postalAddresses).toEqual(
      pat.postalAddresses.map((address, index) => ({ index: String(index + 1), ...address, country: 'US' })),
    );
    expect(profile.contactMethods[0]).toEqual({
      id: '7100001',
      contactInfo: pat.contactMethods[0]?.contactInfo,
      telephoneCountryCode: '1',
      protocol: 'SMS',
      activated: true,
      validated: true,
      enrolledDateTime: date,
      primary: true,
    });
    expect(profile.contactMethods[2]).not.toHaveProperty('telephoneCountryCode');
  });
});

describe('a refused list says why', () => {
  const unknown = 'e'.repeat(32);
  const call = (id: string, query: string, headers: Record<string, string | undefined>) =>
    refusalOf(
      api.call('GET', `${pathOf(id)}${query}`, {
        headers: { authorization: `Bearer ${token}`, correlationId: randomUUID(), ...headers },
      }),
    );

  test.each([
    ['no proof of who calls', '', { authorization: undefined }, 401, 'UXU_10005'],
    ['another form of Authorization', '', { authorization: 'Basic abc' }, 401, 'UXU_10009'],
    ['an unknown token', '', { authorization: 'Bearer abc' }, 401, 'UXU_10001'],
    ['no correlationId', '', { correlationId: undefined }, 400, 'UXU_10006'],
    ['a correlationId that is no UUID', '', { correlationId: 'abc' }, 400, 'UXU_10007'],
    ['an originating_ip that is no address', '', { originating_ip: '1.2.3' }, 400, 'UXU_10008'],
    ['characters outside printable ASCII', '?userIdType=%C3%A4', {}, 400, 'UXU_99999'],
    ['another userIdType', '?userIdType=USER_ID', {}, 400, 'UXU_10014'],
  ])('%s %s%j: %i %s', async (_what, query, headers, status, code) => {
    expect(await call(pat.customerId, query, headers)).toEqual([status, code]);
  });

  test.each([
    ['a customer id of another shape', 'not-an-id', 400, 'UXU_10012'],
    ['a customer that nobody knows', unknown, 404, 'UXU_88888'],
    ['a customer without a login', noDigitalUser, 400, 'UXU_88890'],
  ])('%s, %s: %i %s', async (_what, id, status, code) => {
    expect(await call(id, '', {})).toEqual([status, code]);
  });

  test('a token without the scope: 403 UXU_10002', async () => {
    const authorization = `Bearer ${await api.partnerToken('institution-users:write')}`;
    expect(await call(pat.customerId, '', { authorization })).toEqual([403, 'UXU_10002']);
  });

  test('the token of another user: 400 UXU_10011', async () => {
    const authorization = `Bearer ${await api.userToken(pat)}`;
    expect(await call(other.customerId, '', { authorization })).toEqual([400, 'UXU_10011']);
    expect(await call(unknown, '', { authorization })).toEqual([400, 'UXU_10011']);
  });

  test('a customer of another institution is not there: 404 UXU_88888', async () => {
    const foreign = createApiCaller(app, 1).customer({ state: 'active' });
    expect(await call(foreign.customerId, '', {})).toEqual([404, 'UXU_88888']);
  });

  test('an expired token: 401 UXU_10003', async () => {
    await advanceClock(app, api.institutionId, 1801);
    expect(await call(pat.customerId, '', {})).toEqual([401, 'UXU_10003']);
    token = await api.partnerToken('institution-users:read');
  });

  test('a path below it that does not exist: 400 UXU_10013', async () => {
    expect(await refusalOf(api.withToken(token, 'GET', `${pathOf(pat.customerId)}/7100001`))).toEqual([400, 'UXU_10013']);
  });
});
