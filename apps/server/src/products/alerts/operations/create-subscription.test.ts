import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createMessagingCall, type MessagingCall } from '@openbranch/testkit/messaging-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countDeliveries } from '../store/alert-subscriptions.ts';

let app: TestApp;
let api: ApiCaller;
let call: MessagingCall;
let person: Customer;
let other: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createMessagingCall(api, await api.legacyToken());
  const [one, two] = api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  person = one;
  other = two;
});
afterAll(() => app.close());
beforeEach(() => app.database.sql`delete from alert_subscriptions`);

const pathOf = (customer: Customer) =>
  `/subscriptions/v1/fis/${api.institutionId}/fiCustomers/${customer.customerId}/subscriptions`;
const institutionPath = (query = '') => `/subscriptions/v1/fis/${api.institutionId}/subscriptions${query}`;
const map = (entries: Readonly<Record<string, string>>) =>
  `<map>${Object.entries(entries)
    .map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`)
    .join('')}</map>`;
const subscription = (inside: string) => `<Subscription>${inside}</Subscription>`;
const full = subscription(
  `<eventTypeId>balance_threshold</eventTypeId><fulfillment>3</fulfillment>
  <subscriptionEventConditionsMap>${map({ 'balance.lt': '100', channel: 'ATM' })}</subscriptionEventConditionsMap>
  <subscriptionActions><subscriptionAction><name>email</name></subscriptionAction>
  <subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions>`,
);
const idsOf = (body: string) => [...body.matchAll(/<id>([^<]*)</gu)].map(([, id = '']) => id);
const textOf = (body: string, name: string) => new RegExp(`<${name}>([^<]*)<`, 'u').exec(body)?.[1];
const create = async (body: string | object = full, customer = person) => {
  const answer = await call('POST', pathOf(customer), body);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return idsOf(answer.body)[0] ?? '';
};
const of = (eventType: string, more = '') => subscription(`<eventTypeId>${eventType}</eventTypeId>${more}`);
const get = async (id: string) => (await call('GET', `${pathOf(person)}/${id}`)).body.replace(/>\s+</gu, '><');
const countRows = async () => (await app.database.sql`select 1 from alert_subscriptions`).length;

describe('a subscription that is made', () => {
  test('is answered, read and listed as it was sent', async () => {
    const id = await create();
    expect(id).toMatch(/^[0-9a-f]{32}$/u);
    const read = await get(id);
    expect(read).toContain(
      `<Subscription><id>${id}</id><fiId>${api.institutionId}</fiId><fiCustomerId>${person.customerId}</fiCustomerId>` +
        '<eventTypeId>BALANCE_THRESHOLD</eventTypeId><fulfillment>3</fulfillment>' +
        `<subscriptionEventConditionsMap>${map({ 'balance.lt': '100', channel: 'ATM' })}</subscriptionEventConditionsMap>` +
        '<subscriptionActions><subscriptionAction><name>EMAIL</name></subscriptionAction>' +
        '<subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions></Subscription>',
    );
    const listed = (await call('GET', pathOf(person))).body.replace(/>\s+</gu, '><');
    expect(`${listed}`).toContain(`<Subscriptions>${/<Subscription>.*<\/Subscription>/u.exec(read)?.[0]}</Subscriptions>`);
  });

  test('recurs without a fulfillment, and comes as JSON and at the bare path too', async () => {
    const body = {
      Subscription: {
        id: 0,
        fiId: api.institutionId,
        fiCustomerId: person.customerId.toUpperCase(),
        eventTypeId: 'LOGIN',
        subscriptionEventConditionsMap: { map: [{ key: 'a', value: 1 }, { entry: [{ key: 'b', value: '2' }] }] },
      },
    };
    const answer = await call('POST', pathOf(person).replace('/subscriptions/v1', '/v1'), body);
    expect([answer.statusCode, textOf(answer.body, 'fulfillment')]).toEqual([200, 'RECURRING']);
    expect(await get(idsOf(answer.body)[0] ?? '')).toContain(map({ a: '1', b: '2' }));
  });

  test('is made once for one trace id, and once for each customer', async () => {
    const di_tid = randomUUID();
    const send = (customer: Customer) => call('POST', pathOf(customer), full, { di_tid });
    const [first, again, elsewhere] = [await send(person), await send(person), await send(other)];
    expect([again.body, again.headers['x-replayed']]).toEqual([first.body, 'true']);
    expect(elsewhere.headers['x-replayed']).toBeUndefined();
    expect(await countRows()).toBe(2);
  });

  test('409 409: the same call while it runs', async () => {
    const di_tid = randomUUID();
    const { sql } = app.database;
    const { clientId } = api.application('legacy');
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`${api.institutionId} ${clientId} createSubscription ${di_tid}`}, 0))`;
      expect(await refusalOf(call('POST', pathOf(person), full, { di_tid }))).toEqual([409, '409']);
    });
  });

  test.each([
    ['no eventTypeId', subscription('<fulfillment>1</fulfillment>')],
    ['an eventTypeId that is too long', of('X'.repeat(65))],
    ['a list of types', of('LOGIN,LOW_BALANCE')],
    ['no runs', of('LOGIN', '<fulfillment>0</fulfillment>')],
    ['too many runs', of('LOGIN', '<fulfillment>10000</fulfillment>')],
    [
      'an unknown action',
      of('LOGIN', '<subscriptionActions><subscriptionAction><name>FAX</name></subscriptionAction></subscriptionActions>'),
    ],
    [
      'an action without a name',
      of('LOGIN', '<subscriptionActions><subscriptionAction><x/></subscriptionAction></subscriptionActions>'),
    ],
    [
      'a condition without a key',
      of('LOGIN', '<subscriptionEventConditionsMap><map><value>1</value></map></subscriptionEventConditionsMap>'),
    ],
    ['another institution', of('LOGIN', '<fiId>99999</fiId>')],
    ['another customer', of('LOGIN', `<fiCustomerId>${'0'.repeat(32)}</fiCustomerId>`)],
  ])('400 400: %s', async (_what, body) => {
    expect(await refusalOf(call('POST', pathOf(person), body))).toEqual([400, '400']);
    expect(await countRows()).toBe(0);
  });

  test('404 404: an action that picks a destination which the customer does not have, or of another protocol', async () => {
    const [own] = await app.database.sql<{ id: string }[]>`
      select d.contact_method_id::text as id from alert_destinations d join institution_users u using (institution_id, institution_user_id)
      where u.customer_guid = ${person.customerId} and d.protocol = 'EMAIL' and d.notification_app_id = 'ALERTS'`;
    const picking = (name: string, id: string) =>
      of(
        'LOGIN',
        `<subscriptionActions><subscriptionAction><name>${name}</name><subscriptionActionAttributesMap>${map({ destinationId: id })}</subscriptionActionAttributesMap></subscriptionAction></subscriptionActions>`,
      );
    const id = own?.id ?? '';
    expect(await refusalOf(call('POST', pathOf(person), picking('EMAIL', '1')))).toEqual([404, '404']);
    expect(await refusalOf(call('POST', pathOf(person), picking('SMS', id)))).toEqual([404, '404']);
    expect(await refusalOf(call('POST', pathOf(other), picking('EMAIL', id)))).toEqual([404, '404']);
    expect(await get(await create(picking('EMAIL', id)))).toContain(
      `<subscriptionActionAttributesMap>${map({ destinationId: id })}`,
    );
  });

  test('400 400: one more than a hundred of one customer', async () => {
    await app.database.sql`
      insert into alert_subscriptions (institution_id, customer_guid, subscription_id, event_type)
      select ${api.institutionId}, ${person.customerId}, lpad(to_hex(n), 32, '0'), 'LOGIN' from generate_series(1, 100) n`;
    expect(await refusalOf(call('POST', pathOf(person), full))).toEqual([400, '400']);
    await create(full, other);
  });
});

describe('a change of a subscription', () => {
  test('keeps what it leaves out, and replaces what it gives', async () => {
    const id = await create();
    const change = (inside: string) => call('PUT', pathOf(person), subscription(`<id>${id}</id>${inside}`));
    expect((await change('<fulfillment>RECURRING</fulfillment>')).statusCode).toBe(200);
    expect(await get(id)).toMatch(/BALANCE_THRESHOLD.*RECURRING.*balance\.lt.*EMAIL.*SMS/u);
    await change(`<subscriptionActions/><subscriptionEventConditionsMap>${map({ x: 'y' })}</subscriptionEventConditionsMap>`);
    const read = await get(id);
    expect(read).toContain(map({ x: 'y' }));
    expect(read).not.toMatch(/balance|subscriptionActions/u);
  });

  test('gives one that is used up new runs', async () => {
    const id = await create(of('LOGIN', '<fulfillment>2</fulfillment>'));
    const { sql } = app.database;
    const run = (runs: number) =>
      sql.begin((tx) =>
        countDeliveries(tx, api.institutionId, [{ customerGuid: person.customerId, subscriptionId: id, runs }], '2026-05-02'),
      );
    const isActive = async () => idsOf((await call('GET', institutionPath('?status=A'))).body).includes(id);
    await run(1);
    expect([textOf(await get(id), 'fulfillment'), await isActive()]).toEqual(['1', true]);
    expect(await run(2)).toBe(0);
    expect(await run(1)).toBe(1);
    expect([textOf(await get(id), 'fulfillment'), await isActive()]).toEqual(['0', false]);
    await call('PUT', pathOf(person), subscription(`<id>${id}</id><fulfillment>1</fulfillment>`));
    expect([textOf(await get(id), 'fulfillment'), await isActive()]).toEqual(['1', true]);
  });

  test('400 400: no id', async () => {
    expect(await refusalOf(call('PUT', pathOf(person), of('LOGIN')))).toEqual([400, '400']);
  });

  test('404 404: an unknown id and one of another customer answer the same, to read, change and delete', async () => {
    const theirs = await create(full, other);
    for (const id of [theirs, '0'.repeat(32), 'x']) {
      expect(await refusalOf(call('GET', `${pathOf(person)}/${id}`))).toEqual([404, '404']);
      expect(await refusalOf(call('PUT', pathOf(person), subscription(`<id>${id}</id>`)))).toEqual([404, '404']);
      expect(await refusalOf(call('DELETE', `${pathOf(person)}/${id}`))).toEqual([404, '404']);
    }
    expect(await countRows()).toBe(1);
  });

  test('204: it is deleted, and then it is unknown', async () => {
    const id = await create();
    expect((await call('DELETE', `${pathOf(person)}/${id.toUpperCase()}`)).statusCode).toBe(204);
    expect(await refusalOf(call('DELETE', `${pathOf(person)}/${id}`))).toEqual([404, '404']);
  });

  test('is an activity each time', async () => {
    const id = await create();
    await call('PUT', pathOf(person), subscription(`<id>${id}</id>`));
    await call('DELETE', `${pathOf(person)}/${id}`);
    const rows = await app.database.sql<{ kind: string }[]>`
      select kind from activities where details ->> 'subscriptionId' = ${id} order by kind`;
    expect(rows.map(({ kind }) => kind)).toEqual([
      'alert_subscription_created',
      'alert_subscription_deleted',
      'alert_subscription_updated',
    ]);
  });
});

describe('the list of a customer', () => {
  test('is 204 when there is none, and can be narrowed to types and actions', async () => {
    const empty = await call('GET', pathOf(person));
    expect([empty.statusCode, empty.body]).toEqual([204, '']);
    const sms = '<subscriptionActions><subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions>';
    const [login, low, atm] = [
      await create(of('LOGIN')),
      await create(of('LOW_BALANCE', sms)),
      await create(of('ATM_WITHDRAWAL')),
    ];
    await create(of('LOGIN'), other);
    const listed = async (query: string) => idsOf((await call('GET', `${pathOf(person)}${query}`)).body).sort();
    expect(await listed('')).toEqual([login, low, atm].sort());
    expect(await listed('?eventType=login')).toEqual([login]);
    expect(await listed('?eventType=LOGIN,ATM_WITHDRAWAL')).toEqual([login, atm].sort());
    expect(await listed('?eventType=LOGIN&eventType=LOW_BALANCE')).toEqual([login, low].sort());
    expect(await listed('?action=sms')).toEqual([low]);
    expect((await call('GET', `${pathOf(person)}?action=PUSH`)).statusCode).toBe(204);
    expect(await refusalOf(call('GET', `${pathOf(person)}?action=FAX`))).toEqual([400, '400']);
  });
});

describe('the list of the institution', () => {
  test('200: is empty, and never shows those of another institution', async () => {
    const theirs = createApiCaller(app, 1);
    const theirCall = createMessagingCall(theirs, await theirs.legacyToken());
    const customerId = theirs.customer({ state: 'active' }).customerId;
    const url = `/subscriptions/v1/fis/${theirs.institutionId}/fiCustomers/${customerId}/subscriptions`;
    expect((await theirCall('POST', url, full)).statusCode).toBe(200);
    for (const query of ['', `?userToken=${'0'.repeat(32)}`, '?eventType=BALANCE_THRESHOLD']) {
      const answer = await call('GET', institutionPath(query));
      expect([answer.statusCode, answer.body.replace(/\s/gu, '')]).toEqual([
        200,
        expect.stringMatching(/<Subscriptions><\/Subscriptions>$/u),
      ]);
    }
  });

  test('goes by customer, whole customers a page, and every one exactly once', async () => {
    const people = api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }).slice(0, 3);
    const made: string[] = [];
    for (const one of people) for (const type of ['A_1', 'A_2', 'A_3']) made.push(await create(of(type), one));
    const seen: string[] = [];
    let userToken = '';
    for (let pages = 0; pages < 9; pages += 1) {
      const { body } = await call('GET', institutionPath(`?limit=2&userToken=${userToken}`));
      const customers = [...body.matchAll(/<fiCustomerId>([^<]*)</gu)].map(([, id = '']) => id);
      if (customers.length === 0) break;
      expect([customers.length, new Set(customers).size]).toEqual([3, 1]);
      seen.push(...idsOf(body));
      userToken = customers.at(-1) ?? '';
    }
    expect(seen).toHaveLength(9);
    expect(seen.sort()).toEqual(made.sort());
    expect(idsOf((await call('GET', institutionPath('?limit=4'))).body)).toHaveLength(6);
  });

  test('holds thirty without a limit, more only to end with a whole customer', async () => {
    const { sql } = app.database;
    for (const customer of [person, other])
      await sql`
        insert into alert_subscriptions (institution_id, customer_guid, subscription_id, event_type)
        select ${api.institutionId}, ${customer.customerId}, lpad(to_hex(n), 32, '0'), 'LOGIN' from generate_series(1, 30) n`;
    expect(idsOf((await call('GET', institutionPath())).body)).toHaveLength(30);
  });

  test('is narrowed by type, by status and to what was not delivered today', async () => {
    const [login, low] = [await create(of('LOGIN')), await create(of('LOW_BALANCE', '<fulfillment>1</fulfillment>'))];
    const listed = async (query: string) => idsOf((await call('GET', institutionPath(query))).body).sort();
    expect(await listed('?eventType=login')).toEqual([login]);
    expect(await listed('?status=I')).toEqual([]);
    const { now } = (await api.control('GET', '/clock')).json();
    await app.database.sql.begin((tx) =>
      countDeliveries(
        tx,
        api.institutionId,
        [{ customerGuid: person.customerId, subscriptionId: low, runs: 1 }],
        String(now).slice(0, 10),
      ),
    );
    expect(await listed('?status=I')).toEqual([low]);
    expect(await listed('?status=a')).toEqual([login]);
    expect(await listed('?filterOutSubs=true')).toEqual([login]);
    expect(await listed('?filterOutSubs=false')).toEqual([login, low].sort());
  });

  test.each(['limit=0', 'limit=201', 'limit=many', 'status=X', 'userToken=x', 'filterOutSubs=maybe'])(
    '400 400: %s',
    async (query) => {
      expect(await refusalOf(call('GET', institutionPath(`?${query}`)))).toEqual([400, '400']);
    },
  );
});

test('runs that are counted while a subscription is changed stay counted', async () => {
  const { sql } = app.database;
  const id = await create(of('LOGIN', '<fulfillment>1</fulfillment>'));
  const change = subscription(
    `<id>${id}</id><subscriptionActions><subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions>`,
  );
  const changed = await sql.begin(async (tx) => {
    await countDeliveries(
      tx,
      api.institutionId,
      [{ customerGuid: person.customerId, subscriptionId: id, runs: 1 }],
      '2026-06-19',
    );
    const answer = call('PUT', pathOf(person), change).then(({ statusCode }) => statusCode);
    await eventually(async () => {
      const [row] = await sql`
        select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%alert_subscriptions%'`;
      return row;
    });
    return { answer };
  });
  expect(await changed.answer).toBe(200);
  expect([textOf(await get(id), 'fulfillment'), await sql`select is_active from alert_subscriptions`]).toEqual([
    '0',
    [{ is_active: false }],
  ]);
});
