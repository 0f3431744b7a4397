import { eventually } from '@openbranch/testkit/eventually';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase, type Sql, type Tx } from './database.ts';

let own: TestDatabase;
/** One connection: what comes next gets the one that was lost. */
let one: Database;
let killer: Sql;
beforeAll(async () => {
  own = await createTestDatabase();
  const other = await openDatabase(own.target, { maxConnections: 1, applicationName: 'test, kills' });
  killer = other.sql;
  one = await openDatabase(own.target, { maxConnections: 1, applicationName: 'test, is killed' });
  await killer`create table notes (text text not null)`;
});
beforeEach(() => killer`delete from notes`);
afterAll(async () => {
  await Promise.all([one.close(), killer.end()]);
  await own.drop();
});

const idOf = async (tx: Tx): Promise<number> => {
  const [row] = await tx<{ id: number }[]>`select pg_backend_pid() as id`;
  if (row === undefined) throw new Error('A connection has a process.');
  return row.id;
};
const listNotes = async () => (await killer<{ text: string }[]>`select text from notes order by text`).map(({ text }) => text);
const reject = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? (Reflect.get(error, 'code') ?? error.message) : error),
  );
/** Works again, after the few tries that the driver needs. */
const write = (text: string) =>
  eventually(() => one.sql.begin(async (tx) => (await tx`insert into notes values (${text}) returning 1`).length === 1));

test('a transaction that lost its connection writes nothing into the transaction that has the connection next', async () => {
  const [lost, goOn, isIn] = [Promise.withResolvers<number>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const late: string[] = [];
  const first = reject(
    one.sql.begin(async (tx) => {
      await tx`insert into notes values ('before')`;
      lost.resolve(await idOf(tx));
      await goOn.promise;
      late.push(await reject((async () => tx`insert into notes values ('late')`)()));
    }),
  );
  await killer`select pg_terminate_backend(${await lost.promise})`;
  expect(await first).toBe('CONNECTION_CLOSED');

  const second = eventually(() =>
    one.sql.begin(async (tx) => {
      await tx`insert into notes values ('second')`;
      isIn.resolve();
      await eventually(() => late.length > 0);
      await tx`insert into notes values ('second, later')`;
      return true;
    }),
  );
  await isIn.promise;
  goOn.resolve();
  expect(await second).toBe(true);
  expect(late).toEqual(['CONNECTION_CLOSED']);
  expect(await listNotes()).toEqual(['second', 'second, later']);
});

test.each(['it swallows', 'it passes on'])(
  'a statement that dies with its connection ends its transaction, whose error %s, and nothing else',
  async (what) => {
    const process = Promise.withResolvers<number>();
    const dying = reject(
      one.sql.begin(async (tx) => {
        process.resolve(await idOf(tx));
        const sleeping = tx`select pg_sleep(30)`;
        if (what === 'it passes on') await sleeping;
        else await reject(sleeping);
      }),
    );
    const id = await process.promise;
    await eventually(
      async () => (await killer`select 1 from pg_stat_activity where pid = ${id} and wait_event = 'PgSleep'`).length > 0,
    );
    await killer`select pg_terminate_backend(${id})`;
    expect(await dying).toMatch(/^(?:CONNECTION_CLOSED|ECONNRESET|57P01)$/u);
    await write('after');
    expect(await listNotes()).toEqual(['after']);
  },
);

test('a transaction that is refused takes back what it did, and one that has its options keeps to them', async () => {
  const refused = one.sql.begin(async (tx) => {
    await tx`insert into notes values ('refused')`;
    throw new Error('refused');
  });
  expect(await reject(refused)).toBe('refused');
  expect(await reject(one.sql.begin('read only', (tx) => tx`insert into notes values ('read only')`))).toBe('25006');
  expect(await listNotes()).toEqual([]);
  expect(await one.sql.begin(() => 7)).toBe(7);
});
