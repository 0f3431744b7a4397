import { randomUUID } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '../store/alert-events.ts';
import { createAcceptCollector } from './accept-collector.ts';

let db: TestDatabase;
const one = '00001';
const two = '00002';

beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.sql`insert into institutions (institution_id, name) values (${one}, 'One'), (${two}, 'Two')`;
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.sql`delete from alert_event_queue`;
  await db.database.sql`delete from alert_events`;
});

const now = new Date('2026-06-19T09:21:33Z');
const newEvent = (eventId: string = randomUUID(), payload = 'sealed'): NewEvent => ({
  eventId,
  lane: 7,
  eventType: 'LOGIN',
  domain: 'USER',
  producer: 'PUBLISH',
  eventSource: undefined,
  clientId: 'partner',
  occurredAt: now,
  acceptedAt: now,
  payloadSealed: Buffer.from(payload),
});
/** Events with how often they came again, their place in the queue, and the transaction that took them. */
const taken = (institutionId = one) =>
  db.database.sql<{ event_id: string; repeats: number; payload: string | null; xmin: string }[]>`
    select e.event_id, e.repeats, convert_from(q.payload_sealed, 'UTF8') as payload, e.xmin::text
    from alert_events e left join alert_event_queue q using (institution_id, event_seq)
    where e.institution_id = ${institutionId} order by e.event_seq`;

test('events that come at once are taken in few transactions, each with its place in the queue', async () => {
  const accept = createAcceptCollector(db.database.sql);
  const events = Array.from({ length: 300 }, () => newEvent());
  await Promise.all(events.map((event) => accept(one, event)));
  const rows = await taken();
  expect(rows.map(({ event_id }) => event_id).sort()).toEqual(events.map(({ eventId }) => eventId).sort());
  expect(rows.every(({ payload, repeats }) => payload === 'sealed' && repeats === 0)).toBe(true);
  expect(new Set(rows.map(({ xmin }) => xmin)).size).toBeLessThanOrEqual(6);
});

test('an id that comes several times at once is one event, and counted as often as it came', async () => {
  const accept = createAcceptCollector(db.database.sql);
  await Promise.all([newEvent('a', 'first'), newEvent('b'), newEvent('a', 'second'), newEvent('a')].map((e) => accept(one, e)));
  expect(await taken()).toMatchObject([
    { event_id: 'a', repeats: 2, payload: 'first' },
    { event_id: 'b', repeats: 0, payload: 'sealed' },
  ]);
  await db.database.sql`delete from alert_event_queue`;
  await Promise.all([newEvent('a'), newEvent('a'), newEvent('c')].map((event) => accept(one, event)));
  expect(await taken()).toMatchObject([
    { event_id: 'a', repeats: 4, payload: null },
    { event_id: 'b', repeats: 0, payload: null },
    { event_id: 'c', repeats: 0, payload: 'sealed' },
  ]);
});

test('an event that cannot be kept harms no other', async () => {
  const accept = createAcceptCollector(db.database.sql);
  const events = ['a', 'zero\u0000', 'b', 'zero\u0000', 'c'].map((eventId) => newEvent(eventId));
  const outcomes = await Promise.allSettled(events.map((event) => accept(one, event)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect((await taken()).map(({ event_id }) => event_id)).toEqual(['a', 'b', 'c']);
  await accept(one, newEvent('d'));
  expect(await taken()).toHaveLength(4);
});

test('nobody is told that an event is taken before it is, and institutions do not wait for each other', async () => {
  const { sql } = db.database;
  const accept = createAcceptCollector(sql);
  const told: string[] = [];
  const later = await sql.begin(async (tx) => {
    await tx`insert into alert_events (institution_id, event_id, event_type, producer, occurred_at, accepted_at)
      values (${one}, 'held', 'LOGIN', 'OWN', ${now}, ${now})`;
    const answers = ['held', 'beside'].map((id) => accept(one, newEvent(id)).then(() => told.push(id)));
    await eventually(async () => {
      const [row] = await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return row;
    });
    await accept(two, newEvent('elsewhere'));
    expect(await taken(two)).toHaveLength(1);
    // What comes meanwhile goes its own way.
    await accept(one, newEvent('next'));
    expect(told).toEqual([]);
    return { answers };
  });
  await Promise.all(later.answers);
  expect((await taken()).map(({ event_id, repeats }) => [event_id, repeats]).sort()).toEqual([
    ['beside', 0],
    ['held', 1],
    ['next', 0],
  ]);
});

test('when the database is away everybody is told', async () => {
  const gone = await createTestDatabase();
  const accept = createAcceptCollector(gone.database.sql);
  await gone.drop();
  const outcomes = await Promise.allSettled([accept(one, newEvent('a')), accept(one, newEvent('b'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
