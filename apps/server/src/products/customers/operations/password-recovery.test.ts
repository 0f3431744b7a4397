import { randomUUID } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await createTestApp({ runsJobs: true });
  // Limits of calls are not what these tests are about: every process reads this change by itself.
  await app.database.sql`update applications set spike_per_second = 0`;
  await app.database.sql`
    insert into change_feed (topic, subject, expires_at) values ('applications_changed', 'all', clock_timestamp() + interval '1 minute')`;
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => clientToken(0)));
    return answers.every((answer) => answer !== undefined);
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  await sandboxCall('POST', '/sandbox/v1/institutions/00042:reset');
  token = await clientToken(0);
});

type Customer = TestApp['sandbox']['institutions'][number]['customers'][number];

function institution() {
  const [first] = app.sandbox.institutions;
  if (first === undefined) throw new Error('The sandbox has no institution.');
  return first;
}

function customerInState(state: Customer['state'], place = 0): Customer {
  const customer = institution().customers.filter((one) => one.state === state && one.userType === 'RETAIL')[place];
  if (customer === undefined) throw new Error(`The sandbox has no customer in state ${state}.`);
  return customer;
}

function methodOf(customer: Customer, protocol: string): string {
  const method = customer.contactMethods.find((one) => one.protocol === protocol && one.isActivated);
  if (method === undefined) throw new Error(`The customer has no method for ${protocol}.`);
  return method.id;
}

async function clientToken(place: number, scopes?: string): Promise<string> {
  const application = app.sandbox.institutions[place]?.applications[0];
  const answer = await app.http.inject({
    method: 'POST',
    url: '/oauth2/v1/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${application?.clientId}:${application?.clientSecret}`).toString('base64')}`,
      transactionid: randomUUID(),
      institutionid: app.sandbox.institutions[place]?.institutionId ?? '',
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: `grant_type=client_credentials${scopes === undefined ? '' : `&scopes=${scopes}`}`,
  });
  const { access_token: accessToken }: { access_token: string } = answer.json();
  return accessToken;
}

/** A sign-in with login name and password by the mobile application. */
function signIn(customer: Customer, password: string) {
  const application = institution().applications[1];
  return app.http.inject({
    method: 'POST',
    url: '/oauth2/v1/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${application?.clientId}:${application?.clientSecret}`).toString('base64')}`,
      transactionid: randomUUID(),
      institutionid: institution().institutionId,
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams({ grant_type: 'password', username: customer.loginId, password }).toString(),
  });
}

function refresh(refreshToken: string) {
  const application = institution().applications[1];
  return app.http.inject({
    method: 'POST',
    url: '/oauth2/v1/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${application?.clientId}:${application?.clientSecret}`).toString('base64')}`,
      transactionid: randomUUID(),
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString(),
  });
}

function sandboxCall(method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) {
  return app.http.inject({
    method,
    url,
    headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
    ...(payload === undefined ? {} : { payload }),
  });
}

function call(method: 'PUT' | 'POST' | 'GET', url: string, payload?: object, headers: Readonly<Record<string, string>> = {}) {
  return app.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, correlationid: randomUUID(), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

const send = (customerId: string, body: object) => call('PUT', `/v1/customers/${customerId}:reset-password`, body);
const verify = (customerId: string, passcode: string) => call('POST', `/v1/password-resets/${customerId}:verify`, { passcode });
const complete = (customerId: string, resetSession: string, newPassword: string) =>
  call('POST', `/v1/password-resets/${customerId}:complete`, { resetSession, newPassword });

async function advance(seconds: number) {
  expect((await sandboxCall('POST', '/sandbox/v1/institutions/00042/clock:advance', { seconds })).statusCode).toBe(200);
  // Tokens follow the clock too.
  token = await clientToken(0);
}

/** The newest passcode of the institution. */
async function passcodeAfter(sent: number): Promise<string> {
  return eventually(async () => {
    const all = (await app.inbox.list({ institutionIds: ['00042'], limit: 100 })).filter(
      ({ template }) => template === 'passcode',
    );
    return all.length >= sent ? all[0]?.passcode : undefined;
  });
}

async function messages(template: string) {
  return (await app.inbox.list({ institutionIds: ['00042'], limit: 100 })).filter((message) => message.template === template);
}

/** Sends a passcode by SMS and opens a reset session with it. */
async function openSession(customer: Customer): Promise<string> {
  const before = (await messages('passcode')).length;
  expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
  const answer = await verify(customer.customerId, await passcodeAfter(before + 1));
  expect(answer.statusCode).toBe(200);
  const { resetSession }: { resetSession: string } = answer.json();
  return resetSession;
}

function wrongOf(passcode: string): string {
  return passcode.startsWith('9') ? `0${passcode.slice(1)}` : `9${passcode.slice(1)}`;
}

async function reasonOf(kind: string): Promise<string | undefined> {
  const [row] = await app.database.sql<{ reason: string }[]>`
    select details ->> 'reason' as reason from activities where institution_id = '00042' and kind = ${kind}
    order by activity_id desc limit 1`;
  return row?.reason;
}

describe('U3 sends a passcode', () => {
  test.each([
    ['SMS', {}, 'SMS'],
    ['SMS', { protocol: 'VOICE' }, 'VOICE'],
    ['VOICE', { protocol: 'SMS' }, 'SMS'],
    ['EMAIL', {}, 'EMAIL'],
  ] as const)(
    'to a method for %s with %o it goes by %s, and holds institution, code and minutes',
    async (protocol, extra, channel) => {
      const customer = customerInState('active');
      const answer = await send(customer.customerId, { contactMethodId: methodOf(customer, protocol), ...extra });
      expect(answer.statusCode).toBe(204);
      expect(answer.body).toBe('');
      const passcode = await passcodeAfter(1);
      const [message] = await messages('passcode');
      expect(passcode).toMatch(/^[0-9]{6}$/u);
      expect(message?.channel).toBe(channel);
      expect(message?.text).toContain(channel === 'VOICE' ? [...passcode].join(', ') : passcode);
      expect(message?.text).toContain('10 minutes');
      expect(`${message?.subject} ${message?.text}`).toContain(institution().name);
      expect(JSON.stringify(message)).not.toContain(customer.loginId);
    },
  );

  test.each([
    '/ux-users/v1/customers/ID:reset-password',
    '/v1/customers/ID:resetPassword',
    '/digitalbanking/ux-users/v1/customers/ID:resetPassword',
  ])('answers on %s too, and takes destinationId and a number', async (path) => {
    const customer = customerInState('active');
    const body = { destinationId: Number(methodOf(customer, 'SMS')) };
    expect((await call('PUT', path.replace('ID', customer.customerId), body)).statusCode).toBe(204);
  });

  test('a locked user may ask: the lock stays until the new password', async () => {
    const customer = customerInState('locked');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
  });

  const unknown = '0'.repeat(32);
  const phoneOf = (customer: Customer) => ({ contactMethodId: methodOf(customer, 'SMS') });

  test.each([
    ['no Authorization', { authorization: '' }, 401, 'UXU_10005'],
    ['another form of Authorization', { authorization: 'Basic abc' }, 401, 'UXU_10009'],
    ['an unknown token', { authorization: 'Bearer abc' }, 401, 'UXU_10001'],
    ['no correlationId', { correlationid: '' }, 400, 'UXU_10006'],
    ['a correlationId that is no UUID', { correlationid: 'abc' }, 400, 'UXU_10007'],
    ['an originating_ip that is no address', { originating_ip: '1.2.3' }, 400, 'UXU_10008'],
  ])('%s %j: %i %s', async (_what, headers, status, code) => {
    const customer = customerInState('active');
    const path = `/v1/customers/${customer.customerId}:reset-password`;
    expect(await refusalOf(call('PUT', path, phoneOf(customer), headers))).toEqual([status, code]);
  });

  test.each([
    ['no contactMethodId', {}, 400, 'UXU_99999'],
    ['a blank contactMethodId', { contactMethodId: ' ' }, 400, 'UXU_99999'],
    ['a contact method that nobody has', { contactMethodId: '1' }, 400, 'UXU_88889'],
  ])('%s %j: %i %s', async (_what, body, status, code) => {
    expect(await refusalOf(send(customerInState('active').customerId, body))).toEqual([status, code]);
  });

  test.each([
    ['a path that is no customer id', 'nonsense', 400, 'UXU_10012'],
    ['a customer that nobody knows', unknown, 404, 'UXU_88888'],
  ])('%s, %s: %i %s', async (_what, id, status, code) => {
    expect(await refusalOf(send(id, phoneOf(customerInState('active'))))).toEqual([status, code]);
    // The customer comes before the body.
    expect(await refusalOf(send(id, { contactMethodId: '' }))).toEqual([status, code]);
  });

  test('400 UXU_99999: a protocol that there is not, or a phone protocol for an address', async () => {
    const customer = customerInState('active');
    const pigeon = { ...phoneOf(customer), protocol: 'PIGEON' };
    expect(await refusalOf(send(customer.customerId, pigeon))).toEqual([400, 'UXU_99999']);
    const called = { contactMethodId: methodOf(customer, 'EMAIL'), protocol: 'SMS' };
    expect(await refusalOf(send(customer.customerId, called))).toEqual([400, 'UXU_99999']);
  });

  test('400 UXU_88889: a contact method of somebody else (acceptance check 6)', async () => {
    const body = phoneOf(customerInState('active', 1));
    expect(await refusalOf(send(customerInState('active').customerId, body))).toEqual([400, 'UXU_88889']);
  });

  test('400 UXU_88890: a customer without a digital user', async () => {
    const id = 'd'.repeat(32);
    await app.database.sql`
      insert into customers (institution_id, customer_id, customer_type, member_number) values ('00042', ${id}, 'RETAIL', 'M1')`;
    expect(await refusalOf(send(id, { contactMethodId: '1' }))).toEqual([400, 'UXU_88890']);
  });

  test('400 UXU_13006: a user on hold, and nothing is sent', async () => {
    const held = customerInState('onHold');
    expect(await refusalOf(send(held.customerId, phoneOf(held)))).toEqual([400, 'UXU_13006']);
    expect(await reasonOf('passcode_refused')).toBe('on_hold');
    expect(await messages('passcode')).toEqual([]);
  });

  test('400 UXU_10013: an action that there is not', async () => {
    const path = `/ux-users/v1/customers/${customerInState('active').customerId}:reset`;
    expect(await refusalOf(call('PUT', path, {}))).toEqual([400, 'UXU_10013']);
  });

  test('403 UXU_10002: a token without the scope, and 401 UXU_10003: one that has expired', async () => {
    const customer = customerInState('active');
    const all = token;
    token = await clientToken(0, 'institution-users:read');
    expect(await refusalOf(send(customer.customerId, phoneOf(customer)))).toEqual([403, 'UXU_10002']);
    await advance(1801);
    token = all;
    expect(await refusalOf(send(customer.customerId, phoneOf(customer)))).toEqual([401, 'UXU_10003']);
  });

  test("a user's own token reaches only that user: 400 UXU_10011", async () => {
    const customer = customerInState('active');
    const other = customerInState('active', 1);
    const signedIn: { access_token: string } = (await signIn(customer, customer.password)).json();
    token = signedIn.access_token;
    expect((await send(other.customerId, { contactMethodId: methodOf(other, 'SMS') })).json()).toMatchObject({
      code: 'UXU_10011',
    });
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
  });

  test('asked again within a minute it sends nothing, and the first passcode stays good', async () => {
    const customer = customerInState('active');
    const body = { contactMethodId: methodOf(customer, 'SMS') };
    await send(customer.customerId, body);
    const passcode = await passcodeAfter(1);
    expect((await send(customer.customerId, body)).statusCode).toBe(204);
    await advance(59);
    expect((await send(customer.customerId, body)).statusCode).toBe(204);
    expect((await verify(customer.customerId, passcode)).statusCode).toBe(200);
    expect(await messages('passcode')).toHaveLength(1);
  });

  test('three in a quarter of an hour and six a day, then 400 UXU_13006', async () => {
    const customer = customerInState('active');
    const body = { contactMethodId: methodOf(customer, 'SMS') };
    const outcomes: number[] = [];
    for (const pause of [61, 61, 61, 900, 61, 61, 900]) {
      outcomes.push((await send(customer.customerId, body)).statusCode);
      await advance(pause);
    }
    expect(outcomes).toEqual([204, 204, 204, 400, 204, 204, 204]);
    expect((await send(customer.customerId, body)).json()).toMatchObject({ code: 'UXU_13006' });
    expect(await reasonOf('passcode_refused')).toBe('too_many_sends');
    await advance(86_400);
    expect((await send(customer.customerId, body)).statusCode).toBe(204);
  });

  test('a number that was changed within a day gets no passcode while there is another way', async () => {
    const customer = customerInState('active');
    const phone = customer.contactMethods.find(({ protocol }) => protocol === 'SMS')?.contactInfo;
    const change = { phoneNumber: { oldPhoneNumber: phone, newPhoneNumber: '2015550199' } };
    expect((await call('PUT', `/v1/customers/${customer.customerId}:contact-info`, change)).statusCode).toBe(204);
    const body = { contactMethodId: methodOf(customer, 'SMS') };
    expect((await send(customer.customerId, body)).json()).toMatchObject({ status: 400, code: 'UXU_13006' });
    expect(await reasonOf('passcode_refused')).toBe('contact_changed_recently');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'EMAIL') })).statusCode).toBe(204);
    await advance(86_400);
    expect((await send(customer.customerId, body)).statusCode).toBe(204);
  });

  test('a change of the number ends the passcode that was on its way to it', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const passcode = await passcodeAfter(1);
    const phone = customer.contactMethods.find(({ protocol }) => protocol === 'SMS')?.contactInfo;
    const change = { phoneNumber: { oldPhoneNumber: phone, newPhoneNumber: '2015550199' } };
    expect((await call('PUT', `/v1/customers/${customer.customerId}:contact-info`, change)).statusCode).toBe(204);
    expect((await verify(customer.customerId, passcode)).json()).toMatchObject({ code: 'PRS_20001' });
  });

  test('switches: no e-mail, and the duty to change the password', async () => {
    const customer = customerInState('active');
    await sandboxCall('PUT', '/sandbox/v1/institutions/00042/switches/reset.email_otp', { value: false });
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'EMAIL') })).json()).toMatchObject({
      code: 'UXU_99999',
    });
    await sandboxCall('PUT', '/sandbox/v1/institutions/00042/switches/reset.api_sets_reset_flag', { value: true });
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    expect((await signIn(customer, customer.password)).statusCode).not.toBe(200);
  });
});

test('503 UXU_30002: where nobody is set up to bring messages, U3 says so and makes no passcode', async () => {
  const production = await createTestApp({ sharedWith: app, mode: 'production' });
  const customer = customerInState('active');
  const answer = await production.http.inject({
    method: 'PUT',
    url: `/v1/customers/${customer.customerId}:reset-password`,
    headers: { authorization: `Bearer ${token}`, correlationid: randomUUID() },
    payload: { contactMethodId: methodOf(customer, 'SMS') },
  });
  expect(answer.json()).toMatchObject({ status: 503, code: 'UXU_30002' });
  expect(await reasonOf('passcode_refused')).toBe('no_provider');
  expect(await app.database.sql`select 1 from password_resets`).toEqual([]);
  await production.close();
});

describe('the passcode', () => {
  test('opens a session once, and its digits are nowhere in the database', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const passcode = await passcodeAfter(1);
    const [row] = await app.database.sql<{ text: string }[]>`
      select string_agg(r::text, ' ') || (select string_agg(m::text, ' ') from messages m) || (select string_agg(a.details::text, ' ') from activities a) as text
      from password_resets r`;
    expect(row?.text).not.toContain(Buffer.from(passcode).toString('hex'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => verify(customer.customerId, passcode)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 400)]);
  });

  test('blanks and dashes between the digits do no harm', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const passcode = await passcodeAfter(1);
    expect((await verify(customer.customerId, ` ${passcode.slice(0, 3)}-${passcode.slice(3)} `)).statusCode).toBe(200);
  });

  test('50 wrong ones in parallel burn five tries and end it', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const passcode = await passcodeAfter(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(customer.customerId, wrongOf(passcode))));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.json()).toEqual({ status: 400, message: expect.any(String), code: 'PRS_20001' });
    const status = await call('GET', `/v1/customers/${customer.customerId}`);
    expect(status.json()).toMatchObject({ failedPasswordResetCount: 5, userStatus: { locked: false, active: true } });
    expect((await verify(customer.customerId, passcode)).statusCode).toBe(400);
  });

  test('ten wrong ones in a day end all passcodes of the day, and a resend gives none back; nobody is locked', async () => {
    const customer = customerInState('active');
    const body = { contactMethodId: methodOf(customer, 'SMS') };
    for (const wrong of [4, 4, 2]) {
      const before = (await messages('passcode')).length;
      expect((await send(customer.customerId, body)).statusCode).toBe(204);
      const passcode = await passcodeAfter(before + 1);
      for (let turn = 0; turn < wrong; turn += 1) await verify(customer.customerId, wrongOf(passcode));
      await advance(600);
      if (wrong === 2) expect((await verify(customer.customerId, passcode)).statusCode).toBe(400);
      await advance(301);
    }
    expect((await send(customer.customerId, body)).json()).toMatchObject({ code: 'UXU_13006' });
    expect(await reasonOf('passcode_refused')).toBe('too_many_wrong_passcodes');
    expect((await signIn(customer, customer.password)).statusCode).toBe(200);
    await advance(86_400);
    expect((await send(customer.customerId, body)).statusCode).toBe(204);
  });

  test('is over after ten minutes', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const passcode = await passcodeAfter(1);
    await advance(601);
    expect((await verify(customer.customerId, passcode)).statusCode).toBe(400);
  });

  test('a new one ends the one before, and belongs to its customer only', async () => {
    const customer = customerInState('active');
    const other = customerInState('active', 1);
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const first = await passcodeAfter(1);
    await advance(61);
    await send(customer.customerId, { contactMethodId: methodOf(customer, 'EMAIL') });
    const second = await passcodeAfter(2);
    if (first !== second) expect((await verify(customer.customerId, first)).statusCode).toBe(400);
    await send(other.customerId, { contactMethodId: methodOf(other, 'SMS') });
    const otherCode = await passcodeAfter(3);
    if (otherCode !== second) expect((await verify(other.customerId, second)).statusCode).toBe(400);
    expect((await verify(customer.customerId, second)).statusCode).toBe(200);
  });

  test('an unknown customer, one without a passcode and a wrong passcode answer the same', async () => {
    const customer = customerInState('active');
    expect((await send(customer.customerId, { contactMethodId: methodOf(customer, 'SMS') })).statusCode).toBe(204);
    const wrong = wrongOf(await passcodeAfter(1));
    const answers = [
      await verify(customer.customerId, wrong),
      await verify(customerInState('active', 2).customerId, wrong),
      await verify(customerInState('onHold').customerId, wrong),
      await verify('0'.repeat(32), wrong),
    ];
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
  });
});

describe('the new password', () => {
  const newPassword = 'Brand-new-42';

  test('works at once; the old one, every refresh and every access token do not', async () => {
    const customer = customerInState('active');
    const before: { access_token: string; refresh_token: string } = (await signIn(customer, customer.password)).json();
    const session = await openSession(customer);
    expect((await complete(customer.customerId, session, newPassword)).statusCode).toBe(204);
    expect((await signIn(customer, newPassword)).statusCode).toBe(200);
    expect((await signIn(customer, customer.password)).statusCode).not.toBe(200);
    expect((await refresh(before.refresh_token)).statusCode).not.toBe(200);
    const profile = await call('GET', `/v1/customers/${customer.customerId}`, undefined, {
      authorization: `Bearer ${before.access_token}`,
    });
    expect(profile.json()).toMatchObject({ code: 'UXU_10001' });
  });

  test.each(['locked', 'reset'] as const)('ends the state %s and clears the counters', async (state) => {
    const customer = customerInState(state);
    const session = await openSession(customer);
    await complete(customer.customerId, session, newPassword);
    expect((await signIn(customer, newPassword)).statusCode).toBe(200);
    const profile = await call('GET', `/v1/customers/${customer.customerId}`);
    expect(profile.json()).toMatchObject({
      failedLoginCount: 0,
      failedPasswordResetCount: 0,
      userStatus: { locked: false, reset: false, active: true },
    });
  });

  test('of eight at once one wins, and that one is the password', async () => {
    const customer = customerInState('active');
    const session = await openSession(customer);
    const passwords = Array.from({ length: 8 }, (_, index) => `Parallel-${index}`);
    const answers = await Promise.all(passwords.map((password) => complete(customer.customerId, session, password)));
    const winners = passwords.filter((_, index) => answers[index]?.statusCode === 204);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 400).map((answer) => answer.json().code)).toEqual(
      Array(7).fill('PRS_20002'),
    );
    expect((await signIn(customer, winners[0] ?? '')).statusCode).toBe(200);
  });

  test.each(['abcdef', 'a b1c2', 'x1', 'a'.repeat(33)])('%s is refused and leaves the session as it is', async (weak) => {
    const customer = customerInState('active');
    const session = await openSession(customer);
    expect((await complete(customer.customerId, session, weak)).json()).toMatchObject({ code: 'PRS_20003' });
    expect((await complete(customer.customerId, session, customer.loginId.slice(-8))).json()).toMatchObject({
      code: 'PRS_20003',
    });
    expect((await complete(customer.customerId, session, newPassword)).statusCode).toBe(204);
  });

  test('a session is for its own customer, for ten minutes, and not while the user is on hold', async () => {
    const customer = customerInState('active');
    const session = await openSession(customer);
    const refused = { code: 'PRS_20002' };
    expect((await complete(customerInState('active', 1).customerId, session, newPassword)).json()).toMatchObject(refused);
    expect((await complete(customer.customerId, 'guessed', newPassword)).json()).toMatchObject(refused);
    await advance(601);
    expect((await complete(customer.customerId, session, newPassword)).json()).toMatchObject(refused);
    expect((await signIn(customer, customer.password)).statusCode).toBe(200);
  });

  test('every other contact method is told, and "this was not me" stops all access', async () => {
    const customer = customerInState('active');
    const session = await openSession(customer);
    await complete(customer.customerId, session, newPassword);
    const notices = await eventually(async () => {
      const found = await messages('password-changed');
      return found.length > 0 ? found : undefined;
    });
    expect(notices.map(({ to }) => to)).toContain(customer.emailAddress);
    const used = (await messages('passcode'))[0]?.to;
    expect(notices.map(({ to }) => to)).not.toContain(used);
    const mail = notices.find(({ channel }) => channel === 'EMAIL');
    const link = new URL(/https?:\/\/\S+/u.exec(mail?.text ?? '')?.[0] ?? '');
    const signedIn: { refresh_token: string } = (await signIn(customer, newPassword)).json();
    // A program that looks at links must not lock anybody out.
    expect((await app.http.inject({ method: 'GET', url: link.pathname + link.search })).statusCode).toBe(200);
    expect((await signIn(customer, newPassword)).statusCode).toBe(200);
    const press = (query: URLSearchParams) =>
      app.http.inject({
        method: 'POST',
        url: link.pathname,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: query.toString(),
      });
    expect((await press(new URLSearchParams({ institution: '00042', token: 'guessed' }))).statusCode).toBe(404);
    expect((await press(link.searchParams)).body).toContain('All access is stopped');
    expect((await press(link.searchParams)).statusCode).toBe(200);
    expect((await signIn(customer, newPassword)).statusCode).not.toBe(200);
    expect((await refresh(signedIn.refresh_token)).statusCode).not.toBe(200);
    expect((await call('GET', `/v1/customers/${customer.customerId}`)).json()).toMatchObject({
      userStatus: { onHold: true, active: false },
    });
    const held = await app.database.sql`select 1 from activities where institution_id = '00042' and kind = 'user_held'`;
    expect(held).toHaveLength(1);
  });
});

test.each([
  ['', 401, 'PRS_10001'],
  ['Basic abc', 401, 'PRS_10001'],
  ['Bearer abc', 401, 'PRS_10002'],
])('without a good token (%s) nobody gets to try', async (authorization, status, code) => {
  const answer = await call('POST', `/v1/password-resets/${'a'.repeat(32)}:verify`, { passcode: '1' }, { authorization });
  expect(answer.json()).toMatchObject({ status, code });
});

test.each([
  ['verify', 'x', { passcode: '123456' }, 'PRS_10005'],
  ['verify', 'a'.repeat(32), {}, 'PRS_10006'],
  ['verify', 'a'.repeat(32), { passcode: 123456 }, 'PRS_10006'],
  ['complete', 'a'.repeat(32), { resetSession: 'x' }, 'PRS_10006'],
  ['complete', 'a'.repeat(32), { resetSession: 'x', newPassword: 'Brand-new-42' }, 'PRS_20002'],
])('%s of %s with %o answers %s', async (action, id, body, code) => {
  expect((await call('POST', `/v1/password-resets/${id}:${action}`, body)).json()).toMatchObject({ code });
});
