import { randomUUID } from 'node:crypto';
import { createActivitySearch } from '@openbranch/testkit/activity-search';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let legacyToken: string;
let slowKeys: ApplicationKeys;
let smallKeys: ApplicationKeys;
let institutionId: string;
let lastMember = 2_000_000_000;

beforeAll(async () => {
  app = await createTestApp({
    runsJobs: true,
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      slowKeys = await insertApplication(sql, keyRing, { spike_per_second: 1 });
      smallKeys = await insertApplication(sql, keyRing, { quota_per_day: 2 });
    },
  });
  api = createApiCaller(app);
  ({ institutionId } = api);
  legacyToken = await tokenV1({ grant_type: 'client_credentials' });
});
afterAll(() => app.close());
afterEach(async () => {
  const changed = await app.database.sql`
    update institutions set switches = '{}', policies = '{}'
    where institution_id = ${institutionId} and (switches <> '{}' or policies <> '{}') returning 1`;
  if (changed.length > 0) await reloadInstitution();
});

async function tokenV1(form: Record<string, string>, keys: ApplicationKeys = api.application('legacy')): Promise<string> {
  const answer = await requestTokenV1(app.http, keys, form, { headers: { di_fiid: institutionId } });
  return /<access_token>([^<]+)</u.exec(answer.body)?.[1] ?? answer.body;
}

type Json = string | number | boolean | undefined | Json[] | { [member: string]: Json };
type Customer = { [member: string]: Json };

function newMember(): string {
  lastMember += 1;
  return String(lastMember);
}

/** A registration that passes, by a new member, changed by `change`. */
function customerOf(memberNumber: string, change: Customer = {}): Customer {
  return {
    id: { value: '0', type: 'GUID' },
    fiId: { value: institutionId },
    memberNumber,
    person: {
      personName: { firstName: 'Pat', lastName: 'Demo' },
      contactInfo: {
        emailAddress: 'pat.demo@example.com',
        postalAddress: [
          { address1: '12 Sample Row', address2: '', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' },
        ],
        phoneNumber: [{ number: '2015550142', countryCode: '0' }],
      },
      birthDate: '1989-10-09',
    },
    channelInfos: {
      channelInfo: [{ channelType: 'TPV_API', credential: { loginId: `login${memberNumber}`, password: 'Blue@kite7' } }],
    },
    acceptedDisclosure: 'true',
    userType: 'PRIMARY',
    ssn: '900112233',
    motherMaidenName: 'Sample',
    hostCredential: { password: '4471' },
    ...change,
  };
}

interface Options {
  readonly token?: string;
  readonly traceId?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly url?: string;
}

async function post(payload: string, contentType: string | undefined, options: Options = {}) {
  return app.http.inject({
    method: 'POST',
    url: options.url ?? `/registration/v4/fis/${institutionId}/fiCustomers`,
    headers: {
      authorization: `Bearer ${options.token ?? legacyToken}`,
      di_tid: options.traceId ?? randomUUID(),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...options.headers,
    },
    payload,
  });
}

const register = (customer: Customer, options?: Options) =>
  post(JSON.stringify({ FICustomer: customer }), 'application/json', options);

const codesOf = (answer: { readonly body: string }) => [...answer.body.matchAll(/<errorCode>([^<]+)</gu)].map(([, code]) => code);
const elementOf = (answer: { readonly body: string }, element: string) =>
  new RegExp(`<${element}>([^<]*)<`, 'u').exec(answer.body)?.[1];
const guidOf = (answer: { readonly body: string }) => /<id>\s*<value>([0-9a-f]{32})</u.exec(answer.body)?.[1] ?? '';

/** Any change through the API makes the process read the institution again. */
const reloadInstitution = () => api.control('PUT', '/switches/debug.rules', { value: false });
const setSwitch = (key: string, value: string | boolean) => api.control('PUT', `/switches/${key}`, { value });

async function setRegistrationPolicy(policy: { needsApproval?: boolean; requiredDisclosures?: string[] }): Promise<void> {
  await app.database.sql`
    update institutions set policies = ${app.database.sql.json({ registration: policy })} where institution_id = ${institutionId}`;
  await reloadInstitution();
}

function toXml(name: string, value: Json): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => toXml(name, item)).join('');
  if (typeof value !== 'object') return `<${name}>${String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`;
  return `<${name}>${Object.entries(value)
    .map(([member, one]) => toXml(member, one))
    .join('')}</${name}>`;
}

/** The person of the default customer with some parts changed. */
function person(change: { name?: Customer; contact?: Customer; birthDate?: Json }): Customer {
  return {
    person: {
      personName: { firstName: 'Pat', lastName: 'Demo', ...change.name },
      contactInfo: {
        emailAddress: 'pat.demo@example.com',
        postalAddress: [{ address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' }],
        phoneNumber: [{ number: '2015550142', countryCode: '0' }],
        ...change.contact,
      },
      birthDate: 'birthDate' in change ? change.birthDate : '1989-10-09',
    },
  };
}

const address = (change: Customer): Customer =>
  person({
    contact: {
      postalAddress: [
        { address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA', ...change },
      ],
    },
  });
const channel = (loginId: Json, password: Json = 'Blue@kite7', channelType: Json = 'TPV_API'): Customer => ({
  channelInfos: { channelInfo: [{ channelType, credential: { loginId, password } }] },
});
const text = (length: number) => 'a'.repeat(length);

describe('a registration', () => {
  test('is answered with what was sent and what it has become, and never with the password', async () => {
    const member = newMember();
    const answer = await register(customerOf(member));
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.body).not.toMatch(/password|Blue@kite7|4471/u);
    expect(guidOf(answer)).toMatch(/^[0-9a-f]{32}$/u);
    expect(elementOf(answer, 'authId')).toMatch(/^[0-9a-f]{32}$/u);
    expect(elementOf(answer, 'memberNumber')).toBe(member);
    expect(elementOf(answer, 'birthDate')).toBe('1989-10-09-07:00');
    expect(elementOf(answer, 'billPayEnabled')).toBe('false');
    expect(elementOf(answer, 'acceptedDisclosure')).toBe('true');
    expect(elementOf(answer, 'ssn')).toBe('900112233');
    const protocols = [...answer.body.matchAll(/<protocol>([^<]+)</gu)].map(([, protocol]) => protocol);
    expect(protocols).toEqual(['SMS', 'VOICE', 'EMAIL']);
    const order = [
      'id',
      'fiId',
      'memberNumber',
      'authId',
      'person',
      'channelInfos',
      'hostCredential',
      'billPayEnabled',
      'destinations',
      'acceptedDisclosure',
      'userType',
      'ssn',
      'motherMaidenName',
    ];
    const places = order.map((element) => answer.body.indexOf(`<${element}>`));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(answer.body).not.toContain('address2');
  });

  test('makes equal users from JSON and XML, by every path', async () => {
    const members = [newMember(), newMember(), newMember(), newMember()];
    const [first = '', second = '', third = '', fourth = ''] = members;
    const xml = (member: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${toXml('FICustomer', customerOf(member))}`;
    const answers = [
      await register(customerOf(first)),
      await post(xml(second), 'application/xml; charset=utf-8'),
      await post(
        xml(third).replace('<FICustomer>', '<n:FICustomer xmlns:n="urn:x">').replace('</FICustomer>', '</n:FICustomer>'),
        'text/xml',
      ),
      await post(JSON.stringify({ fICustomer: customerOf(fourth) }), undefined, {
        url: `/digitalbanking/v4/fis/${institutionId}/fiCustomers`,
      }),
    ];
    const normal = answers.map((answer, index) =>
      answer.body.replaceAll(members[index] ?? '', 'MEMBER').replace(/[0-9a-f]{32}/gu, 'ID'),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(new Set(normal).size).toBe(1);
    const users = await app.database.sql`
      select first_name, last_name, user_type, user_role, email_address, registration, has_invalid_email, is_locked, has_accepted_disclosure
      from institution_users u join credentials c using (institution_id, institution_user_id)
      where u.institution_id = ${institutionId} and login_name = any(${members.map((member) => `login${member}`)})`;
    expect(users).toHaveLength(4);
    expect(new Set(users.map((user) => JSON.stringify(user))).size).toBe(1);
    expect(users[0]).toMatchObject({
      user_type: 'RETAIL',
      user_role: 'PRIMARY',
      registration: 'approved',
      has_accepted_disclosure: true,
    });
  });

  test('lets the person sign in at once, and be found by the id of the answer', async () => {
    const member = newMember();
    const answer = await register(customerOf(member));
    const signIn = await api.signIn(`LOGIN${member}`, 'Blue@kite7');
    expect(signIn.statusCode).toBe(200);
    expect(signIn.json()).toMatchObject({ di_ficustomer: guidOf(answer), di_member_number: member });
    const partner = await api.partnerToken();
    const profile = await api.withToken(partner, 'GET', `/v1/customers/${guidOf(answer)}`);
    expect(profile.statusCode).toBe(200);
    expect(profile.json()).toMatchObject({
      userName: `login${member}`,
      loginId: elementOf(answer, 'authId'),
      birthDate: '1989-10-09',
    });
    const methods = await api.withToken(partner, 'GET', `/ux-users/v1/customers/${guidOf(answer)}/contact-methods`);
    expect(methods.json().contactMethods.map((method: Customer) => [method['protocol'], method['contactInfo']])).toEqual([
      ['SMS', '2015550142'],
      ['VOICE', '2015550142'],
      ['EMAIL', 'pat.demo@example.com'],
    ]);
  });

  test('is welcomed by mail, and shows in the activity log without a secret', async () => {
    const member = newMember();
    const mail = `welcome.${member}@example.com`;
    const answer = await register(customerOf(member, person({ contact: { emailAddress: mail } })));
    expect(answer.statusCode).toBe(200);
    expect(await app.inbox.wait({ institutionIds: [institutionId], to: mail, timeoutMs: 5000 })).toMatchObject({
      channel: 'EMAIL',
      template: 'welcome',
    });
    await register(customerOf(member));
    const rows = await app.database.sql<{ kind: string; address: string; details: Record<string, string> }[]>`
      select kind, address, details from activities where institution_id = ${institutionId} and kind like 'user_regist%' order by activity_id desc limit 2`;
    expect(rows.map(({ kind }) => kind)).toEqual(['user_registration_refused', 'user_registered']);
    expect(rows[0]?.details).toMatchObject({
      result: 'Failure',
      code: '26331',
      channel: 'TPV_API',
      userProduct: 'THIRD_PARTY_REGISTRATION',
    });
    expect(rows[1]?.details).toMatchObject({ result: 'Success' });
    expect(rows.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(JSON.stringify(rows)).not.toMatch(/900112233|Blue@kite7|1989|example\.com/u);
  });

  test('is found by the activity search as RegistrationUser, made and refused (acceptance check 8)', async () => {
    const member = newMember();
    expect((await register(customerOf(member))).statusCode).toBe(200);
    expect((await register(customerOf(member))).statusCode).toBe(409);
    const { rows } = await createActivitySearch(api).search({ eventIds: ['RegistrationUser'], pageSize: 2 });
    const registration = { eventid: 'RegistrationUser', channel: 'TPV_API', reqctx_userproduct: 'THIRD_PARTY_REGISTRATION' };
    expect(rows).toMatchObject([
      { ...registration, result: 'Failure', errorcode: '26331', glappid: api.application('legacy').clientId },
      { ...registration, result: 'Success', member, reqctx_loginid: `login${member}`, reqctx_usertype: 'retail' },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/900112233|Blue@kite7|1989|example\.com/u);
  });

  test('keeps an e-mail address that cannot be one, and marks it', async () => {
    const member = newMember();
    expect((await register(customerOf(member, person({ contact: { emailAddress: 'no address' } })))).statusCode).toBe(200);
    const [user] = await app.database.sql`
      select email_address, has_invalid_email from institution_users join credentials using (institution_id, institution_user_id)
      where institution_id = ${institutionId} and login_name = ${`login${member}`}`;
    expect(user).toEqual({ email_address: 'no address', has_invalid_email: true });
  });

  test('is answered again when the same call comes again', async () => {
    const customer = customerOf(newMember());
    const traceId = randomUUID();
    const first = await register(customer, { traceId });
    const again = await register(customer, { traceId });
    expect([first.statusCode, again.statusCode]).toEqual([200, 200]);
    expect(again.headers['x-replayed']).toBe('true');
    expect(again.body).toBe(first.body);
  });
});

test('the same call several times at once makes one user: the others are in progress or get the same answer', async () => {
  const customer = customerOf(newMember());
  const traceId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 6 }, () => register(customer, { traceId })));
  const good = answers.filter(({ statusCode }) => statusCode === 200);
  expect(new Set(good.map(guidOf)).size).toBe(1);
  for (const answer of answers)
    if (answer.statusCode !== 200) expect([answer.statusCode, codesOf(answer)]).toEqual([409, ['26330']]);
});

test('a body of more than a mebibyte is not read', async () => {
  const answer = await register(customerOf(newMember(), { nickname: text(1_048_577) }));
  expect([answer.statusCode, codesOf(answer)]).toEqual([413, ['20006']]);
});

describe('the input', () => {
  const vectors: [string, string, Customer][] = [
    ['another institution', '20006', { fiId: { value: '00077' } }],
    ['another institution as text', '20006', { fiId: '00077' }],
    ['another user type', '20006', { userType: 'ENTITLED' }],
    ['a long PIN', '20006', { hostCredential: { password: text(65) } }],
    ['no channel', '20006', { channelInfos: undefined }],
    ['another channel', '20006', channel('patdemo01', 'Blue@kite7', 'WEB')],
    ['no member number', '20006', { memberNumber: undefined }],
    ['an empty member number', '20006', { memberNumber: '' }],
    ['a member number with a blank', '20006', { memberNumber: '1000 200' }],
    ['a long member number', '20006', { memberNumber: '1'.repeat(17) }],
    ['no first name', '20006', person({ name: { firstName: undefined } })],
    ['a blank first name', '20006', person({ name: { firstName: '  ' } })],
    ['no last name', '20006', person({ name: { lastName: undefined } })],
    ['a long first name', '220002', person({ name: { firstName: text(40) } })],
    ['a long last name', '220003', person({ name: { lastName: text(40) } })],
    ['a long middle name', '220005', person({ name: { middleName: text(40) } })],
    ['names that are long together', '20006', person({ name: { firstName: text(20), lastName: text(20) } })],
    ['a long title', '20006', person({ name: { titlePrefix: text(11) } })],
    ['a long suffix', '20006', person({ name: { suffix: text(11) } })],
    ['no SSN', '20006', { ssn: undefined }],
    ['an SSN with dashes', '220001', { ssn: '900-11-2233' }],
    ['a short SSN', '220001', { ssn: '90011223' }],
    ['no birth date', '220013', person({ birthDate: undefined })],
    ['a birth date that is none', '220013', person({ birthDate: '1989-02-30' })],
    ['a birth date in another form', '220013', person({ birthDate: '10/09/1989' })],
    ['a birth date to come', '220013', person({ birthDate: '2999-01-01' })],
    ['a birth date of long ago', '220013', person({ birthDate: '1899-12-31' })],
    ['no address', '220010', person({ contact: { postalAddress: [] } })],
    ['no street', '220010', address({ address1: undefined })],
    ['a long street', '220010', address({ address1: text(129) })],
    ['a long second line', '220010', address({ address2: text(129) })],
    ['no city', '220008', address({ city: ' ' })],
    ['no state', '220009', address({ state: undefined })],
    ['a long state', '220009', address({ state: text(129), country: 'CAN' })],
    ['a US state in full', '220009', address({ state: 'New Jersey' })],
    ['no postal code', '220007', address({ postalCode: '' })],
    ['a US postal code of four digits', '220007', address({ postalCode: '0704' })],
    ['no country', '220011', address({ country: undefined })],
    ['no phone', '220014', person({ contact: { phoneNumber: undefined } })],
    ['a phone with dashes', '220014', person({ contact: { phoneNumber: [{ number: '201-555-0142' }] } })],
    [
      'six phones',
      '220014',
      person({ contact: { phoneNumber: Array.from({ length: 6 }, (_, at) => ({ number: `201555010${at}` })) } }),
    ],
    [
      'five phones',
      '26214',
      person({ contact: { phoneNumber: Array.from({ length: 5 }, (_, at) => ({ number: `201555010${at}` })) } }),
    ],
    ['a country code in letters', '20006', person({ contact: { phoneNumber: [{ number: '2015550142', countryCode: 'US' }] } })],
    ['no e-mail', '20006', person({ contact: { emailAddress: undefined } })],
    ['a long e-mail', '220006', person({ contact: { emailAddress: `${text(60)}@x.io` } })],
    ['no maiden name', '220012', { motherMaidenName: undefined }],
    ['a long maiden name', '220012', { motherMaidenName: text(129) }],
    ['no login name', '220015', channel(undefined)],
    ['a login name of digits', '220015', channel('12345678')],
    ['a login name with a blank', '220015', channel('pat demo1')],
    ['a login name with a hash', '220015', channel('patdemo#1')],
    ['a login name of five', '220015', channel('patde')],
    ['a login name of seven', '220019', channel('patdemo')],
    ['a login name of twenty-one', '220019', channel(text(21))],
    ['the member number as login name', '220016', { memberNumber: 'Member0001', ...channel('mEMBER0001') }],
    ['no password', '220018', channel('patdemo01', '')],
    ['a password of letters', '220018', channel('patdemo01', 'abcdef')],
    ['a short password', '220018', channel('patdemo01', 'ab1$c')],
    ['a long password', '220018', channel('patdemo01', `a1${text(31)}`)],
    ['a password with a blank', '220018', channel('patdemo01', 'a b1c2')],
    ['a password out of the login name', '220018', channel('patdemo01', 'DEMO01')],
    ['a list where a text belongs', '20006', { ssn: ['900112233'] }],
    ['an object where a text belongs', '20006', { motherMaidenName: { value: 'x' } }],
    ['characters outside printable ASCII', '20006', person({ name: { firstName: 'José' } })],
  ];
  test.each(vectors)('is refused with %s: 400 %s', async (_what, code, change) => {
    const answer = await register(customerOf(newMember(), change));
    expect([answer.statusCode, codesOf(answer)], answer.body).toEqual([400, [code]]);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
  });

  test.each([
    ['JSON without the root', '{"customer":{}}', 'application/json'],
    ['broken JSON', '{"FICustomer":', 'application/json'],
    ['no body', '', 'application/json'],
    ['XML of another root', '<Customer/>', 'application/xml'],
    ['XML with a DTD', '<!DOCTYPE a [<!ENTITY x "y">]><FICustomer><ssn>&x;</ssn></FICustomer>', 'application/xml'],
    ['XML without end', '<FICustomer>', 'application/xml'],
    ['JSON that is called XML', '{"FICustomer":{}}', 'application/xml'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1'), undefined],
  ])('is refused as no registration, 400 20006: %s', async (_what, payload, contentType) => {
    const answer = await post(payload, contentType);
    expect([answer.statusCode, codesOf(answer)], answer.body).toEqual([400, ['20006']]);
  });

  test('may be numbers where digits are meant, null for absent, and carry members nobody knows', async () => {
    const answer = await register(
      customerOf(newMember(), {
        ssn: 900112233,
        acceptedDisclosure: true,
        nickname: 'Pat',
        ...person({ contact: { phoneNumber: { number: 2015550142 } } }),
      }),
    );
    expect(answer.statusCode, answer.body).toBe(200);
  });

  test('is refused with every error at once when the institution wants so', async () => {
    await setSwitch('registration.collect_errors', true);
    const answer = await register(customerOf(newMember(), { ssn: '1', motherMaidenName: '', ...channel('patdemo', 'x') }));
    expect(answer.statusCode).toBe(400);
    expect(codesOf(answer)).toEqual(['220001', '220012', '220019', '220018']);
  });
});

describe('the caller', () => {
  test('needs a V1 token of an application: 401 90001', async () => {
    const { loginId, password } = api.customer({ state: 'active', userType: 'RETAIL' });
    const userToken = await tokenV1({ grant_type: 'password', username: loginId, password });
    for (const token of ['x', userToken, await api.partnerToken()]) {
      const answer = await register(customerOf(newMember()), { token });
      expect([answer.statusCode, codesOf(answer)]).toEqual([401, ['90001']]);
    }
  });

  test('must name the institution of its token (401 90001), then a trace id, then sound headers (400 90002)', async () => {
    const other = await register(customerOf(newMember()), { url: '/registration/v4/fis/00077/fiCustomers', traceId: 'x' });
    expect([other.statusCode, codesOf(other), elementOf(other, 'errorMessage')]).toEqual([
      401,
      ['90001'],
      'di_fiid not authorized',
    ]);
    const trace = await register(customerOf(newMember()), { traceId: 'x', headers: { originating_ip: 'nowhere' } });
    expect([trace.statusCode, codesOf(trace), elementOf(trace, 'errorMessage')]).toEqual([
      400,
      ['90002'],
      'Header &apos;di_tid&apos; invalid',
    ]);
    const address = await register(customerOf(newMember()), { headers: { originating_ip: 'nowhere' } });
    expect([address.statusCode, codesOf(address)]).toEqual([400, ['90002']]);
  });
});

describe('an application', () => {
  test('that calls too often in a second (500 92000), or in a day (500 91000), is told so in the same form', async () => {
    const slow = await tokenV1({ grant_type: 'client_credentials' }, slowKeys);
    const codes: (string | undefined)[] = [];
    for (let round = 0; round < 5 && !codes.includes('92000'); round += 1) {
      const answers = await Promise.all([1, 2, 3].map(() => register(customerOf('!'), { token: slow })));
      for (const answer of answers) codes.push(...codesOf(answer));
    }
    expect(codes).toContain('92000');
    const small = await tokenV1({ grant_type: 'client_credentials' }, smallKeys);
    await register(customerOf('!'), { token: small });
    const last = await register(customerOf('!'), { token: small });
    expect([last.statusCode, codesOf(last), elementOf(last, 'errorType')]).toEqual([500, ['91000'], 'SYSTEM_ERROR']);
  });
});

describe('a member', () => {
  test('who is registered is refused, also from another call (409 26331), and so is a login name that is taken (400 26201)', async () => {
    const member = newMember();
    expect((await register(customerOf(member))).statusCode).toBe(200);
    const again = await register(customerOf(member, channel('otherlogin1')));
    expect([again.statusCode, codesOf(again)]).toEqual([409, ['26331']]);
    const sameLogin = await register(customerOf(newMember(), channel(`LOGIN${member}`)));
    expect([sameLogin.statusCode, codesOf(sameLogin)]).toEqual([400, ['26201']]);
  });

  test('gets in once when twenty equal calls come at once; the others are refused', async () => {
    const member = newMember();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(customerOf(member))));
    const outcomes = answers.map((answer) =>
      answer.statusCode === 200 ? '200' : `${answer.statusCode} ${codesOf(answer).join()}`,
    );
    expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1);
    for (const outcome of outcomes) expect(['200', '409 26330', '409 26331']).toContain(outcome);
    const [row] = await app.database
      .sql`select count(*) as count from customers where institution_id = ${institutionId} and member_number = ${member}`;
    expect(row).toEqual({ count: 1n });
  });

  test('gets a login name once when twenty members want it at once', async () => {
    const members = Array.from({ length: 20 }, newMember);
    const answers = await Promise.all(members.map((member) => register(customerOf(member, channel('sharedlogin1')))));
    const outcomes = answers.map((answer) =>
      answer.statusCode === 200 ? '200' : `${answer.statusCode} ${codesOf(answer).join()}`,
    );
    expect(outcomes.sort()).toEqual(['200', ...Array.from({ length: 19 }, () => '400 26201')]);
    const left = await app.database
      .sql`select 1 from customers where institution_id = ${institutionId} and member_number = any(${members})`;
    expect(left).toHaveLength(1);
  });

  test('whom the core knows already keeps its customer id', async () => {
    const member = newMember();
    const customerId = randomUUID().replaceAll('-', '');
    await app.database.sql`
      insert into customers (institution_id, customer_id, customer_type, member_number) values (${institutionId}, ${customerId}, 'RETAIL', ${member})`;
    const answer = await register(customerOf(member));
    expect([answer.statusCode, guidOf(answer)]).toEqual([200, customerId]);
  });

  test('who was rejected may try again and gets a new id', async () => {
    const member = newMember();
    const first = await register(customerOf(member));
    await setState(member, 'rejected');
    const second = await register(customerOf(member));
    expect(second.statusCode, second.body).toBe(200);
    expect(guidOf(second)).not.toBe(guidOf(first));
  });

  test('who waits for approval is in progress: 409 26330', async () => {
    await setRegistrationPolicy({ needsApproval: true });
    const member = newMember();
    expect((await register(customerOf(member))).statusCode).toBe(200);
    const again = await register(customerOf(member));
    expect([again.statusCode, codesOf(again)]).toEqual([409, ['26330']]);
    const signIn = await api.signIn(`login${member}`, 'Blue@kite7');
    expect(signIn.statusCode).toBe(401);
  });

  test('may be the same person as another one, unless the institution refuses', async () => {
    const same = { ssn: '900445566' };
    expect((await register(customerOf(newMember(), same))).statusCode).toBe(200);
    expect((await register(customerOf(newMember(), same))).statusCode).toBe(200);
    await setSwitch('registration.same_person', 'refuse');
    const refused = await register(customerOf(newMember(), same));
    expect([refused.statusCode, codesOf(refused)]).toEqual([409, ['26331']]);
    const born = await register(customerOf(newMember(), { ...same, ...person({ birthDate: '1990-01-01' }) }));
    expect(born.statusCode).toBe(200);
  });

  test('gets a number where the institution gives them out', async () => {
    await setSwitch('registration.member_number', 'generate');
    const answer = await register(customerOf(newMember(), { memberNumber: undefined }));
    expect(answer.statusCode, answer.body).toBe(200);
    expect(elementOf(answer, 'memberNumber')).toMatch(/^[1-9][0-9]{9}$/u);
  });
});

async function setState(member: string, registration: string): Promise<void> {
  await app.database.sql`
    update credentials c set registration = ${registration} from institution_users u
    where c.institution_id = ${institutionId} and u.institution_id = ${institutionId} and c.institution_user_id = u.institution_user_id
      and u.login_name = ${`login${member}`}`;
}

describe('required disclosures', () => {
  const insertDisclosure = (name: string, isEnabled: boolean) => app.database.sql`
    insert into institution_disclosures (institution_id, institution_disclosure_id, name, data, is_enabled)
    values (${institutionId}, ${randomUUID().replaceAll('-', '').toUpperCase()}, ${name}, 'https://example.com/terms', ${isEnabled})
    on conflict (institution_id, upper(name)) do update set is_enabled = excluded.is_enabled, data = excluded.data`;
  const acceptances = (member: string) => app.database.sql`
    select d.status, e.client_id, e.trace_id, e.address, e.operation, length(e.definition_hash) as hash_length, e.definition_data,
      i.name, d.status_at = e.decided_at as has_same_time
    from institution_user_disclosures d
      join institution_users u using (institution_id, institution_user_id)
      join institution_disclosures i using (institution_id, institution_disclosure_id)
      join disclosure_evidence e using (institution_id, institution_user_disclosure_id)
    where d.institution_id = ${institutionId} and u.login_name = ${`login${member}`}`;
  const disable = () =>
    app.database.sql`update institution_disclosures set is_enabled = false where institution_id = ${institutionId}`;
  beforeAll(async () => {
    await insertDisclosure('IB', false);
    await insertDisclosure('ESIGN', false);
    await disable();
  });
  afterAll(disable);

  test('that nobody has enabled hold nobody back', async () => {
    expect((await register(customerOf(newMember(), { acceptedDisclosure: 'false' }))).statusCode).toBe(200);
  });

  test('hold back whoever has not accepted, and nothing is made', async () => {
    await insertDisclosure('IB', true);
    const member = newMember();
    for (const acceptedDisclosure of ['false', false, undefined, 'yes']) {
      const answer = await register(customerOf(member, { acceptedDisclosure }));
      expect([answer.statusCode, codesOf(answer), elementOf(answer, 'errorType')]).toEqual([400, ['20006'], 'APP_ERROR']);
      expect(elementOf(answer, 'errorMessage')).toContain('IB');
      expect(elementOf(answer, 'errorMessage')).not.toContain('ESIGN');
    }
    const rows = await app.database
      .sql`select 1 from customers where institution_id = ${institutionId} and member_number = ${member}`;
    expect(rows).toHaveLength(0);
  });

  test('are written down with the evidence when they are accepted', async () => {
    await insertDisclosure('IB', true);
    const member = newMember();
    const traceId = randomUUID();
    const answer = await register(customerOf(member), { traceId, headers: { originating_ip: '203.0.113.9' } });
    expect(answer.statusCode).toBe(200);
    const [evidence, ...others] = await acceptances(member);
    expect(others).toEqual([]);
    expect(evidence).toMatchObject({
      name: 'IB',
      status: 'ACCEPTED',
      trace_id: traceId,
      address: '203.0.113.9',
      operation: 'registerCustomer',
      hash_length: 32,
      definition_data: 'https://example.com/terms',
      has_same_time: true,
    });
  });

  test('may be more, as the institution asks for', async () => {
    await insertDisclosure('IB', true);
    await insertDisclosure('ESIGN', true);
    await setRegistrationPolicy({ requiredDisclosures: ['ib', 'Esign'] });
    const member = newMember();
    const refused = await register(customerOf(member, { acceptedDisclosure: 'false' }));
    expect(elementOf(refused, 'errorMessage')).toMatch(/ESIGN, IB$/u);
    expect((await register(customerOf(member))).statusCode).toBe(200);
    expect(await acceptances(member)).toHaveLength(2);
  });

  test('can leave the user pending until the same call accepts them', async () => {
    await insertDisclosure('IB', true);
    await setSwitch('registration.disclosure_gate', 'pend');
    const member = newMember();
    const signIn = () => api.signIn(`login${member}`, 'Blue@kite7');
    const pending = await register(customerOf(member, { acceptedDisclosure: 'false' }));
    expect([pending.statusCode, elementOf(pending, 'acceptedDisclosure')]).toEqual([200, 'false']);
    expect((await signIn()).statusCode).toBe(401);
    for (const change of [
      { acceptedDisclosure: 'false' },
      { ssn: '900999999' },
      channel('someoneelse1'),
      channel(`login${member}`, 'Other@pass1'),
    ]) {
      const other = await register(customerOf(member, change));
      expect([other.statusCode, codesOf(other)]).toEqual([409, ['26330']]);
    }
    const done = await register(customerOf(member));
    expect([done.statusCode, guidOf(done), elementOf(done, 'acceptedDisclosure')]).toEqual([200, guidOf(pending), 'true']);
    expect(await acceptances(member)).toHaveLength(1);
    expect((await signIn()).statusCode).toBe(200);
  });

  test('are only noted when the gate is off', async () => {
    await insertDisclosure('IB', true);
    await setSwitch('registration.disclosure_gate', 'off');
    const member = newMember();
    const answer = await register(customerOf(member, { acceptedDisclosure: 'false' }));
    expect([answer.statusCode, elementOf(answer, 'acceptedDisclosure')]).toEqual([200, 'false']);
    expect(await acceptances(member)).toHaveLength(0);
  });
});

describe('switches of the institution', () => {
  test('answer a plain birth date, a masked SSN, and JSON to whoever accepts it', async () => {
    await setSwitch('registration.birthdate_plain', true);
    await setSwitch('registration.mask_ssn', true);
    await setSwitch('legacy.json', true);
    const answer = await register(customerOf(newMember()), { headers: { accept: 'application/json' } });
    expect(answer.json()).toMatchObject({
      FICustomer: { ssn: '*****2233', acceptedDisclosure: true, billPayEnabled: false, person: { birthDate: '1989-10-09' } },
    });
    const refused = await register(customerOf(newMember(), { ssn: '1' }), { headers: { accept: 'application/json' } });
    expect(refused.json().errorInfo).toEqual([expect.objectContaining({ errorCode: '220001' })]);
  });

  test('ask for a letter and a digit in a login name, and for fewer destinations', async () => {
    await setSwitch('login.charset_rule', 'letter_and_digit');
    expect(codesOf(await register(customerOf(newMember(), channel('onlyletters'))))).toEqual(['220015']);
    await setSwitch('registration.max_destinations', '4');
    const phoneNumber = [{ number: '2015550142' }, { number: '2015550143' }];
    expect(codesOf(await register(customerOf(newMember(), person({ contact: { phoneNumber } }))))).toEqual(['26214']);
  });
});
