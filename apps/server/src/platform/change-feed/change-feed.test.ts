import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@openbranch/server/platform/db/database';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { announceChanges, type Change, type ChangeFeed, openChangeFeed } from './change-feed.ts';

/** What the platform promises for a revocation. */
const withinMs = 1000;

let db: TestDatabase;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

afterAll(() => db.drop());

function change(expiresInMs = 60_000): Change {
  return {
    topic: 'access_token_revoked',
    institutionId: '00042',
    subject: randomUUID(),
    expiresAt: new Date(Date.now() + expiresInMs),
  };
}

interface Reader {
  readonly feed: ChangeFeed;
  readonly database: Database;
  readonly subjects: string[];
}

/** A process of its own: its own connections. */
async function openReader(onChange: (change: Change) => void = () => undefined): Promise<Reader> {
  const database = await openDatabase(db.target, { maxConnections: 2, applicationName: 'reader' });
  const subjects: string[] = [];
  const feed = await openChangeFeed(database.sql, silentLog, (told) => {
    onChange(told);
    subjects.push(told.subject);
  });
  closers.push(async () => {
    await feed.close();
    await database.close();
  });
  return { feed, database, subjects };
}

async function announce(...changes: Change[]): Promise<void> {
  await db.database.sql.begin((tx) => announceChanges(tx, changes));
}

async function insertSilently({ topic, institutionId, subject, expiresAt }: Change): Promise<void> {
  await db.database.sql`
    insert into change_feed (topic, institution_id, subject, expires_at)
    values (${topic}, ${institutionId ?? null}, ${subject}, ${expiresAt})`;
}

test('every process learns of a change, whole, well within a second', async () => {
  const told: Change[] = [];
  const readers = [await openReader((one) => told.push(one)), await openReader()];
  const one = change();
  await announce(one);
  await eventually(() => readers.every(({ subjects }) => subjects.includes(one.subject)), { deadlineMs: withinMs });
  expect(told).toEqual([one]);
});

test('a notification wakes the readers at once: of many changes, one after the other, most come before the next poll', async () => {
  const { subjects } = await openReader();
  const delays: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const one = change();
    const startedAt = performance.now();
    await announce(one);
    await eventually(() => subjects.includes(one.subject), { pauseMs: 1 });
    delays.push(performance.now() - startedAt);
  }
  // Whoever waits for the next poll is told of one right after the other, a whole poll apart.
  delays.sort((one, other) => one - other);
  expect(delays[10]).toBeLessThan(400);
});

test('a change of a transaction that is rolled back is told to nobody', async () => {
  const { subjects } = await openReader();
  const [lost, kept] = [change(), change()];
  await db.database.sql
    .begin(async (tx) => {
      await announceChanges(tx, [lost]);
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await announce(kept);
  await eventually(() => subjects.includes(kept.subject), { deadlineMs: withinMs });
  expect(subjects).not.toContain(lost.subject);
});

test('a change whose notification is lost is read within a second all the same', async () => {
  const { subjects } = await openReader();
  const one = change();
  await insertSilently(one);
  await eventually(() => subjects.includes(one.subject), { deadlineMs: withinMs });
});

test('a reader whose listening connection is cut reads on, and listens again', async () => {
  const { subjects } = await openReader();
  const listeners = () => db.database.sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;
  const [before] = await listeners();
  await db.database.sql`select pg_terminate_backend(${before?.pid ?? 0})`;
  const one = change();
  await announce(one);
  await eventually(() => subjects.includes(one.subject), { deadlineMs: withinMs });
  const after = await eventually(async () => (await listeners()).find(({ pid }) => pid !== before?.pid));
  expect(after.pid).not.toBe(before?.pid);
});

test('a process that starts later learns of everything still in force before it serves, and of nothing that is over', async () => {
  const [inForce, over] = [change(), change(-1)];
  await insertSilently(inForce);
  await insertSilently(over);
  await db.database
    .sql`update change_feed set recorded_at = recorded_at - interval '20 days' where subject in (${inForce.subject}, ${over.subject})`;
  const { subjects } = await openReader();
  expect(subjects).toContain(inForce.subject);
  expect(subjects).not.toContain(over.subject);
});

test('a change that commits after a later one is not passed over', async () => {
  const { subjects } = await openReader();
  const [early, late] = [change(), change()];
  await db.database.sql.begin(async (tx) => {
    await announceChanges(tx, [early]);
    await announce(late);
    await eventually(() => subjects.includes(late.subject), { deadlineMs: withinMs });
  });
  await eventually(() => subjects.includes(early.subject), { deadlineMs: withinMs });
});

test('a change that cannot be taken in is tried again and keeps none of the others back', async () => {
  const [bad, good] = [change(), change()];
  let tries = 0;
  const { subjects } = await openReader((one) => {
    if (one.subject !== bad.subject) return;
    tries += 1;
    if (tries < 3) throw new Error('not now');
  });
  await announce(bad, good);
  await eventually(() => subjects.includes(good.subject), { deadlineMs: withinMs });
  await eventually(() => subjects.includes(bad.subject));
  expect(tries).toBe(3);
});

test('what a process has committed itself it knows at once, before any reading', async () => {
  const { feed, subjects } = await openReader();
  const one = change();
  await feed.apply([one]);
  expect(subjects).toEqual(expect.arrayContaining([one.subject]));
});

test('a closed reader is told nothing more', async () => {
  const { feed, subjects } = await openReader();
  await feed.close();
  const witness = await openReader();
  const one = change();
  await announce(one);
  await eventually(() => witness.subjects.includes(one.subject), { deadlineMs: withinMs });
  expect(subjects).not.toContain(one.subject);
});

test('a process that could not read for minutes misses nothing', async () => {
  const unreadable = new Set<string>();
  const reader = await openReader(({ subject }) => {
    if (unreadable.has(subject)) throw new Error('cannot be taken in');
  });
  // While this one cannot be taken in, no reading is complete: the feed goes back to where the last complete one ended.
  const blocking = change();
  unreadable.add(blocking.subject);
  await announce(blocking);
  await eventually(() => !reader.feed.isFresh(), { deadlineMs: 10_000 });
  const old = change();
  await insertSilently(old);
  await db.database.sql`
    update change_feed set recorded_at = clock_timestamp() - interval '30 seconds' where subject in (${old.subject}, ${blocking.subject})`;
  unreadable.clear();
  await eventually(() => [blocking.subject, old.subject].every((subject) => reader.subjects.includes(subject)));
  await eventually(() => reader.feed.isFresh());
});
