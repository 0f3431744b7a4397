import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMigrated, migrate, pendingMigrations } from '../src/platform/db/migrate.ts';
import { migrationsDirectory } from '../src/platform/db/migrations-directory.ts';

let directory: string;
let db: TestDatabase;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'openbranch-migrations-'));
  db = await createTestDatabase();
  // The copy has our own schema; these tests bring their own files to an empty one.
  await db.database.sql`drop schema public cascade`;
  await db.database.sql`create schema public`;
});

afterEach(async () => {
  await db.drop();
  await rm(directory, { recursive: true });
});

const put = (name: string, sql: string) => writeFile(join(directory, name), sql);
const run = () => migrate(db.target, directory, silentLog);
const tables = async () => {
  const rows = await db.database.sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  return rows.map((row) => row.name);
};

test('files are applied once, in order, and recorded', async () => {
  await put('0001-first.sql', 'create table one (id integer);');
  await put('0002-second.sql', 'alter table one add column name text;\ninsert into one values (1, $$a;b$$);');
  expect(await pendingMigrations(db.database.sql, directory)).toEqual(['0001-first.sql', '0002-second.sql']);
  expect(await isMigrated(db.database.sql, directory)).toBe(false);
  expect(await run()).toEqual({ applied: ['0001-first.sql', '0002-second.sql'] });
  expect(await run()).toEqual({ applied: [] });
  expect(await isMigrated(db.database.sql, directory)).toBe(true);
  expect([...(await db.database.sql`select number, name from schema_migrations order by number`)]).toEqual([
    { number: 1, name: 'first' },
    { number: 2, name: 'second' },
  ]);
  expect([...(await db.database.sql`select * from one`)]).toEqual([{ id: 1, name: 'a;b' }]);
});

test('an empty folder is nothing to do', async () => {
  expect(await run()).toEqual({ applied: [] });
  expect(await isMigrated(db.database.sql, directory)).toBe(true);
  expect(await tables()).toEqual([]);
});

test('of a file that fails nothing is kept, what came before stays, and the error names file, line and cause', async () => {
  await put('0001-good.sql', 'create table one (id integer);');
  await put('0002-bad.sql', 'create table two (id integer);\n\nselect missing from two;');
  await expect(run()).rejects.toThrow(
    'Migration 0002-bad.sql line 3 failed (column "missing" does not exist): nothing of it was kept; correct the cause and start again.',
  );
  expect(await tables()).toEqual(['one', 'schema_migrations']);
  await put('0002-bad.sql', 'create table two (id integer);');
  expect(await run()).toEqual({ applied: ['0002-bad.sql'] });
});

test('a file that was changed after it had been applied stops the start and is not ready', async () => {
  await put('0001-first.sql', 'create table one (id integer);');
  await run();
  await put('0001-first.sql', 'create table one (id bigint);');
  await expect(run()).rejects.toThrow('Migration 0001-first.sql was changed after it had been applied: restore the file');
  expect(await isMigrated(db.database.sql, directory)).toBe(false);
});

test('Windows line ends are no change', async () => {
  await put('0001-first.sql', 'create table one (\n  id integer\n);\n');
  await run();
  await put('0001-first.sql', 'create table one (\r\n  id integer\r\n);\r\n');
  expect(await run()).toEqual({ applied: [] });
});

test('a gap, a number given twice, an odd name, and a file that ends its own transaction are refused by name', async () => {
  await put('0001-first.sql', 'select 1;');
  await put('0003-third.sql', 'select 1;');
  await expect(run()).rejects.toThrow('Migration 0002 is missing before 0003-third.sql');
  await put('0001-other.sql', 'select 1;');
  await expect(run()).rejects.toThrow('Two migrations have one number: 0001-first.sql and 0001-other.sql');
  await rm(join(directory, '0001-other.sql'));
  await put('2-second.sql', 'select 1;');
  await expect(run()).rejects.toThrow('The migration 2-second.sql is not named like 0001-name.sql');
  await rm(join(directory, '2-second.sql'));
  await put('0002-second.sql', 'create table two (id integer);\nCOMMIT;\nselect 1;');
  await expect(run()).rejects.toThrow('The migration 0002-second.sql begins or ends a transaction itself');
  expect(await tables()).toEqual([]);
});

test('the body of a function may begin and end', async () => {
  await put('0001-function.sql', 'create function one() returns int language plpgsql as $$\nbegin\n  return 1;\nend;\n$$;');
  expect(await run()).toEqual({ applied: ['0001-function.sql'] });
});

test('a database newer than the code refuses a start, and a process that runs already stays ready', async () => {
  await put('0001-first.sql', 'select 1;');
  await put('0002-second.sql', 'select 1;');
  await run();
  await rm(join(directory, '0002-second.sql'));
  await expect(run()).rejects.toThrow(
    'The database has migration 0002-second, which this Openbranch does not know: start the newer Openbranch.',
  );
  expect(await isMigrated(db.database.sql, directory)).toBe(true);
});

test('several processes at once apply each file exactly once', async () => {
  await put('0001-first.sql', 'create table one (id integer); select pg_sleep(0.2);');
  await put('0002-second.sql', 'insert into one values (1);');
  const script = join(import.meta.dirname, 'migrate-process.ts');
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, [script, db.target.url, directory], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const results = await Promise.all(children.map(async (child) => Promise.all([text(child.stdout), once(child, 'exit')])));
  const applied: string[] = results.flatMap(([output]) => JSON.parse(output).applied);
  expect(applied.sort()).toEqual(['0001-first.sql', '0002-second.sql']);
  expect(results.map(([, [code]]) => code)).toEqual([0, 0, 0]);
  expect([...(await db.database.sql`select id from one`)]).toEqual([{ id: 1 }]);
});

test("the platform's own migrations apply to an empty database, and again without effect", async () => {
  const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql')).sort();
  expect(await migrate(db.target, migrationsDirectory, silentLog)).toEqual({ applied: names });
  expect(await migrate(db.target, migrationsDirectory, silentLog)).toEqual({ applied: [] });
});

test('what was accepted before there was evidence keeps its row and becomes the first evidence', async () => {
  const names = (await readdir(migrationsDirectory)).filter((name) => name < '0007').sort();
  for (const name of names) await copyFile(join(migrationsDirectory, name), join(directory, name));
  await run();
  const { sql } = db.database;
  const user = 'A'.repeat(32);
  await sql`insert into institutions (institution_id, name, time_zone) values ('00001', 'One', 'UTC')`;
  await sql`
    insert into institution_users (institution_id, institution_user_id, auth_id, customer_guid, user_type, user_role, login_name,
      first_name, last_name, registered_at)
    values ('00001', ${user}, 'a', 'c', 'RETAIL', 'PRIMARY', 'pat', 'Pat', 'Demo', '2025-01-01T00:00:00Z')`;
  await sql`
    insert into institution_disclosures (institution_id, institution_disclosure_id, name, data)
    values ('00001', ${'D'.repeat(32)}, 'IB', 'https://example.com/terms')`;
  await sql`
    insert into institution_user_disclosures (institution_id, institution_user_disclosure_id, institution_user_id,
      institution_disclosure_id, status, status_at, data, data_hash, client_id, trace_id, originating_ip)
    values ('00001', ${'B'.repeat(32)}, ${user}, ${'D'.repeat(32)}, 'ACCEPTED', '2025-01-01T00:00:00Z', 'https://example.com/terms',
      ${Buffer.alloc(32, 1)}, 'client', 'trace', '203.0.113.1')`;
  await migrate(db.target, migrationsDirectory, silentLog);
  expect(await sql`select status, account_id from institution_user_disclosures`).toEqual([
    { status: 'ACCEPTED', account_id: null },
  ]);
  expect(
    await sql`
    select definition_name, definition_data, new_status, client_id, trace_id, address, event from disclosure_evidence`,
  ).toEqual([
    {
      definition_name: 'IB',
      definition_data: 'https://example.com/terms',
      new_status: 'ACCEPTED',
      client_id: 'client',
      trace_id: 'trace',
      address: '203.0.113.1',
      event: 'created',
    },
  ]);
});
