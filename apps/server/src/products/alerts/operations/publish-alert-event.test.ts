import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;
let other: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  [person, other] = twoOf(api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }));
});
afterAll(() => app.close());

function twoOf(people: readonly Customer[]): [Customer, Customer] {
  const [one, two] = people;
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  return [one, two];
}

const path = '/v1/realtime-events';
const of = ({ loginId }: Customer) => `?loginId=${encodeURIComponent(loginId)}`;
const eventWith = (details: object = {}, rest: object = {}) => ({
  eventDomainType: 'account',
  eventDetails: { eventId: randomUUID(), eventType: 'LOW_BALANCE', institutionId: api.institutionId, ...details },
  account: { id: 'a'.repeat(43), accountNumber: '0012345678', availableBalance: { currencyCode: 'USD', amount: 72.1 } },
  ...rest,
});
type Event = ReturnType<typeof eventWith>;
const publish = async (event: Event, query = of(person)) => {
  expect((await call('POST', `${path}${query}`, event)).statusCode).toBe(202);
  return event.eventDetails.eventId;
};
const explanation = async (eventId: string) => (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();
const settled = (eventId: string) =>
  eventually(async () => {
    const found = await explanation(eventId);
    return ['SETTLED', 'DROPPED', 'DEAD'].includes(found.state) ? found : undefined;
  });
const prefer = async (who: Customer, channel: string, rest: object = {}, alertTypeName = 'LOW_BALANCE') => {
  const answer = await call('POST', `/v1/alert-preferences${of(who)}`, {
    alertOpted: true,
    alertPreferenceDetails: { alertTypeName, channelTypeName: channel },
    ...rest,
  });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json().alertPreferenceDetails.alertPrefId;
};

describe('an event that somebody wants to know of', () => {
  test('is in the inbox, in the history with its words, and every link of its chain is explained', async () => {
    await prefer(person, 'EMAIL', { additionalInfo: { threshold: 100, comparator: 'LT' } });
    await prefer(person, 'WEB', { additionalInfo: { threshold: 100, comparator: 'LT' } });
    const eventId = await publish(eventWith());
    const message = await app.inbox.wait({ institutionIds: [api.institutionId], channel: 'EMAIL', contains: 'USD 72.10' });
    expect(message).toMatchObject({
      channel: 'EMAIL',
      subject: 'Low balance',
      text: 'The balance of account ****5678 is USD 72.10.',
      html: '<p>The balance of account ****5678 is USD 72.10.</p>',
      template: 'LOW_BALANCE',
    });
    expect(await settled(eventId)).toEqual({
      eventId,
      eventType: 'LOW_BALANCE',
      eventDomain: 'ACCOUNT',
      producer: 'PUBLISH',
      eventOccured: expect.any(String),
      acceptedAt: expect.any(String),
      duplicates: 0,
      state: 'SETTLED',
      outcomes: [
        {
          alertTypeName: 'LOW_BALANCE',
          institutionUserId: person.institutionUserId,
          alertHistoryId: expect.any(Number),
          channels: [
            {
              channel: 'EMAIL',
              preference: { owner: 'user', alertPrefId: expect.any(Number) },
              template: { alertTemplateResourceId: 1, version: 1 },
              deliveries: [{ messageId: message?.messageId, contactMethodId: expect.any(String), status: 'SUCCESS', tries: 1 }],
            },
            { channel: 'SMS', reason: 'CHANNEL_NOT_OPTED', deliveries: [] },
            { channel: 'PUSH', reason: 'CHANNEL_NOT_OPTED', deliveries: [] },
            {
              channel: 'WEB',
              preference: { owner: 'user', alertPrefId: expect.any(Number) },
              template: { alertTemplateResourceId: 1, version: 1 },
              deliveries: [{ status: 'SUCCESS', tries: 0 }],
            },
          ],
        },
      ],
    });
    const history = (await call('GET', `/v1/alert-history${of(person)}`)).json().alertHistorySummaryResources;
    expect(history).toEqual([
      {
        alertHistoryId: expect.any(Number),
        eventId,
        eventOccured: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}-0[78]:00$/u),
        alertTypeName: 'LOW_BALANCE',
        institutionId: api.institutionId,
        institutionCustomerId: person.customerId,
        channelInfo: { EMAIL: 'SUCCESS', WEB: 'SUCCESS' },
        messageSummary: 'Low balance',
        jsonMessageSummary: JSON.stringify({ EMAIL: 'Low balance', WEB: 'The balance of account ****5678 is USD 72.10.' }),
        readFlag: false,
        additionalInfo: { accountId: 'a'.repeat(43), locale: 'en_US', attempts: 1 },
      },
    ]);
    const [{ alertHistoryId }] = history;
    expect((await call('GET', `/v1/alert-history-content?alertHistoryId=${alertHistoryId}`)).json()).toEqual({
      alertHistoryContentId: alertHistoryId,
      alertHistoryId,
      eventId,
      emailSubjectContent: 'Low balance',
      emailContent: '<p>The balance of account ****5678 is USD 72.10.</p>',
    });
  });

  test('is in the inbox as the page of the application shows it, and told to whoever watches', async () => {
    const arrivals: string[] = [];
    const unsubscribe = app.inbox.subscribe(({ messageId }) => arrivals.push(messageId));
    const seen = app.inbox.wait({ institutionIds: [api.institutionId], channel: 'WEB', contains: 'USD 61.00' });
    const account = { id: 'e'.repeat(43), accountNumber: '0012345678', availableBalance: { currencyCode: 'USD', amount: 61 } };
    await publish(eventWith({}, { account }));
    const page = await seen;
    expect(page).toMatchObject({
      to: person.institutionUserId,
      text: 'The balance of account ****5678 is USD 61.00.',
      html: 'The balance of account ****5678 is USD 61.00.',
      template: 'LOW_BALANCE',
    });
    await eventually(() => arrivals.includes(page?.messageId ?? ''));
    unsubscribe();
    const listed = await api.call('GET', `/sandbox/v1/inbox?institutionId=${api.institutionId}&channel=WEB`, {
      headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
    });
    expect(listed.json().messages[0]).toMatchObject({ messageId: page?.messageId, channel: 'WEB' });
  });

  test('is taken once: the same event again answers 202, and sends nothing', async () => {
    const event = eventWith({ eventType: 'PASSWORD_CHANGED' }, { eventDomainType: 'UserEvent', user: {} });
    const eventId = await publish(event, of(other));
    await publish(event, of(other));
    const found = await settled(eventId);
    expect(found).toMatchObject({ duplicates: 1, state: 'SETTLED' });
    expect(found.outcomes).toHaveLength(1);
    expect(await app.database.sql`select 1 from alert_events where event_id = ${eventId}`).toHaveLength(1);
  });

  test('fires when the balance crosses, not while it stays: 120, 90, 80, 130, 70 are two alerts', async () => {
    const account = { id: 'b'.repeat(43) };
    await prefer(other, 'EMAIL', { additionalInfo: { threshold: 100, comparator: 'LT' } });
    const results: string[] = [];
    for (const amount of [120, 90, 80, 130, 70]) {
      const eventId = await publish(
        eventWith({}, { account: { ...account, availableBalance: { currencyCode: 'USD', amount } } }),
        of(other),
      );
      const [outcome] = (await settled(eventId)).outcomes;
      const [mail] = outcome.channels;
      results.push(mail.because ?? outcome.reason ?? 'sent');
    }
    expect(results).toEqual(['CONDITION_NOT_MET', 'sent', 'silent', 'CONDITION_NOT_MET', 'sent']);
  });

  test('fires anew when its preference was changed, made again, or taken over by one for the account', async () => {
    const account = { id: 'd'.repeat(43), availableBalance: { currencyCode: 'USD', amount: 0 } };
    const told = async (amount: number) => {
      const balance = { currencyCode: 'USD', amount };
      const eventId = await publish(
        eventWith({ eventType: 'HIGH_BALANCE' }, { account: { ...account, availableBalance: balance } }),
        of(other),
      );
      return (await settled(eventId)).outcomes[0].reason ?? 'sent';
    };
    const above = (threshold: number) => ({ additionalInfo: { threshold, comparator: 'GT' } });
    const id = await prefer(other, 'EMAIL', above(100), 'HIGH_BALANCE');
    expect([await told(110), await told(160)]).toEqual(['sent', 'CONDITION_NOT_MET']);
    const change = { alertOpted: true, ...above(150) };
    expect((await call('PUT', `/v1/alert-preferences/${id}${of(other)}`, change)).statusCode).toBe(200);
    expect([await told(160), await told(170)]).toEqual(['sent', 'CONDITION_NOT_MET']);
    expect((await call('PUT', `/v1/alert-preferences/${id}${of(other)}`, change)).statusCode).toBe(200);
    expect(await told(170)).toBe('CONDITION_NOT_MET');
    expect((await call('DELETE', `/v1/alert-preferences/${id}${of(other)}`)).statusCode).toBe(204);
    await prefer(other, 'EMAIL', above(150), 'HIGH_BALANCE');
    expect([await told(160), await told(170)]).toEqual(['sent', 'CONDITION_NOT_MET']);
  });
});

describe('an event that nobody can be told of is no error of the publisher', () => {
  test.each([
    ['UNKNOWN_TYPE', { eventType: 'NO_SUCH_TYPE' }, {}],
    ['WRONG_DOMAIN', {}, { eventDomainType: 'transaction', transaction: {} }],
    ['CHANNEL_NOT_OPTED', { eventType: 'HIGH_BALANCE' }, {}],
  ])('it is dropped as %s', async (reason, details, rest) => {
    const found = await settled(await publish(eventWith(details, rest)));
    expect(found).toMatchObject({ state: 'DROPPED', outcomes: [{ reason }] });
  });
});

describe('addresses that a notification brings', () => {
  const notice = (destintionDetails: object) =>
    eventWith(
      { eventType: 'PARTNER_NOTICE' },
      { eventDomainType: 'NotificationEvent', notification: { Message: 'Hello <b>' }, destintionDetails },
    );

  test('are sent to, and no wish of a user is asked', async () => {
    const eventId = await publish(
      notice({ contactChannels: ['EMAIL', 'SMS'], contactEmail: ['a@example.com'], contactPhone: ['+12015550142'] }),
      '',
    );
    const found = await settled(eventId);
    expect(found).toMatchObject({ state: 'SETTLED', outcomes: [{ alertTypeName: 'PARTNER_NOTICE' }] });
    expect(found.outcomes[0].institutionUserId).toBeUndefined();
    const [mail, sms] = await Promise.all(
      ['a@example.com', '+12015550142'].map((to) => app.inbox.wait({ institutionIds: [api.institutionId], to })),
    );
    expect(mail).toMatchObject({ channel: 'EMAIL', html: '<p>Hello &lt;b&gt;</p>' });
    expect(sms).toMatchObject({ channel: 'SMS', text: 'Hello <b>' });
  });

  test('that are missing for a channel are named', async () => {
    const found = await settled(await publish(notice({ contactChannels: ['SMS'], contactPhone: [] }), ''));
    expect(found).toMatchObject({ state: 'DROPPED', outcomes: [{ reason: 'NO_DESTINATION' }] });
  });

  test.each([
    { contactChannels: ['FAX'] },
    { contactEmail: ['a@example.com'] },
    { contactChannels: ['EMAIL'], contactEmail: ['no address'] },
    { contactChannels: ['EMAIL'], contactEmail: ['a@b.c\r\nbcc: d@e.f'] },
    { contactChannels: ['SMS'], contactPhone: ['5550142'] },
    { contactChannels: ['SMS'], contactPhone: Array.from({ length: 6 }, () => '+12015550142') },
  ])('are refused when they cannot be sent to: 500 PRMSYS_10002 for %j', async (destinations) => {
    expect(await refusalOf(call('POST', path, notice(destinations)))).toEqual([500, 'PRMSYS_10002']);
  });
});

describe('an event is refused', () => {
  const refused = (event: unknown, query = of(person)) => refusalOf(call('POST', `${path}${query}`, event));

  test('500 PRMSYS_10002: what cannot be read', async () => {
    expect(await refused('{')).toEqual([500, 'PRMSYS_10002']);
    expect(await refused([])).toEqual([500, 'PRMSYS_10002']);
    const details: object[] = [
      { eventOccured: 'yesterday' },
      { eventOccured: '9999-12-31T23:59:59-12:00' },
      { eventOccured: '0000-01-01T00:00Z' },
      { eventOccured: '2026-05-02T08:15:00Z', eventNoticed: '2026-05-02T08:14:59Z' },
      { eventId: 'x'.repeat(65) },
      { eventId: 'é' },
      { eventTags: Array.from({ length: 21 }, () => 'x') },
      { eventTags: ['x'.repeat(65)] },
      { additionalInfo: { text: 'x'.repeat(16_400) } },
      { additionalInfo: 7 },
    ];
    for (const one of details) expect([one, await refused(eventWith(one))]).toEqual([one, [500, 'PRMSYS_10002']]);
    const rests: object[] = [
      { eventDomainType: undefined },
      { eventDomainType: 'weather' },
      { account: { availableBalance: { amount: '72' } } },
      { account: { availableBalance: { amount: 72.001 } } },
      { account: 'a' },
      { user: { text: 'x'.repeat(70_000) } },
    ];
    for (const one of rests) expect([one, await refused(eventWith({}, one))]).toEqual([one, [500, 'PRMSYS_10002']]);
  });

  test('500 PRMSYS_10003: eventDetails, or the notification of a notification, is missing', async () => {
    expect(await refused({ eventDomainType: 'account' })).toEqual([500, 'PRMSYS_10003']);
    expect(await refused(eventWith({}, { eventDomainType: 'notification' }))).toEqual([500, 'PRMSYS_10003']);
  });

  test('500 PRMSYS_10007: id, type, institution or who is meant is missing or not known', async () => {
    for (const name of ['eventId', 'eventType', 'institutionId']) {
      expect(await refused(eventWith({ [name]: undefined }))).toEqual([500, 'PRMSYS_10007']);
      expect(await refused(eventWith({ [name]: '' }))).toEqual([500, 'PRMSYS_10007']);
    }
    expect(await refused(eventWith(), '')).toEqual([500, 'PRMSYS_10007']);
    expect(await refused(eventWith(), `${of(person)}&hostUserId=${person.memberNumber}`)).toEqual([500, 'PRMSYS_10007']);
    expect(await refused(eventWith(), '?loginId=nobody')).toEqual([500, 'PRMSYS_10007']);
    expect(await refused(eventWith(), '?hostUserId=999999999')).toEqual([500, 'PRMSYS_10007']);
    expect(await refused(eventWith({ institutionCustomerId: '0'.repeat(32) }), '')).toEqual([500, 'PRMSYS_10007']);
    expect(await refused(eventWith({ institutionCustomerId: 'somebody' }), '')).toEqual([500, 'PRMSYS_10007']);
  });

  test('500 PRMSYS_10008: another institution', async () => {
    expect(await refused(eventWith({ institutionId: '99999' }))).toEqual([500, 'PRMSYS_10008']);
  });

  test('and nothing of it is kept', async () => {
    const event = eventWith({ eventOccured: 'yesterday' });
    await refused(event);
    expect(await refusalOf(call('GET', `/v1/alert-events/${event.eventDetails.eventId}/explanation`))).toEqual([
      404,
      'PRMSYS_10009',
    ]);
  });

  test('with 400 instead of 500 where the institution wants that (CR-71)', async () => {
    const set = (value: string) => api.control('PUT', '/switches/alerts.publish_refusals', { value });
    expect((await set('400')).statusCode).toBe(200);
    expect(await refused({ eventDomainType: 'account' })).toEqual([400, 'PRMSYS_10003']);
    await set('500');
  });
});

test('who is meant may be named by member number, by customer in body or header; all are the same user', async () => {
  const { memberNumber, customerId, institutionUserId } = person;
  const byHeader = eventWith();
  const sent = await call('POST', path, byHeader, { institutionCustomerId: customerId });
  expect(sent.statusCode).toBe(202);
  const ids = [
    await publish(eventWith(), `?hostUserId=${memberNumber}`),
    await publish(eventWith({ institutionCustomerId: customerId }), ''),
    byHeader.eventDetails.eventId,
  ];
  for (const eventId of ids) expect(await settled(eventId)).toMatchObject({ outcomes: [{ institutionUserId }] });
});

test('all users of a customer are meant, also when there are more than a hundred', async () => {
  const { sql } = app.database;
  const { customerId } = api.customer({ state: 'active', userType: 'BUSINESS' });
  const business = { customerId, memberNumber: '' };
  for (let count = 0; count < 101; count += 1) await createTestUser(sql, api.institutionId, 'BUSINESS_USER', [business]);
  const eventId = await publish(eventWith({ institutionCustomerId: customerId }), '');
  const { outcomes } = await settled(eventId);
  expect(outcomes.length).toBeGreaterThan(100);
});

test('an event of one institution is nothing to another, and its id is free there', async () => {
  const eventId = await publish(eventWith());
  const elsewhere = createApiCaller(app, 1);
  const theirs = createJsonCall(elsewhere, await elsewhere.partnerToken());
  expect(await refusalOf(theirs('GET', `/v1/alert-events/${eventId}/explanation`))).toEqual([404, 'PRMSYS_10009']);
  expect(await refusalOf(theirs('GET', `/v1/alert-history-content?eventId=${eventId}`))).toEqual([500, 'PRMSYS_10009']);
  const stranger = elsewhere.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const own = eventWith({ eventId, institutionId: elsewhere.institutionId });
  expect((await theirs('POST', `${path}${of(stranger)}`, own)).statusCode).toBe(202);
  expect(await settled(eventId)).toMatchObject({ duplicates: 0 });
});

test('nothing that an event carries can be read in the database', async () => {
  const marker = 'very-personal-words';
  const eventId = await publish(
    eventWith({ eventType: 'PARTNER_NOTICE' }, { eventDomainType: 'notification', notification: { Message: marker } }),
  );
  await settled(eventId);
  const { sql } = app.database;
  for (const table of ['alert_events', 'alert_event_queue', 'alert_outcomes', 'alert_deliveries', 'messages'])
    expect(JSON.stringify(await sql`select to_jsonb(t)::text as row from ${sql(table)} t`)).not.toContain(marker);
});

test('an event that cannot be read does not keep back the others, and stays with its reason', async () => {
  const { sql } = app.database;
  const broken = randomUUID();
  await sql`
    with taken as (
      insert into alert_events (institution_id, event_id, event_type, producer, occurred_at, accepted_at)
      values (${api.institutionId}, ${broken}, 'LOGIN', 'OWN', now(), now()) returning event_seq)
    insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed)
    select ${api.institutionId}, lane, event_seq, ${broken}, 'nonsense'::bytea from taken, generate_series(7, 7) lane`;
  expect(await settled(broken)).toMatchObject({ state: 'DEAD', failure: 'unreadable' });
  expect(await settled(await publish(eventWith()))).toMatchObject({ state: expect.stringMatching(/SETTLED|DROPPED/u) });
});
