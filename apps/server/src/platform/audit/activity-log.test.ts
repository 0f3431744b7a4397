import { randomBytes } from 'node:crypto';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase, type Sql } from '../db/database.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { recordActivity } from './record-activity.ts';
import { beginActivityLog, sealActivities } from './seal-activities.ts';
import { verifyActivities } from './verify-activities.ts';

let own: TestDatabase;
let other: Database;
let sql: Sql;
let institutionId = '00000';
const keyRing = createKeyRing(randomBytes(32));

beforeAll(async () => {
  own = await createTestDatabase();
  sql = own.database.sql;
  other = await openDatabase(own.target, { maxConnections: 5, applicationName: 'test, second process' });
});
// Each test has a log of its own.
beforeEach(async () => {
  institutionId = String(Number(institutionId) + 1).padStart(5, '0');
  await sql.begin((tx) => beginActivityLog(tx, keyRing, institutionId));
});
afterAll(async () => {
  await other.close();
  await own.drop();
});

/** @returns The ids of the new rows. */
async function record(count: number): Promise<bigint[]> {
  for (let index = 0; index < count; index += 1) {
    await sql.begin((tx) =>
      recordActivity(tx, {
        institutionId,
        occurredAt: new Date(),
        kind: 'user_sign_in_failed',
        institutionUserId: 'A'.repeat(32),
        clientId: 'client',
        operation: 'requestToken',
        traceId: `trace-${index}`,
        details: { reason: 'wrong_password', failedLoginCount: index },
      }),
    );
  }
  return ids();
}
const ids = async () =>
  (
    await sql<{ activity_id: bigint }[]>`
      select activity_id from activities where institution_id = ${institutionId} order by activity_id`
  ).map(({ activity_id: id }) => id);
const seal = (by: Sql = sql) => sealActivities(by, keyRing, [institutionId], silentLog);
const verify = (by: Sql = sql) => verifyActivities(by, keyRing, institutionId);
/** Two sealed batches of four rows. */
async function sealTwice(): Promise<[bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]> {
  await record(4);
  await seal();
  const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = await record(4);
  await seal();
  return [a, b, c, d, e, f, g, h];
}
const broken = async () => (await verify()).broken;

test('a log that nobody has touched verifies, sealed or not yet', async () => {
  expect(await verify()).toEqual({ institutionId, batches: 0, rows: 0, unsealedRows: 0, broken: undefined });
  await record(3);
  expect(await verify()).toMatchObject({ rows: 0, unsealedRows: 3, broken: undefined });
  expect(await seal()).toBe(3);
  expect(await seal()).toBe(0);
  await record(2);
  expect(await verify()).toMatchObject({ batches: 1, rows: 3, unsealedRows: 2, broken: undefined });
  expect(await seal()).toBe(2);
  expect(await verify()).toEqual({ institutionId, batches: 2, rows: 5, unsealedRows: 0, broken: undefined });
});

test('many rows make several batches, in one go', async () => {
  await sql`
    insert into activities (institution_id, occurred_at, kind)
    select ${institutionId}, ${new Date()}, 'token_granted' from generate_series(1, 2500)`;
  expect(await seal()).toBe(2500);
  expect(await verify()).toMatchObject({ batches: 3, rows: 2500, unsealedRows: 0, broken: undefined });
});

test('each sealed batch is told to the log, so that a log that is kept elsewhere is a witness', async () => {
  const lines: string[] = [];
  await record(2);
  await sealActivities(sql, keyRing, [institutionId], { ...silentLog, info: (line: string) => lines.push(line) });
  const [batch] = await sql<{ seal: Buffer }[]>`select seal from activity_batches where institution_id = ${institutionId}`;
  expect(lines).toEqual([`Sealed activity batch 1 of institution ${institutionId}: 2 rows, seal ${batch?.seal.toString('hex')}`]);
});

describe('a changed row is named', () => {
  test.each([
    ['details', `details = details || '{"failedLoginCount":0}'`],
    ['kind', `kind = 'user_signed_in'`],
    ['user', 'institution_user_id = null'],
    ['application', `client_id = 'other'`],
    ['operation', `operation = ''`],
    ['trace id', `trace_id = 'other'`],
    ['time', `occurred_at = occurred_at + interval '1 microsecond'`],
    ['time of recording', `recorded_at = recorded_at - interval '1 microsecond'`],
    ['seal', `seal = '\\x00'`],
    ['seal of the right length', 'seal = sha256(seal)'],
  ])('its %s', async (_what, change) => {
    const [, , third] = await sealTwice();
    await sql`update activities set ${sql.unsafe(change)} where institution_id = ${institutionId} and activity_id = ${third}`;
    expect(await broken()).toEqual({ activityId: third, problem: expect.stringContaining('the row was changed') });
  });

  test('and when two have swapped their contents, the first of them', async () => {
    const [, second, , , , , seventh] = await sealTwice();
    for (const column of ['details', 'trace_id']) {
      await sql`
        update activities a set ${sql(column)} = b.${sql(column)} from activities b
        where a.institution_id = ${institutionId} and b.institution_id = ${institutionId}
          and ((a.activity_id = ${second} and b.activity_id = ${seventh}) or (a.activity_id = ${seventh} and b.activity_id = ${second}))`;
    }
    expect(await broken()).toMatchObject({ activityId: second });
  });

  test('and when two have swapped their ids', async () => {
    const [, second, third] = await sealTwice();
    const move = (from: bigint, to: bigint) => sql`
      insert into activities (institution_id, activity_id, occurred_at, recorded_at, kind, institution_user_id, client_id,
        operation, trace_id, details, batch_number, seal) overriding system value
      select institution_id, ${to}::bigint, occurred_at, recorded_at, kind, institution_user_id, client_id, operation, trace_id, details,
        batch_number, seal
      from activities where institution_id = ${institutionId} and activity_id = ${from}`;
    const drop = (id: bigint) => sql`delete from activities where institution_id = ${institutionId} and activity_id = ${id}`;
    await move(second, 999_999n);
    await drop(second);
    await move(third, second);
    await drop(third);
    await move(999_999n, third);
    await drop(999_999n);
    expect(await broken()).toMatchObject({ activityId: second });
  });
});

describe('a removed row is noticed', () => {
  const remove = (...gone: bigint[]) =>
    sql`delete from activities where institution_id = ${institutionId} and activity_id in ${sql(gone)}`;

  test('in the middle: the row after it is named', async () => {
    const [, , third, fourth] = await sealTwice();
    await remove(third);
    expect(await broken()).toMatchObject({ activityId: fourth, problem: expect.stringContaining('a row before it') });
  });

  test('at the beginning', async () => {
    const [first, second] = await sealTwice();
    await remove(first);
    expect(await broken()).toMatchObject({ activityId: second });
  });

  test('at the end: the last that is left is named, and how many are missing', async () => {
    const [, , , , , sixth, seventh, eighth] = await sealTwice();
    await remove(seventh, eighth);
    expect(await broken()).toEqual({
      activityId: sixth,
      problem: `batch 2 was sealed with 4 rows up to ${eighth}, and 2 are left`,
    });
  });

  test('all rows of a batch', async () => {
    const [, , , , ...second] = await sealTwice();
    await remove(...second);
    expect(await broken()).toMatchObject({ activityId: second[0], problem: expect.stringContaining('0 are left') });
  });

  test.each(['and left its head', 'and its head'])('with the newest batch %s', async (what) => {
    const [, , , fourth, ...second] = await sealTwice();
    await remove(...second);
    await sql`delete from activity_batches where institution_id = ${institutionId} and batch_number = 2`;
    if (what === 'and its head') await sql`delete from activity_heads where institution_id = ${institutionId}`;
    expect(await broken()).toEqual({ activityId: fourth, problem: 'the log ends with batch 1, and its newest batches are gone' });
  });

  test('with the newest batch, when the head was written anew without the key', async () => {
    const [, , , fourth, ...second] = await sealTwice();
    await remove(...second);
    await sql`delete from activity_batches where institution_id = ${institutionId} and batch_number = 2`;
    await sql`update activity_heads set batch_number = 1 where institution_id = ${institutionId}`;
    expect(await broken()).toMatchObject({ activityId: fourth });
    await sql`update activity_heads set mac = '\\x0011' where institution_id = ${institutionId}`;
    expect(await broken()).toMatchObject({ activityId: fourth });
  });

  test('all rows and batches, but not the head', async () => {
    await remove(...(await sealTwice()));
    await sql`delete from activity_batches where institution_id = ${institutionId}`;
    expect(await broken()).toEqual({
      activityId: undefined,
      problem: 'the log ends with batch 0, and its newest batches are gone',
    });
  });

  test('only the record of a batch', async () => {
    const [, , , , fifth] = await sealTwice();
    await record(1);
    await seal();
    await sql`delete from activity_batches where institution_id = ${institutionId} and batch_number = 1`;
    expect(await broken()).toMatchObject({ activityId: fifth, problem: 'batch 2 does not follow from batch 0' });
  });

  test('and new rows that are sealed after it do not cover it up', async () => {
    const [, , third, fourth] = await sealTwice();
    await remove(third);
    await record(3);
    await seal();
    expect(await broken()).toMatchObject({ activityId: fourth });
  });
});

describe('an added row that pretends to be sealed is named', () => {
  const add = async (batchNumber: number, position: 'before' | 'after') => {
    const known = await sealTwice();
    const id = position === 'before' ? -known[0] : known[7] + 1_000n;
    await sql`
      insert into activities (institution_id, activity_id, occurred_at, kind, batch_number, seal) overriding system value
      select institution_id, ${id}, occurred_at, kind, ${batchNumber}, seal from activities
      where institution_id = ${institutionId} and activity_id = ${known[7]}`;
    return id;
  };
  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'after'],
    [99, 'after'],
    [0, 'before'],
    [-1, 'after'],
  ] as const)('in batch %i, %s the others', async (batchNumber, position) => {
    const id = await add(batchNumber, position);
    expect(await broken()).toMatchObject({ activityId: id });
  });
});

test('a batch whose record was changed is noticed', async () => {
  for (const change of [
    'seal = sha256(seal)',
    `seal = '\\x'`,
    'previous_seal = sha256(seal)',
    `previous_seal = '\\x01'`,
    'row_count = row_count + 1',
  ]) {
    institutionId = String(Number(institutionId) + 1).padStart(5, '0');
    await sql.begin((tx) => beginActivityLog(tx, keyRing, institutionId));
    await sealTwice();
    await sql`update activity_batches set ${sql.unsafe(change)} where institution_id = ${institutionId} and batch_number = 2`;
    expect(await broken(), change).toBeDefined();
  }
});

test('a log that was deleted whole, its head included, is named broken', async () => {
  await sealTwice();
  for (const table of ['activities', 'activity_batches', 'activity_heads'])
    await sql`delete from ${sql(table)} where institution_id = ${institutionId}`;
  expect(await broken()).toMatchObject({ activityId: undefined });
});

test('a log does not verify with another master key', async () => {
  const [first] = await sealTwice();
  const foreign = await verifyActivities(sql, createKeyRing(randomBytes(32)), institutionId);
  expect(foreign.broken).toMatchObject({ activityId: first });
});

test('a log that is moved to another institution does not verify there', async () => {
  const [first] = await sealTwice();
  const thief = '99999';
  for (const table of ['activities', 'activity_batches', 'activity_heads'])
    await sql`update ${sql(table)} set institution_id = ${thief} where institution_id = ${institutionId}`;
  expect((await verifyActivities(sql, keyRing, thief)).broken).toMatchObject({ activityId: first });
});

test('several processes that seal at the same moment seal every row once', async () => {
  for (let round = 0; round < 3; round += 1) {
    await record(5);
    const sealed = await Promise.all([seal(), seal(other.sql), seal(), seal(other.sql)]);
    expect(sealed.reduce((sum, rows) => sum + rows, 0)).toBe(5);
  }
  expect(await verify(other.sql)).toMatchObject({ batches: 3, rows: 15, unsealedRows: 0, broken: undefined });
});

test('rows that are written while others are sealed are sealed later', async () => {
  let isWriting = true;
  const writing = record(40).finally(() => {
    isWriting = false;
  });
  while (isWriting) await Promise.all([seal(), seal(other.sql)]);
  await writing;
  await seal();
  expect(await verify()).toMatchObject({ rows: 40, unsealedRows: 0, broken: undefined });
});

test('a row whose transaction commits late, after newer rows were sealed, is sealed with the next batch', async () => {
  const late = await other.sql.reserve();
  await late`begin`;
  await late`insert into activities (institution_id, occurred_at, kind) values (${institutionId}, ${new Date()}, 'token_granted')`;
  const [newer = 0n] = await record(1);
  expect(await seal()).toBe(1);
  await late`commit`;
  late.release();
  const [older = 0n] = await ids();
  expect(older).toBeLessThan(newer);
  expect(await verify()).toMatchObject({ rows: 1, unsealedRows: 1, broken: undefined });
  expect(await seal()).toBe(1);
  expect(await verify()).toMatchObject({ batches: 2, rows: 2, unsealedRows: 0, broken: undefined });
});

test('an activity is there only when its transaction is', async () => {
  await expect(
    sql.begin(async (tx) => {
      await recordActivity(tx, { institutionId, occurredAt: new Date(), kind: 'user_locked' });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await ids()).toEqual([]);
});
