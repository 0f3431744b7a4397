import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
const people: Customer[] = [];
const noDigitalUser = 'd'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  token = await api.partnerToken();
  people.push(...api.institution.customers);
  await app.database.sql`
    insert into customers (institution_id, customer_id, customer_type, member_number)
    values (${api.institutionId}, ${noDigitalUser}, 'RETAIL', '777')`;
});
afterAll(() => app.close());

const update = (id: string, body: object, bearer = token) =>
  api.withToken(bearer, 'PUT', `/v1/customers/${encodeURIComponent(id)}:contact-info`, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
const read = async (path: string) => (await api.withToken(token, 'GET', path)).json();
const methodsOf = async (customer: Customer) =>
  (await read(`/v1/customers/${customer.customerId}/contact-methods`)).contactMethods;
const profileOf = (customer: Customer) => read(`/v1/customers/${customer.customerId}`);
const person = (index: number): Customer => {
  const found = people[index];
  if (found === undefined) throw new Error(`The sandbox has no customer ${index}.`);
  return found;
};
const received = (to: string, contains: string) =>
  app.inbox.wait({ institutionIds: [api.institutionId], to, contains, timeoutMs: 5000 });

describe('a new phone number', () => {
  test('takes the place of the old one in SMS and VOICE, whose ids stay; both numbers are told', async () => {
    const pat = person(0);
    const before = await methodsOf(pat);
    const oldNumber: string = before[0].contactInfo;
    const answer = await update(pat.customerId, {
      phoneNumber: { oldPhoneNumber: oldNumber, oldCountryCode: '1', newPhoneNumber: '2015550199', newCountryCode: '1' },
    });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    const after = await methodsOf(pat);
    expect(after.map(({ id }: { id: string }) => id)).toEqual(before.map(({ id }: { id: string }) => id));
    expect(after.map(({ contactInfo }: { contactInfo: string }) => contactInfo)).toEqual([
      '2015550199',
      '2015550199',
      pat.emailAddress,
    ]);
    const { contactMethods } = await profileOf(pat);
    expect(contactMethods.map(({ validated }: { validated: boolean }) => validated)).toEqual([false, false, true]);
    expect((await received(`+1${oldNumber}`, 'phone number'))?.template).toBe('contact-removed');
    expect((await received('+12015550199', 'phone number'))?.template).toBe('contact-added');
  });

  test('is remembered with the time of the change, and told to the activity log without the number', async () => {
    const { institutionUserId } = person(0);
    const rows = await app.database.sql<{ changed_at: Date | null; protocol: string }[]>`
      select protocol, changed_at from contact_methods
      where institution_id = ${api.institutionId} and institution_user_id = ${institutionUserId} order by contact_method_id`;
    expect(rows.map(({ protocol, changed_at }) => [protocol, changed_at instanceof Date])).toEqual([
      ['SMS', true],
      ['VOICE', true],
      ['EMAIL', false],
    ]);
    const [activity] = await app.database.sql`
      select details from activities where institution_id = ${api.institutionId} and kind = 'contact_info_updated'
        and institution_user_id = ${institutionUserId}`;
    expect(activity?.['details']).toEqual({ by: null, phone: true, email: false, postalAddress: false });
  });

  test('is added when no old one is named: SMS and VOICE, and the owner of the e-mail address is told', async () => {
    const casey = person(1);
    expect(
      (await update(casey.loginId, { userIdType: 'LOGIN_ID', phoneNumber: { newPhoneNumber: 2_015_550_188 } })).statusCode,
    ).toBe(204);
    const added = (await methodsOf(casey)).filter(({ contactInfo }: { contactInfo: string }) => contactInfo === '2015550188');
    expect(added.map(({ protocol }: { protocol: string }) => protocol)).toEqual(['SMS', 'VOICE']);
    expect((await received(casey.emailAddress, 'phone number'))?.template).toBe('contact-removed');
    expect((await received('+12015550188', 'phone number'))?.template).toBe('contact-added');
  });

  test('may be given as JSON numbers, with a calling code of another country', async () => {
    const devon = person(2);
    const oldPhoneNumber = Number(devon.contactMethods[0]?.contactInfo);
    const phoneNumber = { oldPhoneNumber, newPhoneNumber: 7_700_900_123, newCountryCode: 44 };
    expect((await update(devon.customerId, { phoneNumber })).statusCode).toBe(204);
    expect((await methodsOf(devon))[0]).toMatchObject({ contactInfo: '7700900123', telephoneCountryCode: '44' });
  });
});

test('a new e-mail address replaces that of the profile and of the method, and both are told', async () => {
  const finley = person(3);
  await app.database.sql`
    update credentials set has_invalid_email = true
    where institution_id = ${api.institutionId} and institution_user_id = ${finley.institutionUserId}`;
  expect((await update(finley.customerId, { email: { emailAddress: 'new.one@example.com' } })).statusCode).toBe(204);
  const profile = await profileOf(finley);
  expect(profile.emailAddress).toBe('new.one@example.com');
  expect(profile.userStatus.invalidEmailId).toBe(false);
  expect((await methodsOf(finley)).at(-1)).toMatchObject({ protocol: 'EMAIL', contactInfo: 'new.one@example.com' });
  expect((await received(finley.emailAddress, 'e-mail address'))?.template).toBe('contact-removed');
  expect((await received('new.one@example.com', 'e-mail address'))?.template).toBe('contact-added');
});

test('a passcode that is on its way to a changed method dies; those of other methods live', async () => {
  const passcodeTo = (customer: Customer, contactMethodId: string) => app.database.sql`
    insert into password_resets (institution_id, password_reset_id, institution_user_id, contact_method_id, channel, recipient_index,
      passcode_hash, sent_at, expires_at)
    values (${api.institutionId}, ${randomUUID()}, ${customer.institutionUserId}, ${contactMethodId}, 'SMS', ${Buffer.from('a')},
      ${Buffer.from('b')}, ${new Date()}, ${new Date(Date.now() + 600_000)})`;
  const [one, other] = [person(8), person(9)];
  const [phone] = one.contactMethods;
  await passcodeTo(one, phone?.id ?? '');
  await passcodeTo(other, other.contactMethods[0]?.id ?? '');
  const phoneNumber = { oldPhoneNumber: phone?.contactInfo, newPhoneNumber: '2015550155' };
  expect((await update(one.customerId, { phoneNumber })).statusCode).toBe(204);
  expect((await update(other.customerId, { email: { emailAddress: 'else@example.com' } })).statusCode).toBe(204);
  const rows = await app.database.sql`
    select institution_user_id, end_reason, passcode_hash is null as is_gone from password_resets where institution_id = ${api.institutionId}`;
  expect(new Map(rows.map((row) => [row['institution_user_id'], [row['end_reason'], row['is_gone']]]))).toEqual(
    new Map([
      [one.institutionUserId, ['contact_changed', true]],
      [other.institutionUserId, [null, false]],
    ]),
  );
});

describe('a new postal address', () => {
  test('takes the place of the primary one, with the state as two letters', async () => {
    const harper = person(4);
    const postalAddress = { address1: '9 New Street', city: 'Newark', state: 'new jersey', postalCode: 7102, country: 'USA' };
    expect((await update(harper.customerId, { postalAddress })).statusCode).toBe(204);
    const [primary, mailing] = (await profileOf(harper)).postalAddresses;
    expect(primary).toEqual({
      index: '1',
      address1: '9 New Street',
      city: 'Newark',
      state: 'NJ',
      postalCode: '07102',
      country: 'US',
      type: 'PHYSICAL_HOME_ADDRESS',
    });
    expect(mailing).toMatchObject(harper.postalAddresses[1] ?? {});
    expect((await received(harper.emailAddress, 'postal address'))?.template).toBe('contact-removed');
  });

  test('is the first one where there was none, unless the core must have one (400 UXU_88891)', async () => {
    const { institutionUserId, customerId } = person(7);
    await app.database.sql`
      delete from postal_addresses where institution_id = ${api.institutionId} and institution_user_id = ${institutionUserId}`;
    const postalAddress = { address1: '1 First Street', city: 'Springdale', state: 'NJ' };
    await withSwitch(app, api.institutionId, 'contact.require_host_address', [true, false], async () => {
      expect(await refusalOf(update(customerId, { postalAddress }))).toEqual([400, 'UXU_88891']);
    });
    expect((await update(customerId, { postalAddress })).statusCode).toBe(204);
    expect((await profileOf(person(7))).postalAddresses).toHaveLength(1);
  });
});

describe('all groups or nothing', () => {
  test('an old number that is not on file (400 UXU_88891) leaves e-mail and address as they were', async () => {
    const pat = person(5);
    const before = await profileOf(pat);
    const body = {
      phoneNumber: { oldPhoneNumber: '2015550000', newPhoneNumber: '2015550177' },
      email: { emailAddress: 'other@example.com' },
      postalAddress: { address1: '1 Other Street', city: 'Springdale', state: 'NJ' },
    };
    expect(await refusalOf(update(pat.customerId, body))).toEqual([400, 'UXU_88891']);
    expect(await profileOf(pat)).toEqual(before);
  });

  test('two changes at the same moment have an order', async () => {
    const pat = person(6);
    const old = pat.contactMethods[0]?.contactInfo;
    const numbers = ['2015550161', '2015550162', '2015550163', '2015550164'];
    const answers = await Promise.all(
      numbers.map((newPhoneNumber) => update(pat.customerId, { phoneNumber: { oldPhoneNumber: old, newPhoneNumber } })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 400, 400, 400]);
  });
});

describe('a refused change says why', () => {
  const address = { address1: '1 Sample Row', city: 'Springdale', state: 'NJ' };

  test.each([
    ['nothing to change', {}],
    ['only the type of the id', { userIdType: 'CUSTOMER_ID' }],
    ['another type of id', { userIdType: 'USER_ID', email: { emailAddress: 'a@example.com' } }],
    ['a phone group without the new number', { phoneNumber: { oldPhoneNumber: '2015550142' } }],
    ['an old country code without its number', { phoneNumber: { oldCountryCode: '1', newPhoneNumber: '2015550142' } }],
    ['nine digits in the US', { phoneNumber: { newPhoneNumber: '201555014' } }],
    ['dashes in a number', { phoneNumber: { newPhoneNumber: '201-555-0142' } }],
    ['three digits elsewhere', { phoneNumber: { newPhoneNumber: '123', newCountryCode: '44' } }],
    ['a plus before the calling code', { phoneNumber: { newPhoneNumber: '2015550142', newCountryCode: '+1' } }],
    ['an e-mail group without an address', { email: {} }],
    ['an e-mail address without a domain', { email: { emailAddress: 'pat' } }],
    ['an e-mail address of 65 characters', { email: { emailAddress: `${'a'.repeat(53)}@example.com` } }],
    ['an e-mail address with a line break', { email: { emailAddress: 'a@example.com\r\nBcc: b@example.com' } }],
    ['an address without a street', { postalAddress: { ...address, address1: ' ' } }],
    ['an address without a city', { postalAddress: { address1: '1 Sample Row', state: 'NJ' } }],
    ['an address without a state', { postalAddress: { address1: '1 Sample Row', city: 'Springdale' } }],
    ['a state that the US does not have', { postalAddress: { ...address, state: 'Nowhere' } }],
    ['a postal code of the US with letters', { postalAddress: { ...address, postalCode: 'ABCDE' } }],
    ['a group that is no object', { email: 'pat@example.com' }],
    ['a number where an address belongs', { email: { emailAddress: 7 } }],
  ])('%s (400 UXU_99999)', async (_what, body) => {
    expect(await refusalOf(update(person(0).customerId, body))).toEqual([400, 'UXU_99999']);
  });

  test('null is the same as absent', async () => {
    expect(await refusalOf(update(person(0).customerId, { phoneNumber: null, email: null, postalAddress: null }))).toEqual([
      400,
      'UXU_99999',
    ]);
  });

  test.each([
    ['no proof of who calls', { authorization: undefined }, 401, 'UXU_10005'],
    ['another form of Authorization', { authorization: 'Basic abc' }, 401, 'UXU_10009'],
    ['an unknown token', { authorization: 'Bearer abc' }, 401, 'UXU_10001'],
    ['no correlationId', { correlationId: undefined }, 400, 'UXU_10006'],
    ['a correlationId that is no UUID', { correlationId: 'abc' }, 400, 'UXU_10007'],
    ['an originating_ip that is no address', { originating_ip: '1.2.3' }, 400, 'UXU_10008'],
    ['a body of another media type', { 'content-type': 'text/plain' }, 400, 'UXU_99999'],
    ['a body that is not JSON', {}, 400, 'UXU_99999'],
  ])('%s %j: %i %s', async (_what, headers, status, code) => {
    const call = api.call('PUT', `/v1/customers/${person(0).customerId}:contact-info`, {
      headers: { authorization: `Bearer ${token}`, correlationId: randomUUID(), 'content-type': 'application/json', ...headers },
      payload: '{"email"',
    });
    expect(await refusalOf(call)).toEqual([status, code]);
  });

  test('a token without the scope, 403 UXU_10002, and one of another user, 400 UXU_10011', async () => {
    const body = { email: { emailAddress: 'a@example.com' } };
    const reader = await api.partnerToken('institution-users:read');
    expect(await refusalOf(update(person(1).customerId, body, reader))).toEqual([403, 'UXU_10002']);
    const own = await api.userToken(person(0));
    expect(await refusalOf(update(person(1).customerId, body, own))).toEqual([400, 'UXU_10011']);
    expect((await update(person(0).customerId, body, own)).statusCode).toBe(204);
  });

  test.each([
    ['a customer that nobody knows', 'e'.repeat(32), undefined, 404, 'UXU_88888'],
    ['a customer without a login', noDigitalUser, undefined, 400, 'UXU_88890'],
    ['a customer id of another shape', 'abc', 'CUSTOMER_ID', 400, 'UXU_10012'],
    ['a login name that nobody has', 'nobody.at.all', undefined, 404, 'UXU_88888'],
  ])('%s, %s as %s: %i %s', async (_what, id, userIdType, status, code) => {
    const body = { email: { emailAddress: 'a@example.com' }, ...(userIdType === undefined ? {} : { userIdType }) };
    expect(await refusalOf(update(id, body))).toEqual([status, code]);
  });

  test('a customer of another institution is not there: 404 UXU_88888', async () => {
    const foreign = createApiCaller(app, 1).customer({ state: 'active' });
    expect(await refusalOf(update(foreign.customerId, { email: { emailAddress: 'a@example.com' } }))).toEqual([404, 'UXU_88888']);
  });

  test('a path below it that does not exist: 400 UXU_10013', async () => {
    const url = `/ux-users/v1/customers/${person(0).customerId}:contact-info/x`;
    expect(await refusalOf(api.withToken(token, 'PUT', url))).toEqual([400, 'UXU_10013']);
  });

  test('an expired token: 401 UXU_10003', async () => {
    await advanceClock(app, api.institutionId, 1801);
    expect(await refusalOf(update(person(0).customerId, { email: { emailAddress: 'a@example.com' } }))).toEqual([
      401,
      'UXU_10003',
    ]);
  });
});
