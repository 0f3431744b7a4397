import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.ts';
import { copyRows } from './copy-rows.ts';
import { type Database, openDatabase, type Sql, type Tx } from './database.ts';
import { sendTogether } from './send-together.ts';

let own: TestDatabase;
let cut: Database;
const crashes: unknown[] = [];
const onCrash = (error: unknown) => crashes.push(error);

beforeAll(async () => {
  own = await createTestDatabase();
  const { sql } = own.database;
  await sql`create table kept (id int primary key, pair text)`;
  await sql`insert into kept values (1, 'locked')`;
  await sql`create table slow (id int)`;
  await sql`create function sleep_at_commit() returns trigger language plpgsql as
    $$ begin perform pg_sleep(60); return null; end $$`;
  await sql`create constraint trigger sleeps after insert on slow deferrable initially deferred
    for each row execute function sleep_at_commit()`;
  cut = await openDatabase(own.target, { maxConnections: 3, applicationName: 'cut', statementTimeoutMs: 0 });
  process.on('uncaughtException', onCrash);
});
afterAll(async () => {
  process.off('uncaughtException', onCrash);
  await cut.close();
  await own.drop();
});

afterEach(async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => cut.sql`select ${n}::int as n`));
  expect(answers.map(([row]) => row?.['n'])).toEqual(Array.from({ length: 12 }, (_, n) => n));
  const sums = await Promise.all([1, 2, 3, 4, 5].map((n) => cut.sql.begin((tx) => tx`select ${n} + 1 as sum`)));
  expect(sums).toHaveLength(5);
  expect(await own.database.sql`select 1 from kept where id > 1`).toHaveLength(0);
  expect(crashes).toEqual([]);
});

type State = 'active' | 'idle' | 'idle in transaction';

async function cutOff(state: State, doing = ''): Promise<void> {
  await eventually(async () => {
    const ended = await own.database.sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where application_name = 'cut' and datname = current_database() and state = ${state} and query ilike ${`%${doing}%`}`;
    return ended.length > 0;
  });
}

const ignore = () => {};
const isClosed = { code: 'CONNECTION_CLOSED' };

const moments: [string, State, string, (tx: Tx) => Promise<unknown>][] = [
  ['a statement runs', 'active', 'pg_sleep', (tx) => tx`select pg_sleep(60)`],
  ['a statement with values runs', 'active', 'pg_sleep', (tx) => tx`select pg_sleep(${60})`],
  ['it waits for a row', 'active', 'for update', (tx) => tx`select from kept where id = 1 for update`],
  [
    'several statements were sent together',
    'active',
    'pg_sleep',
    (tx) =>
      sendTogether([
        tx`insert into kept values (2, 'a')`,
        tx`select pg_sleep(60)`,
        tx`insert into kept values (${3}, ${'a'})`,
        tx`insert into kept values (${4}, ${'x'.repeat(5000)})`,
      ]),
  ],
  [
    'a cursor reads',
    'active',
    'pg_sleep',
    (tx) => tx`select n, pg_sleep(n - 1) from generate_series(1, 60) n`.cursor(1, () => nextTurn()),
  ],
  [
    'a long answer arrives',
    'active',
    'series',
    (tx) => tx`select n, repeat('x', 3000) as text from generate_series(1, 10000000) n`.forEach(ignore),
  ],
  ['it commits', 'active', 'commit', (tx) => tx`insert into slow values (1)`],
  [
    'a savepoint runs',
    'active',
    'pg_sleep',
    (tx) => tx.savepoint((inner) => inner`select pg_sleep(60)`).catch(() => tx`insert into kept values (2, 'a')`),
  ],
];

test.for(moments)('a transaction whose connection is cut while %s fails as unavailable', async ([, state, doing, work]) => {
  const { sql } = own.database;
  await sql.begin(async (holder) => {
    await holder`select from kept where id = 1 for update`;
    for (let round = 0; round < 5; round += 1) {
      const transaction = cut.sql.begin(work);
      const failed = expect(transaction).rejects.toMatchObject(isClosed);
      await cutOff(state, doing);
      await failed;
    }
  });
});

test.for([
  ['writes on', (tx: Tx) => tx`insert into kept values (2, 'late')`],
  ['writes on and hides that it failed', (tx: Tx) => tx`insert into kept values (2, 'late')`.catch(() => undefined)],
  ['commits', () => Promise.resolve()],
  ['throws', () => Promise.reject(new Error('its own'))],
] as const)('a transaction that is cut between statements and then %s fails, and is seen nowhere', async ([, go]) => {
  for (let round = 0; round < 5; round += 1) {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const transaction = cut.sql.begin(async (tx) => {
      await tx`insert into kept values (3, 'early')`;
      await ended;
      await go(tx);
      return go(tx);
    });
    const failed = expect(transaction).rejects.toMatchObject(isClosed);
    await cutOff('idle in transaction');
    end();
    await failed;
  }
});

test('what a cut transaction still writes never lands in the transaction of another', async () => {
  const single = await openDatabase(own.target, { maxConnections: 1, applicationName: 'cut' });
  let isOtherOpen = false;
  let goOn: () => void = () => undefined;
  const cutNow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const first = single.sql.begin(async (tx) => {
    await tx`insert into kept values (5, 'first')`;
    await cutNow;
    await eventually(() => isOtherOpen, { deadlineMs: 300 }).catch(() => undefined);
    await tx`insert into kept values (6, 'first')`;
  });
  const failed = expect(first).rejects.toMatchObject(isClosed);
  await eventually(
    async () => (await own.database.sql`select 1 from pg_stat_activity where state = 'idle in transaction'`).length > 0,
  );
  const second = single.sql.begin(async (tx) => {
    isOtherOpen = true;
    await tx`select pg_sleep(0.2)`;
    return tx`select id from kept where id > 1`;
  });
  await cutOff('idle in transaction');
  goOn();
  await failed;
  expect(await second).toEqual([]);
  await single.close();
});

test('rows that are copied when the connection is cut are refused', async () => {
  function* endless() {
    for (let id = 10; id < 100_000_000; id += 1) yield [id, 'x'.repeat(50)];
  }
  for (let round = 0; round < 10; round += 1) {
    const copying = cut.sql.begin((tx) => copyRows(tx, 'kept', ['id', 'pair'], endless()));
    const failed = expect(copying).rejects.toMatchObject(isClosed);
    await cutOff('active', 'copy');
    await failed;
  }
});

test('statements outside of transactions fail when they are cut, and those after them run', async () => {
  for (let round = 0; round < 5; round += 1) {
    const running = Promise.allSettled(Array.from({ length: 9 }, () => cut.sql`select pg_sleep(60)`));
    const ends = running.then(() => true);
    await eventually(async () => {
      await own.database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'
        and datname = current_database() and state = 'active' and query like '%pg_sleep%'`;
      return Promise.race([ends, nextTurn(false)]);
    });
    expect((await running).map((one) => one.status === 'rejected' && Reflect.get(one.reason, 'code'))).toEqual(
      Array.from({ length: 9 }, () => 'CONNECTION_CLOSED'),
    );
  }
});

test('connections that are cut while nobody uses them cost no statement', async () => {
  const { sql } = own.database;
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([1, 2, 3].map((n) => cut.sql`select ${n}::int`));
    await cutOff('idle');
    await eventually(async () => (await sql`select 1 from pg_stat_activity where application_name = 'cut'`).length === 0);
    await nextTurn();
    expect(await cut.sql.begin((tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
  }
});

test('when PostgreSQL itself is killed, what runs fails, and statements run again as soon as it has recovered', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'openbranch-lost-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, log: silentLog, durable: false });
  const { sql, close } = await openDatabase(postgres.connection, { maxConnections: 3, applicationName: 'cut' });
  try {
    const work = [sql.begin((tx) => tx`select pg_sleep(60)`), sql`select pg_sleep(60)`];
    await sql`select 1`;
    const failed = Promise.allSettled(work);
    process.kill(postgres.processId, 'SIGKILL');
    expect((await failed).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    await eventually(() => sql.begin((tx) => tx`select 1 as one`));
    expect(await Promise.all([1, 2, 3, 4].map(() => sql`select 1 as one`))).toHaveLength(4);
  } finally {
    await close();
    await postgres.stop();
    await rm(directory, { recursive: true });
  }
});

test('whenever connections are cut, every transaction ends whole or not at all, and none waits for ever', async () => {
  await own.database.sql`create table pairs (id int, side text)`;
  const committed = new Set<number>();
  const codes = new Set<unknown>();
  let next = 0;
  let isOver = false;
  const worker = async () => {
    while (!isOver) {
      next += 1;
      const id = next;
      await cut.sql
        .begin((tx) => bookPair(tx, id))
        .then(
          () => committed.add(id),
          (error: unknown) => codes.add(error instanceof Error ? Reflect.get(error, 'code') : error),
        );
    }
  };
  const workers = Array.from({ length: 6 }, worker);
  await cutMany(own.database.sql, 300);
  isOver = true;
  await Promise.all(workers);
  const odd = await own.database.sql`select id from pairs group by id having count(*) <> 2`;
  expect(odd).toEqual([]);
  const stored = new Set((await own.database.sql<{ id: number }[]>`select distinct id from pairs`).map(({ id }) => id));
  expect([...committed].filter((id) => !stored.has(id))).toEqual([]);
  expect([...codes]).toEqual(['CONNECTION_CLOSED']);
});

async function bookPair(tx: Tx, id: number): Promise<void> {
  await tx`insert into pairs values (${id}, 'debit')`;
  if (id % 3 === 0) await nextTurn();
  await sendTogether([tx`select ${'x'.repeat(id % 2 === 0 ? 2000 : 1)}::text`, tx`insert into pairs values (${id}, 'credit')`]);
}

/** Cuts one connection after the other, in whatever it is doing. */
async function cutMany(sql: Sql, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const ended = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'cut' and datname = current_database() order by md5(pid::text || ${done}) limit 1`;
    done += ended.length;
  }
}
