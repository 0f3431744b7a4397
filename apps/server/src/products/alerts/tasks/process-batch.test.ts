import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createMessagingCall } from '@openbranch/testkit/messaging-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { countDeliveries } from '../store/alert-subscriptions.ts';
import { beginSilences } from '../store/pipeline-facts.ts';
import { createAlertCatalogues } from './alert-catalogues.ts';
import { FailedBatchError } from './batch-failure.ts';
import { createEventBox } from './event-box.ts';
import { processBatch } from './process-batch.ts';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
});
afterAll(() => app.close());

const of = () => `?loginId=${encodeURIComponent(person.loginId)}`;
const settled = (eventId: string) =>
  eventually(async () => {
    const found = (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();
    return ['SETTLED', 'DROPPED'].includes(found.state) ? found : undefined;
  });
const somebodyWaits = (table: string) =>
  eventually(async () => {
    const [row] = await app.database.sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like ${`%${table}%`}`;
    return row;
  });

test('a condition that fires in two lanes at once sends one alert', async () => {
  const wish = { alertTypeName: 'LOW_BALANCE', channelTypeName: 'EMAIL' };
  const preference = { alertOpted: true, alertPreferenceDetails: wish, additionalInfo: { threshold: 100, comparator: 'LT' } };
  const made = await call('POST', `/v1/alert-preferences${of()}`, preference);
  const { alertPrefId } = made.json().alertPreferenceDetails;
  const account = { id: 'a'.repeat(43), availableBalance: { currencyCode: 'USD', amount: 72.1 } };
  const eventId = randomUUID();
  const eventDetails = { eventId, eventType: 'LOW_BALANCE', institutionId: api.institutionId };
  await app.database.sql.begin(async (tx) => {
    const place = { institutionUserId: person.institutionUserId, accountId: account.id, alertTypeId: 1n, channel: 'EMAIL' };
    const silence = { ...place, channel: 'EMAIL' as const, condition: `user ${alertPrefId} LT 10000 ` };
    expect(await beginSilences(tx, api.institutionId, [silence], new Date())).toBe(1);
    const event = { eventDomainType: 'account', eventDetails, account };
    expect((await call('POST', `/v1/realtime-events${of()}`, event)).statusCode).toBe(202);
    await somebodyWaits('alert_silences');
  });
  const { outcomes } = await settled(eventId);
  expect(outcomes[0].channels[0]).toMatchObject({ reason: 'CONDITION_NOT_MET', because: 'silent', deliveries: [] });
});

test('the last run of a subscription that two lanes want is had by one', async () => {
  const messaging = createMessagingCall(api, await api.legacyToken());
  const path = `/subscriptions/v1/fis/${api.institutionId}/fiCustomers/${person.customerId}`;
  const body = `<Subscription><eventTypeId>PARTNER_NOTICE</eventTypeId><fulfillment>1</fulfillment><subscriptionActions>
    <subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions></Subscription>`;
  const subscriptionId = /<id>([^<]*)</u.exec((await messaging('POST', `${path}/subscriptions`, body)).body)?.[1] ?? '';
  await app.database.sql.begin(async (tx) => {
    const run = { customerGuid: person.customerId, subscriptionId, runs: 1 };
    expect(await countDeliveries(tx, api.institutionId, [run], '2026-06-19')).toBe(1);
    expect(await countDeliveries(tx, api.institutionId, [run], '2026-06-19')).toBe(0);
    const event = `<Event><eventType>PARTNER_NOTICE</eventType><dataMap><map><entry><key>Message</key><value>Once more</value></entry></map></dataMap></Event>`;
    expect((await messaging('POST', `${path}/events`, event)).statusCode).toBe(204);
    await somebodyWaits('alert_subscriptions');
  });
  const [row] = await app.database.sql<{ event_id: string }[]>`select event_id from alert_events where producer = 'SEND'`;
  const { outcomes } = await settled(row?.event_id ?? '');
  expect(outcomes).toMatchObject([{ reason: 'CHANNEL_NOT_OPTED' }]);
});

test('a batch that fails names the events that it had taken, whatever came into the queue before them', async () => {
  const { sql } = app.database;
  // Nobody looks for events of an institution that the program does not know yet.
  await sql`insert into institutions (institution_id, name) values ('00777', 'Not open yet')`;
  for (const eventSeq of [5, 6])
    await sql`
      insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed)
      values ('00777', 3, ${eventSeq}, ${`e${eventSeq}`}, 'nonsense'::bytea)`;
  const personalData = openPersonalData(sql, app.keyRing);
  const queueBulk = () => Promise.reject(new Error('Nothing is to be sent.'));
  const parts = {
    sql,
    personalData,
    box: createEventBox(personalData),
    queueBulk,
    showOnPage: undefined,
    catalogues: createAlertCatalogues(sql),
  };
  const scope = { institutionId: '00777', defaultLocale: 'en_US', lanes: [3], now: new Date(), day: '2026-06-19' };
  const taken = async (mostEvents: number) => {
    const failure: unknown = await processBatch(parts, { ...scope, mostEvents }).catch((error: unknown) => error);
    return failure instanceof FailedBatchError ? failure.events.map(({ eventSeq }) => eventSeq) : failure;
  };
  expect([await taken(1), await taken(9)]).toEqual([[5n], [5n, 6n]]);
});
