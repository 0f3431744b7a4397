import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createMessagingCall, type MessagingCall } from '@openbranch/testkit/messaging-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { createEventBox } from '../tasks/event-box.ts';

let app: TestApp;
let api: ApiCaller;
let call: MessagingCall;
let partner: JsonCall;
let person: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createMessagingCall(api, await api.legacyToken());
  partner = createJsonCall(api, await api.partnerToken());
  person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.database.sql`delete from alert_event_queue`;
  await app.database.sql`delete from alert_events`;
});

const customerPath = () => `/fis/${api.institutionId}/fiCustomers/${person.customerId}/events`;
const path = () => `/messagingservices/v1${customerPath()}`;
const entry = (key: string, value: string) => `<entry><key>${key}</key><value>${value}</value></entry>`;
const event = (inside: string) => `<Event>${inside}</Event>`;
const lowBalance = event(
  `<fiId>${'00000'}</fiId><eventType>balance_threshold</eventType><dataMap><map>${entry('accountId', 'abc')}${entry('balance', '72.10')}</map></dataMap>`,
).replace('<fiId>00000</fiId>', '');
const events = (...list: string[]) => `<Events>${list.join('')}</Events>`;
const send = async (body: string | object, url = path()) => {
  const answer = await call('POST', url, body);
  expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([204, '', undefined]);
};
const rows = () =>
  app.database.sql<{ event_id: string; event_type: string; producer: string; client_id: string; repeats: number }[]>`
    select event_id, event_type, producer, client_id, repeats from alert_events order by event_seq`;
/** What waits for the pipeline, without ids and times. */
const waiting = async () => {
  const box = createEventBox(openPersonalData(app.database.sql, app.keyRing));
  const queued = await app.database.sql<{ event_id: string; lane: number; payload_sealed: Buffer }[]>`
    select event_id, lane, payload_sealed from alert_event_queue order by event_seq`;
  const opened = queued.map(async ({ event_id, payload_sealed }) => {
    const [event] = (await box.openEvents(api.institutionId, event_id, payload_sealed)) ?? [];
    if (event === undefined) throw new Error('The key is destroyed.');
    const { eventDetails: _, ...others } = { eventDetails: undefined, ...event.parts };
    return { eventType: event.eventType, domain: event.domain, addressee: event.addressee, parts: others };
  });
  return Promise.all(opened);
};
const expected = () => ({
  eventType: 'BALANCE_THRESHOLD',
  domain: undefined,
  addressee: { kind: 'users', institutionUserIds: [expect.any(String)], customerId: person.customerId },
  parts: {
    notification: { accountId: 'abc', balance: '72.10' },
    account: { id: 'abc', availableBalance: { amount: 72.1 } },
  },
});

describe('events that are sent', () => {
  test('204: are taken at each of the three paths, sealed, with the application that sent them', async () => {
    for (const lead of ['/messagingservices/v1', '/subscriptions/v1', '/v1'])
      await send(events(lowBalance), `${lead}${customerPath()}`);
    expect(await waiting()).toEqual([expected(), expected(), expected()]);
    const { clientId } = api.application('legacy');
    expect([...(await rows())]).toEqual(
      [0, 1, 2].map(() => ({
        event_id: expect.any(String),
        event_type: 'BALANCE_THRESHOLD',
        producer: 'SEND',
        client_id: clientId,
        repeats: 0,
      })),
    );
    const [{ stored } = { stored: '' }] = await app.database.sql<{ stored: string }[]>`
      select encode(payload_sealed, 'escape') as stored from alert_event_queue limit 1`;
    expect(stored).not.toContain('72.10');
  });

  const pairs = `<map><key>accountId</key><value>abc</value></map><map><key>balance</key><value>72.10</value></map>`;
  test.each([
    ['one Event alone', lowBalance],
    ['a wrapper of several Events', `<List>${events(lowBalance)}</List>`],
    [
      'a namespace',
      `<n:Events xmlns:n="urn:x"><n:Event><n:eventType>balance_threshold</n:eventType><n:dataMap><n:map>${entry('accountId', 'abc')}${entry('balance', '72.10')}</n:map></n:dataMap></n:Event></n:Events>`,
    ],
    ['maps without entries', events(event(`<eventType>balance_threshold</eventType><dataMap>${pairs}</dataMap>`))],
    [
      'a map for each entry',
      events(
        event(
          `<eventType>balance_threshold</eventType><dataMap><map>${entry('accountId', 'abc')}</map><map>${entry('balance', '72.10')}</map></dataMap>`,
        ),
      ),
    ],
    [
      'the JSON of published clients',
      [
        {
          event: [
            {
              fiCustomerId: '',
              fiId: '',
              eventType: 'balance_threshold',
              dataMap: [
                {
                  map: [
                    { key: 'accountId', value: 'abc' },
                    { key: 'balance', value: '72.10' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    ],
    [
      'JSON without the outer list',
      {
        Event: [
          {
            eventType: 'balance_threshold',
            dataMap: [
              {
                map: [
                  { key: 'accountId', value: 'abc' },
                  { key: 'balance', value: '72.10' },
                ],
              },
            ],
          },
        ],
      },
    ],
  ])('are the same as %s', async (_what, body) => {
    await send(body);
    expect(await waiting()).toEqual([expected()]);
  });

  test('keep their order, a hundred of them', async () => {
    const many = Array.from({ length: 100 }, (_, index) => event(`<eventType>T_${index}</eventType>`));
    await send(`<x>${events(...many.slice(0, 50))}${events(...many.slice(50))}</x>`);
    expect((await waiting()).map(({ eventType }) => eventType)).toEqual(many.map((_, index) => `T_${index}`));
  });

  test('have ids that begin with the trace id, by which the explanation finds them', async () => {
    const di_tid = randomUUID();
    await call('POST', path(), events(lowBalance, lowBalance), { di_tid });
    const ids = (await rows()).map(({ event_id }) => event_id);
    expect(ids.map((id) => id.startsWith(di_tid) && id.length <= 64)).toEqual([true, true]);
    const explained = await partner('GET', `/v1/alert-events/${ids[0]}/explanation`);
    expect([explained.statusCode, explained.json().eventId]).toEqual([200, ids[0]]);
  });

  test('come once for one trace id; with another body or of another customer they are others', async () => {
    const di_tid = randomUUID();
    await call('POST', path(), events(lowBalance), { di_tid });
    const again = await call('POST', path(), events(lowBalance), { di_tid });
    expect([again.statusCode, again.headers['x-replayed']]).toEqual([204, 'true']);
    expect(await rows()).toHaveLength(1);
    await call('POST', path(), events(lowBalance, lowBalance), { di_tid });
    expect(await rows()).toHaveLength(3);
    const other = api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' })[1]?.customerId ?? '';
    await call('POST', path().replace(person.customerId, other), events(lowBalance), { di_tid });
    expect(await rows()).toHaveLength(4);
  });

  test('come once even when the stored answer is gone', async () => {
    const di_tid = randomUUID();
    await call('POST', path(), events(lowBalance), { di_tid });
    await app.database.sql`delete from replays`;
    await call('POST', path(), events(lowBalance), { di_tid });
    expect((await rows()).map(({ repeats }) => repeats)).toEqual([1]);
    expect(await waiting()).toHaveLength(1);
  });

  test('409 409: the same call while it runs', async () => {
    const di_tid = randomUUID();
    const { clientId } = api.application('legacy');
    await app.database.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`${api.institutionId} ${clientId} sendCustomerEvent ${di_tid}`}, 0))`;
      expect(await refusalOf(call('POST', path(), events(lowBalance), { di_tid }))).toEqual([409, '409']);
    });
  });

  const good = event('<eventType>GOOD</eventType>');
  test.each([
    ['no event', '<Events/>'],
    ['a hundred and one events', events(...Array.from({ length: 101 }, () => good))],
    ['no eventType', events(good, event('<fiId/>'))],
    ['an eventType that is too long', events(good, event(`<eventType>${'X'.repeat(65)}</eventType>`))],
    ['another institution', events(good, event('<eventType>A</eventType><fiId>99999</fiId>'))],
    ['another customer', events(good, event(`<eventType>A</eventType><fiCustomerId>${'0'.repeat(32)}</fiCustomerId>`))],
    [
      'an entry without a key',
      events(good, event('<eventType>A</eventType><dataMap><map><entry><value>1</value></entry></map></dataMap>')),
    ],
    [
      'two values of one name',
      events(good, event(`<eventType>A</eventType><dataMap><map>${entry('a', '1')}${entry('a', '2')}</map></dataMap>`)),
    ],
    [
      'a value that is too long',
      events(good, event(`<eventType>A</eventType><dataMap><map>${entry('a', 'x'.repeat(2001))}</map></dataMap>`)),
    ],
    ['markup where a text belongs', events(good, event('<eventType><b>A</b></eventType>'))],
  ])('400 400: %s, and none of them is taken', async (_what, body) => {
    expect(await refusalOf(call('POST', path(), body))).toEqual([400, '400']);
    expect(await rows()).toHaveLength(0);
  });
});

describe('the pipeline', () => {
  let running: TestApp;
  beforeAll(async () => {
    running = await createTestApp({ sharedWith: app, runsJobs: true });
  });
  afterAll(() => running.close());

  const notice = (text: string) =>
    events(
      event(
        `<eventType>PARTNER_NOTICE</eventType><dataMap><map>${entry('Message', text)}${entry('balance', '72.10')}</map></dataMap>`,
      ),
    );
  const explained = (di_tid: string) =>
    eventually(
      async () => {
        const [found] = await app.database.sql<{ event_id: string }[]>`
          select event_id from alert_events where starts_with(event_id, ${di_tid})`;
        const answer = (await partner('GET', `/v1/alert-events/${found?.event_id}/explanation`)).json();
        return ['SETTLED', 'DROPPED', 'DEAD'].includes(answer.state) ? answer : undefined;
      },
      { deadlineMs: 15_000 },
    );
  const deliver = async (body: string) => {
    const di_tid = randomUUID();
    expect((await call('POST', path(), body, { di_tid })).statusCode).toBe(204);
    return explained(di_tid);
  };
  const channelsOf = (found: { outcomes: { channels: { channel: string; reason?: string }[] }[] }) =>
    found.outcomes.flatMap(({ channels }) => channels.map(({ channel, reason }) => [channel, reason ?? 'sent']));

  test('asks the preferences when the customer has no subscription, and the inbox shows the values that came', async () => {
    const preference = {
      alertOpted: true,
      alertPreferenceDetails: { alertTypeName: 'PARTNER_NOTICE', channelTypeName: 'EMAIL' },
    };
    await partner('POST', `/v1/alert-preferences?loginId=${encodeURIComponent(person.loginId)}`, preference);
    const text = `Your card ${randomUUID()} is on its way.`;
    await deliver(notice(text));
    const message = await running.inbox.wait({ institutionIds: [api.institutionId], contains: text, timeoutMs: 10_000 });
    expect([message?.channel, message?.text]).toEqual(['EMAIL', expect.stringContaining(text)]);
  });

  test('goes where a subscription says while it has runs, not when its condition fails, and by the preferences afterwards', async () => {
    const subscribe = `<Subscription><eventTypeId>PARTNER_NOTICE</eventTypeId><fulfillment>1</fulfillment>
      <subscriptionEventConditionsMap><map>${entry('balance.lt', '100')}${entry('Message.ne', 'cold')}</map></subscriptionEventConditionsMap>
      <subscriptionActions><subscriptionAction><name>SMS</name></subscriptionAction>
      <subscriptionAction><name>VOICE</name></subscriptionAction></subscriptionActions></Subscription>`;
    expect(
      (await call('POST', path().replace('messagingservices', 'subscriptions').replace('events', 'subscriptions'), subscribe))
        .statusCode,
    ).toBe(200);
    expect(channelsOf(await deliver(notice('cold')))).toEqual([
      ['SMS', 'CONDITION_NOT_MET'],
      ['VOICE', 'CONDITION_NOT_MET'],
    ]);
    const text = `Twice ${randomUUID()}`;
    expect(channelsOf(await deliver(notice(text)))).toEqual([
      ['SMS', 'sent'],
      ['VOICE', 'sent'],
    ]);
    for (const channel of ['SMS', 'VOICE'] as const)
      expect(
        await running.inbox.wait({ institutionIds: [api.institutionId], channel, contains: text, timeoutMs: 10_000 }),
      ).toBeDefined();
    expect(channelsOf(await deliver(notice('afterwards')))).toContainEqual(['EMAIL', 'sent']);
  });

  test('two events of one call have one run, when one is left', async () => {
    const subscribe = `<Subscription><eventTypeId>PARTNER_NOTICE</eventTypeId><fulfillment>1</fulfillment>
      <subscriptionActions><subscriptionAction><name>WEB</name></subscriptionAction></subscriptionActions></Subscription>`;
    await call('POST', path().replace('messagingservices', 'subscriptions').replace('events', 'subscriptions'), subscribe);
    const one = event(`<eventType>PARTNER_NOTICE</eventType><dataMap><map>${entry('Message', 'x')}</map></dataMap>`);
    const di_tid = randomUUID();
    await call('POST', path(), events(one, one), { di_tid });
    const channels = await eventually(
      async () => {
        const rows = await app.database.sql<{ channel: string }[]>`
          select d.channel from alert_deliveries d join alert_outcomes o using (institution_id, alert_outcome_id)
          where starts_with(o.event_id, ${di_tid}) order by o.event_seq`;
        return rows.length === 2 ? rows.map(({ channel }) => channel) : undefined;
      },
      { deadlineMs: 15_000 },
    );
    expect(channels).toEqual(['WEB', 'EMAIL']);
  });
});
