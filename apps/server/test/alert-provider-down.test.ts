import { randomUUID } from 'node:crypto';
import { type Client, createClient } from '@openbranch/sdk';
import { type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The tries of a message as they are by default: no setting of the delivery is changed here. */
const institutionId = '00042';
let app: TestApp;
let baseUrl: string;
let partner: Client;
let pat: Customer;

beforeAll(async () => {
  app = await createTestApp({ publicUrl: () => baseUrl, prepare: withoutLimits, runsJobs: true });
  baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const api = createApiCaller(app);
  pat = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const { clientId, clientSecret } = api.application('partner');
  partner = createClient({ baseUrl, institutionId, clientId, clientSecret, sandboxKey: app.sandbox.sandboxKey });
  for (const channelTypeName of ['EMAIL', 'SMS'] as const)
    await partner.createInstitutionAlertPreference({
      body: { alertTypeName: 'PARTNER_NOTICE', channelTypeName, alertOpted: true },
    });
});
afterAll(() => app.close());

async function publish(): Promise<string> {
  const eventId = randomUUID();
  const eventDetails = { eventId, eventType: 'PARTNER_NOTICE', institutionId };
  const body = { eventDomainType: 'notification', eventDetails, notification: { Message: 'Your card is on its way' } };
  await partner.publishAlertEvent({ loginId: pat.loginId, body });
  return eventId;
}

interface Sent {
  readonly channel: string;
  readonly status: string;
  readonly tries: number;
}

async function deliveriesOf(eventId: string): Promise<Sent[]> {
  const rows = await app.database.sql<Sent[]>`
    select d.channel, d.status, d.tries from alert_outcomes o join alert_deliveries d using (institution_id, alert_outcome_id)
    where o.institution_id = ${institutionId} and o.event_id = ${eventId} order by d.channel`;
  return [...rows];
}

/** Until the n-th try has failed. @returns How long the message rests then, in whole seconds of the database. */
const restAfter = (eventId: string, attempts: number): Promise<number> =>
  eventually(async () => {
    const [row] = await app.database.sql<{ rest: number }[]>`
      select ceil(extract(epoch from m.next_attempt_at - clock_timestamp()))::int as rest
      from messages m join alert_deliveries d using (institution_id, message_id)
        join alert_outcomes o using (institution_id, alert_outcome_id)
      where m.institution_id = ${institutionId} and o.event_id = ${eventId} and m.channel = 'SMS' and m.status = 'failed'
        and m.attempts = ${attempts}`;
    return row?.rest;
  });

const endRest = (eventId: string) => app.database.sql`
  update messages m set next_attempt_at = clock_timestamp()
  from alert_deliveries d join alert_outcomes o using (institution_id, alert_outcome_id)
  where m.institution_id = ${institutionId} and d.institution_id = m.institution_id and d.message_id = m.message_id
    and o.event_id = ${eventId} and m.status = 'failed'`;

test('a provider is down: FAILURE after three tries, at once, after 30 s and after 5 min; other channels SUCCESS; events are accepted meanwhile', async () => {
  await partner.armFault({ institutionId, body: { channel: 'SMS', kind: 'FAILS' } });
  const first = await publish();
  const rests = [await restAfter(first, 1)];
  // The mail does not wait for the text message.
  await eventually(async () =>
    (await deliveriesOf(first)).some(({ channel, status }) => channel === 'EMAIL' && status === 'SUCCESS'),
  );
  const meanwhile = await publish();
  await restAfter(meanwhile, 1);
  await endRest(first);
  rests.push(await restAfter(first, 2));
  await endRest(first);
  const ended = await eventually(async () => {
    const sent = await deliveriesOf(first);
    return sent.every(({ status }) => status !== 'IN_PROCESS') ? sent : undefined;
  });
  expect(ended).toEqual([
    { channel: 'EMAIL', status: 'SUCCESS', tries: 1 },
    { channel: 'SMS', status: 'FAILURE', tries: 3 },
  ]);
  // What was looked at a moment later rests a little less.
  expect(rests.map((rest) => [rest > 20 && rest <= 30, rest > 270 && rest <= 300])).toEqual([
    [true, false],
    [false, true],
  ]);
  const { alertHistorySummaryResources } = await partner.listAlertHistory({ loginId: pat.loginId, eventIds: first });
  expect(alertHistorySummaryResources).toMatchObject([{ eventId: first, channelInfo: { EMAIL: 'SUCCESS', SMS: 'FAILURE' } }]);
  await partner.disarmFaults({ institutionId });
  await endRest(meanwhile);
  await eventually(async () => (await deliveriesOf(meanwhile)).every(({ status }) => status === 'SUCCESS'));
});
