import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { advanceClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let other: ApiCaller;
let call: JsonCall;
const dayMs = 86_400_000;
const tables = ['alert_events', 'alert_event_queue', 'alert_outcomes', 'alert_deliveries'] as const;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  [api, other] = [createApiCaller(app), createApiCaller(app, 1)];
  call = createJsonCall(api, await api.partnerToken());
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of tables) await app.database.sql`delete from ${app.database.sql(table)}`;
});

const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);
const sweep = (payload?: object) => app.jobs.find(({ name }) => name === 'delete_old_alerts')?.run(payload);

/** Each event has two outcomes, one of which was sent on two ways. */
async function insertAlerts(institutionId: string, prefix: string, takenAt: Date, count: number): Promise<void> {
  await app.database.sql`
    with taken as (
      insert into alert_events (institution_id, event_id, event_type, producer, occurred_at, accepted_at)
      select ${institutionId}, ${prefix}::text || n, 'LOGIN', 'OWN', ${takenAt}, ${takenAt}
      from generate_series(1, ${count}::int) n
      returning event_id, event_seq),
    outcomes as (
      insert into alert_outcomes (institution_id, event_seq, event_id, alert_type_name, occurred_at, processed_at, reason, content_sealed)
      select ${institutionId}, event_seq, event_id, 'LOGIN', ${takenAt}, ${takenAt}, reason, case when reason is null then 'x'::bytea end
      from taken cross join (values ('NO_DESTINATION'), (null)) r (reason)
      returning alert_outcome_id, reason)
    insert into alert_deliveries (institution_id, alert_outcome_id, channel, destination_number, status, ended_at)
    select ${institutionId}, alert_outcome_id, channel, 0, 'SUCCESS', ${takenAt}
    from outcomes cross join (values ('EMAIL'), ('SMS')) c (channel) where reason is null`;
}

async function queueAgain(eventId: string, deadAt: Date | null): Promise<void> {
  await app.database.sql`
    insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed, failure, dead_at)
    select institution_id, 5, event_seq, event_id, 'x'::bytea, 'error', ${deadAt} from alert_events where event_id = ${eventId}`;
}

const left = async () => {
  const counts: bigint[] = [];
  for (const table of tables) {
    const [row] = await app.database.sql<{ count: bigint }[]>`select count(*) as count from ${app.database.sql(table)}`;
    counts.push(row?.count ?? 0n);
  }
  return counts;
};

describe('the sweep of old alerts', () => {
  test('takes what is older than its institution keeps it, with all that came of it, in as many batches as it takes', async () => {
    await insertAlerts(api.institutionId, 'ancient', daysAgo(800), 3);
    await insertAlerts(api.institutionId, 'old', daysAgo(92), 1100);
    await insertAlerts(api.institutionId, 'young', daysAgo(90.5), 5);
    await queueAgain('old7', daysAgo(91));
    expect(await left()).toEqual([1108n, 1n, 2216n, 2216n]);
    await sweep();
    expect(await left()).toEqual([5n, 0n, 10n, 10n]);
    await sweep();
    expect(await left()).toEqual([5n, 0n, 10n, 10n]);
  });

  test('leaves an event that waits for the pipeline, and takes those beside it', async () => {
    await insertAlerts(api.institutionId, 'old', daysAgo(92), 3);
    await queueAgain('old2', null);
    await sweep();
    const rows = await app.database.sql<{ event_id: string }[]>`select event_id from alert_events`;
    expect(rows.map(({ event_id }) => event_id)).toEqual(['old2']);
    await app.database.sql`delete from alert_event_queue`;
    await sweep();
    expect(await left()).toEqual([0n, 0n, 0n, 0n]);
  });

  test('takes a posting that died, which has no row but the one in the queue, and leaves one that waits', async () => {
    const queue = (eventSeq: number, deadAt: Date | null) => app.database.sql`
      insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed, failure, dead_at)
      values (${api.institutionId}, 5, ${eventSeq}, ${`t${eventSeq}`}, 'x'::bytea, 'error', ${deadAt})`;
    await queue(1, daysAgo(92));
    await queue(2, daysAgo(90.5));
    await queue(3, null);
    await sweep();
    const rows = await app.database.sql<{ event_id: string }[]>`select event_id from alert_event_queue order by event_id`;
    expect(rows.map(({ event_id }) => event_id)).toEqual(['t2', 't3']);
  });

  test("follows each institution's own policy, which keeps the days of the history at least", async () => {
    expect((await other.control('PUT', '/policies/alerts', { keptDays: 365 })).statusCode).toBe(200);
    for (const one of [api, other]) await insertAlerts(one.institutionId, 'old', daysAgo(200), 2);
    await insertAlerts(other.institutionId, 'older', daysAgo(367), 2);
    await sweep();
    const rows = await app.database.sql<{ institution_id: string; event_id: string }[]>`
      select institution_id, event_id from alert_events order by event_id`;
    expect(rows.map((row) => [row.institution_id, row.event_id])).toEqual([
      [other.institutionId, 'old1'],
      [other.institutionId, 'old2'],
    ]);
    expect((await other.control('PUT', '/policies/alerts', { keptDays: 89 })).statusCode).toBe(400);
    await other.control('PUT', '/policies/alerts', {});
  });

  test('follows the clock of the institution, and frees the id: the same event again is a new one', async () => {
    const person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
    const eventDetails = { eventId: randomUUID(), eventType: 'LOGIN', institutionId: api.institutionId };
    const publish = async () => {
      const event = { eventDomainType: 'user', eventDetails, user: {} };
      const answer = await call('POST', `/v1/realtime-events?loginId=${encodeURIComponent(person.loginId)}`, event);
      expect(answer.statusCode).toBe(202);
    };
    const sequences = async () => {
      const rows = await app.database.sql<{ event_seq: bigint; repeats: number }[]>`select event_seq, repeats from alert_events`;
      return rows.map((row) => [row.event_seq, row.repeats]);
    };
    await publish();
    await publish();
    const [[first] = []] = await sequences();
    expect(await sequences()).toEqual([[first, 1]]);
    await app.database.sql`delete from alert_event_queue`;
    await advanceClock(app, api.institutionId, 92 * 86_400);
    call = createJsonCall(api, await api.partnerToken());
    await sweep({ institutionId: api.institutionId });
    expect(await sequences()).toEqual([]);
    await publish();
    const [[second, repeats] = []] = await sequences();
    expect([second === first, repeats]).toEqual([false, 0]);
  });
});

test('what is not old is not looked at: the oldest rows are found by the index of times, whatever the size of the table', async () => {
  const { sql } = app.database;
  await insertAlerts(api.institutionId, 'young', daysAgo(1), 20_000);
  await sql`vacuum (analyze) alert_events`;
  const [row] = await sql<{ 'QUERY PLAN': unknown }[]>`
    explain (analyze, format json, costs off, timing off, summary off) select min(accepted_at) from alert_events
    where institution_id = ${api.institutionId} and accepted_at >= ${new Date(0)} and accepted_at < ${daysAgo(91)}`;
  const plan = JSON.stringify(row);
  expect(plan).toContain('alert_events__accepted_at');
  expect(plan).not.toContain('Seq Scan');
});
