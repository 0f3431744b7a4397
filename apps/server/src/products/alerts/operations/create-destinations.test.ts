import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createMessagingCall, type MessagingCall } from '@openbranch/testkit/messaging-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: MessagingCall;
let partner: JsonCall;
let person: Customer;
const people: Customer[] = [];

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createMessagingCall(api, await api.legacyToken());
  partner = createJsonCall(api, await api.partnerToken());
  people.push(...api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }));
});
afterAll(() => app.close());

/** Nobody is bound to anything, and everybody has the contact methods of the seed. */
beforeEach(async () => {
  const [first] = people;
  if (first === undefined) throw new Error('The sandbox has no customer.');
  person = first;
  const { sql } = app.database;
  await sql`delete from alert_destinations`;
  await sql`delete from contact_methods where contact_method_id >= 7200000`;
  await sql`delete from messages`;
});

const pathOf = (customerId: string, place = 'products/DIGITAL/notificationApps/ALERTS') =>
  `/destinations/v2/fis/${api.institutionId}/${place}/fiCustomers/${customerId}/destinations`;
const path = (place?: string) => pathOf(person.customerId, place);
const one = (members: Readonly<Record<string, string | boolean>>) =>
  `<destination>${Object.entries(members)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</destination>`;
const all = (...list: Readonly<Record<string, string | boolean>>[]) => `<destinations>${list.map(one).join('')}</destinations>`;

interface Shown {
  readonly [member: string]: string;
}
/** The destinations of an answer. */
function shown(body: string): Shown[] {
  return [...body.matchAll(/<destination>([\s\S]*?)<\/destination>/gu)].map(([, inside = '']) =>
    Object.fromEntries([...inside.matchAll(/<(\w+)>([^<]*)</gu)].map(([, name = '', value = '']) => [name, value])),
  );
}
const list = async (url = path()) => shown((await call('GET', url)).body);
const create = async (...destinations: Readonly<Record<string, string | boolean>>[]) => {
  const answer = await call('POST', path(), all(...destinations));
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return shown(answer.body);
};
const createdId = async (contactInfo: string, more = {}) =>
  (await create({ protocol: 'EMAIL', contactInfo, ...more }))[0]?.['id'] ?? '';
const contactMethods = async () =>
  (
    await partner('GET', `/ux-users/v1/customers/${person.customerId}/contact-methods`, undefined, {
      correlationId: randomUUID(),
    })
  ).json().contactMethods;
const everything = async () => {
  const { sql } = app.database;
  const rows = await sql`
    select to_jsonb(d)::text as row from alert_destinations d union all select to_jsonb(m)::text from contact_methods m order by 1`;
  return JSON.stringify(rows);
};

describe('a destination that is made', () => {
  test('is listed, is a contact method of U2 with the same id, and a preference for its channel is taken', async () => {
    const preference = { alertOpted: true, alertPreferenceDetails: { alertTypeName: 'LOW_BALANCE', channelTypeName: 'SMS' } };
    const prefer = () => partner('POST', `/v1/alert-preferences?loginId=${encodeURIComponent(person.loginId)}`, preference);
    expect(await refusalOf(prefer())).toEqual([400, 'PRMVAL_10013']);
    const [made] = await create({ protocol: 'SMS', contactInfo: '5105550142', primary: true });
    expect(made).toMatchObject({
      protocol: 'SMS',
      telephoneCountryCode: '1',
      contactInfo: '5105550142',
      activated: 'true',
      primary: 'true',
    });
    expect(await list()).toEqual([made]);
    expect(await contactMethods()).toContainEqual(
      expect.objectContaining({
        id: made?.['id'],
        protocol: 'SMS',
        contactInfo: '5105550142',
        enrolledDateTime: made?.['enrolledDateTime'],
      }),
    );
    expect((await prefer()).statusCode).toBe(201);
  });

  test('reuses the contact method that is on file, and is bound once however often it is asked for', async () => {
    const [onFile] = (await contactMethods()).filter(({ protocol }: { protocol: string }) => protocol === 'EMAIL');
    const before = (await contactMethods()).length;
    const email = { protocol: 'EMAIL', contactInfo: onFile.contactInfo };
    expect((await create(email))[0]?.['id']).toBe(onFile.id);
    expect((await create(email, { ...email, primary: true }))[0]).toMatchObject({ id: onFile.id, primary: 'true' });
    expect(await list()).toHaveLength(1);
    expect(await contactMethods()).toHaveLength(before);
  });

  test('takes the first place of its protocol from another one', async () => {
    const first = await createdId('one@example.com', { primary: true });
    const second = await createdId('two@example.com', { primary: true });
    await create({ protocol: 'PUSH', contactInfo: 'token-of-a-device', primary: true });
    expect((await list()).map(({ id, primary }) => [id, primary])).toEqual([
      [first, 'false'],
      [second, 'true'],
      [expect.any(String), 'true'],
    ]);
  });

  test('comes as JSON too, and the answer is XML', async () => {
    const body = { destinations: { destination: [{ protocol: 'voice', contactInfo: 5105550142, activated: false }] } };
    const answer = await call('POST', path(), body, { accept: 'application/json' });
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(shown(answer.body)).toMatchObject([{ protocol: 'VOICE', contactInfo: '5105550142', activated: 'false' }]);
  });

  test('200 and 204: each application has its own; where nothing is bound the list is empty', async () => {
    await create({ protocol: 'EMAIL', contactInfo: 'one@example.com' });
    expect((await call('GET', path())).statusCode).toBe(200);
    const empty = await call('GET', path('products/DIGITAL/notificationApps/OTP'));
    expect([empty.statusCode, empty.body, empty.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test.each([
    ['no destination', '<destinations/>'],
    ['no protocol', all({ contactInfo: 'a@example.com' })],
    ['an unknown protocol', all({ protocol: 'FAX', contactInfo: '5105550142' })],
    ['no contactInfo', all({ protocol: 'EMAIL' })],
    ['an address without a domain', all({ protocol: 'EMAIL', contactInfo: 'nobody' })],
    ['two addresses in one', all({ protocol: 'EMAIL', contactInfo: 'a@example.com,b@example.com' })],
    ['an address that is too long', all({ protocol: 'EMAIL', contactInfo: `${'a'.repeat(60)}@example.com` })],
    ['letters in a number', all({ protocol: 'SMS', contactInfo: '510-555-0142' })],
    ['a token that is too long', all({ protocol: 'PUSH', contactInfo: 'x'.repeat(513) })],
    ['a country code for an address', all({ protocol: 'EMAIL', contactInfo: 'a@example.com', telephoneCountryCode: '1' })],
    ['a country code of four digits', all({ protocol: 'SMS', contactInfo: '5105550142', telephoneCountryCode: '1234' })],
    ['a flag that is none', all({ protocol: 'EMAIL', contactInfo: 'a@example.com', primary: 'maybe' })],
    ['one bad one among good ones', all({ protocol: 'EMAIL', contactInfo: 'a@example.com' }, { protocol: 'EMAIL' })],
  ])('400 400: %s, and nothing is made', async (_what, body) => {
    const before = await everything();
    expect(await refusalOf(call('POST', path(), body))).toEqual([400, '400']);
    expect(await everything()).toBe(before);
  });

  test('400 400: an eleventh of one application', async () => {
    const many = Array.from({ length: 10 }, (_, index) => ({ protocol: 'EMAIL', contactInfo: `no${index}@example.com` }));
    await create(...many);
    expect(await refusalOf(call('POST', path(), all({ protocol: 'EMAIL', contactInfo: 'eleven@example.com' })))).toEqual([
      400,
      '400',
    ]);
    expect(await create(...many)).toHaveLength(10);
  });

  test('404 404: a product or an application that the institution does not have; one that it has is taken', async () => {
    for (const place of [
      'products/OTHER/notificationApps/ALERTS',
      'products/DIGITAL/notificationApps/alerts',
      'products/a%20b/notificationApps/x',
    ])
      for (const method of ['GET', 'DELETE'] as const) expect(await refusalOf(call(method, path(place)))).toEqual([404, '404']);
    const { sql } = app.database;
    await sql`
      insert into notification_apps (institution_id, product_id, notification_app_id) values (${api.institutionId}, 'CARDS', 'App_1')`;
    expect((await call('GET', path('products/CARDS/notificationApps/App_1'))).statusCode).toBe(204);
    await sql`delete from notification_apps`;
  });
});

describe('a change of destinations', () => {
  test('counts for the contact method too: number, state and validation', async () => {
    const [made] = await create({ protocol: 'SMS', contactInfo: '5105550142' });
    const id = made?.['id'] ?? '';
    const answer = await call(
      'PUT',
      path(),
      all({ id, contactInfo: '5105550199', telephoneCountryCode: '49', activated: false }),
    );
    expect(shown(answer.body)).toMatchObject([{ id, contactInfo: '5105550199', telephoneCountryCode: '49', activated: 'false' }]);
    expect(await contactMethods()).toContainEqual(expect.objectContaining({ id, contactInfo: '5105550199', isActivated: false }));
  });

  test('of the address in the profile changes the profile', async () => {
    const { sql } = app.database;
    const { emailAddress } =
      (
        await sql`
      select email_address as "emailAddress" from institution_users where customer_guid = ${person.customerId}`
      )[0] ?? {};
    const id = await createdId(String(emailAddress));
    await call('PUT', path(), all({ id, contactInfo: 'moved@example.com' }));
    const read = () => sql`select email_address from institution_users where customer_guid = ${person.customerId}`;
    expect([...(await read())]).toEqual([{ email_address: 'moved@example.com' }]);
    await call('PUT', path(), all({ id, contactInfo: String(emailAddress) }));
    expect([...(await read())]).toEqual([{ email_address: emailAddress }]);
  });

  test('leaves what is not listed and what is not said as it was', async () => {
    const first = await createdId('one@example.com', { primary: true });
    const second = await createdId('two@example.com');
    const [, untouched] = await list();
    await call('PUT', path(), all({ id: first, activated: false }));
    expect(await list()).toMatchObject([
      { id: first, contactInfo: 'one@example.com', primary: 'true', activated: 'false' },
      { id: second },
    ]);
    expect((await list())[1]).toEqual(untouched);
  });

  test('404 404: an id that is not bound, or is bound to another customer; then nothing is changed', async () => {
    const id = await createdId('one@example.com');
    const [, other] = people;
    const theirs = shown(
      (await call('POST', pathOf(other?.customerId ?? ''), all({ protocol: 'EMAIL', contactInfo: 'x@example.com' }))).body,
    );
    const before = await everything();
    for (const unknown of ['1', theirs[0]?.['id'] ?? ''])
      expect(await refusalOf(call('PUT', path(), all({ id, primary: true }, { id: unknown, primary: true })))).toEqual([
        404,
        '404',
      ]);
    expect(await everything()).toBe(before);
  });

  test('400 400: no id, one id twice, another protocol, a number that another one has', async () => {
    const id = await createdId('one@example.com');
    await createdId('two@example.com');
    const before = await everything();
    for (const body of [
      all({ activated: false }),
      all({ id, activated: false }, { id, activated: true }),
      all({ id, protocol: 'SMS' }),
      all({ id, contactInfo: '5105550142' }),
      all({ id, telephoneCountryCode: '1' }),
      all({ id, contactInfo: 'two@example.com' }),
    ])
      expect(await refusalOf(call('PUT', path(), body))).toEqual([400, '400']);
    expect(await everything()).toBe(before);
  });
});

describe('a deletion of destinations', () => {
  test('204: without a selector unbinds all of this application, and the contact methods stay', async () => {
    await create({ protocol: 'EMAIL', contactInfo: 'one@example.com' }, { protocol: 'SMS', contactInfo: '5105550142' });
    const otp = path('products/DIGITAL/notificationApps/OTP');
    await call('POST', otp, all({ protocol: 'SMS', contactInfo: '5105550142' }));
    const methods = await contactMethods();
    expect((await call('DELETE', path())).statusCode).toBe(204);
    expect((await call('GET', path())).statusCode).toBe(204);
    expect(await list(otp)).toHaveLength(1);
    expect(await contactMethods()).toEqual(methods);
    expect((await call('DELETE', path())).statusCode).toBe(204);
  });

  test.each([
    ['destinationId in the query', (id: string) => `?destinationId=${id}`],
    ['destination_id in the query', (id: string) => `?destination_id=${id}`],
    ['both of them alike', (id: string) => `?destinationId=${id}&destination_id=${id}`],
    ['the path', (id: string) => `/${id}`],
  ])('204: by %s unbinds one; the second time 404 404', async (_what, selector) => {
    const id = await createdId('one@example.com');
    const kept = await createdId('two@example.com');
    expect((await call('DELETE', `${path()}${selector(id)}`)).statusCode).toBe(204);
    expect((await list()).map((destination) => destination['id'])).toEqual([kept]);
    expect(await refusalOf(call('DELETE', `${path()}${selector(id)}`))).toEqual([404, '404']);
  });

  test.each([
    '?destinationId=',
    '?destinationId',
    '?destinationid=5',
    '?destination_id=',
    '?id=5',
    '?destinationId=5&x=1',
    '?=5',
    '/',
    '/5?x=1',
    '?destinationId=5&destination_id=6',
    '?destinationId=5&destinationId=6',
  ])('400 400: %s is a slip of the pen, and nothing is deleted', async (selector) => {
    await createdId('one@example.com');
    const before = await everything();
    expect(await refusalOf(call('DELETE', `${path()}${selector}`))).toEqual([400, '400']);
    expect(await everything()).toBe(before);
  });

  test('404 404: what is no id, and one of another customer', async () => {
    const [, other] = people;
    const url = pathOf(other?.customerId ?? '');
    const theirs = shown((await call('POST', url, all({ protocol: 'EMAIL', contactInfo: 'x@example.com' }))).body)[0]?.['id'];
    for (const id of [theirs, 'abc', '9'.repeat(40)])
      expect(await refusalOf(call('DELETE', `${path()}?destinationId=${id}`))).toEqual([404, '404']);
    expect(await list(url)).toHaveLength(1);
  });
});

describe('who hears of a change', () => {
  const told = async () =>
    (
      await app.database.sql<
        { channel: string }[]
      >`select channel from messages where template = 'destinations-changed' order by 1`
    ).map(({ channel }) => channel);

  test('those that received before it, not the new one; a deletion is told to what is unbound', async () => {
    const first = await createdId('one@example.com');
    expect(await told()).toEqual([]);
    await create({ protocol: 'SMS', contactInfo: '5105550142' });
    expect(await told()).toEqual(['EMAIL']);
    await call('PUT', path(), all({ id: first, contactInfo: 'moved@example.com' }));
    expect(await told()).toEqual(['EMAIL', 'EMAIL', 'SMS']);
    await call('PUT', path(), all({ id: first, contactInfo: 'moved@example.com' }));
    expect(await told()).toHaveLength(3);
    await call('DELETE', path());
    expect(await told()).toEqual(['EMAIL', 'EMAIL', 'EMAIL', 'SMS', 'SMS']);
  });

  test('each is an activity row without a number or an address', async () => {
    const { sql } = app.database;
    const id = await createdId('one@example.com');
    await call('PUT', path(), all({ id, activated: false }));
    await call('DELETE', path());
    const rows = await sql<{ kind: string; details: object }[]>`
      select kind, details from activities where kind like 'alert_destinations_%' order by activity_id desc limit 3`;
    expect(rows.map(({ kind }) => kind)).toEqual([
      'alert_destinations_deleted',
      'alert_destinations_updated',
      'alert_destinations_created',
    ]);
    expect(JSON.stringify(rows)).not.toContain('@');
  });
});

test('a number that U5 adds later is a destination of the default applications', async () => {
  await app.database.sql`
    insert into notification_apps (institution_id, product_id, notification_app_id, is_default) values
      (${api.institutionId}, 'CARDS', 'NEWS', true), (${api.institutionId}, 'CARDS', 'OTHER', false)`;
  const answer = await partner(
    'PUT',
    `/v1/customers/${person.customerId}:contact-info`,
    { phoneNumber: { newPhoneNumber: '2015550199', newCountryCode: '1' } },
    { correlationId: randomUUID() },
  );
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  const number = { contactInfo: '2015550199', primary: 'true' };
  for (const place of [
    'products/DIGITAL/notificationApps/ALERTS',
    'products/DIGITAL/notificationApps/OTP',
    'products/CARDS/notificationApps/NEWS',
  ])
    expect(await list(path(place))).toMatchObject([
      { ...number, protocol: 'SMS' },
      { ...number, protocol: 'VOICE' },
    ]);
  expect((await call('GET', path('products/CARDS/notificationApps/OTHER'))).statusCode).toBe(204);
});

test('two calls at once leave one first place and no more than ten', async () => {
  const emails = Array.from({ length: 8 }, (_, index) => ({
    protocol: 'EMAIL',
    contactInfo: `at-once-${index}@example.com`,
    primary: true,
  }));
  const answers = await Promise.all(
    [0, 1, 2, 3].map((half) =>
      call('POST', path(), all(...emails.map((email) => ({ ...email, contactInfo: `${half}${email.contactInfo}` })))),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400, 400, 400]);
  expect((await list()).filter(({ primary }) => primary === 'true')).toHaveLength(1);
});
