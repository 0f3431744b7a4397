import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;
let other: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true, logFile: '/tmp/w/alog.txt' });
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
    const message = await app.inbox.wait({ institutionIds: [api.institutionId], contains: 'USD 72.10' });
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
      results.push(outcome.reason ?? 'sent');
    }
    expect(results).toEqual(['CONDITION_NOT_MET', 'sent', 'CONDITION_NOT_MET', 'CONDITION_NOT_MET', 'sent']);
  });
});
