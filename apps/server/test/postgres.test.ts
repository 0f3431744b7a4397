import { spawn } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@openbranch/testkit/eventually';
import { expect, test } from 'vitest';
import { openDatabase } from '../src/platform/db/database.ts';
import { isRoot } from '../src/platform/postgres/os-account.ts';
import { isAlive, isPostmasterOf } from '../src/platform/postgres/postmaster-file.ts';
import { afterTest, kill, modeOf, newDataDirectory, processScript, query, start, startProcess } from './postgres-starts.ts';

test('a fresh server is private: a Unix socket and files that no other user can open, and nobody but its user may connect', async () => {
  const dataDirectory = await newDataDirectory();
  const postgres = await start(dataDirectory);
  const [settings] = await query(
    postgres.connection.url,
    `select current_setting('listen_addresses') as tcp, current_setting('data_checksums') as checksums,
      current_setting('server_encoding') as encoding, current_user as role,
      (select string_agg(concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), auth_method), ';') from pg_hba_file_rules) as access`,
  );
  expect(settings).toEqual({
    tcp: '',
    checksums: 'on',
    encoding: 'UTF8',
    role: 'openbranch',
    access: 'local all openbranch peer',
  });
  expect(await modeOf(join(dataDirectory, 'postgres', 'data'))).toBe('700');
  expect(await modeOf(join(dataDirectory, 'postgres', 'socket'))).toBe('700');
  expect(await modeOf(dataDirectory)).toBe(isRoot() ? '710' : '700');
  expect(await modeOf(join(dataDirectory, 'postgres.log'))).toBe('600');
});

test("our secrets are not in the server's environment", async () => {
  process.env['OPENBRANCH_TEST_SECRET'] = 'do-not-hand-on';
  afterTest(() => delete process.env['OPENBRANCH_TEST_SECRET']);
  const postgres = await start(await newDataDirectory());
  const environment = await readFile(`/proc/${postgres.processId}/environ`, 'utf8').catch(() => '');
  expect(environment).not.toContain('do-not-hand-on');
});

test('after a stop nothing runs, and the next start has the data', async () => {
  const dataDirectory = await newDataDirectory();
  const first = await start(dataDirectory);
  await query(first.connection.url, 'create table kept (id integer)');
  const { processId } = first;
  await Promise.all([first.stop(), first.stop()]);
  expect(isAlive(processId)).toBe(false);
  expect(await readdir(join(dataDirectory, 'postgres', 'socket'))).toEqual([]);
  const second = await start(dataDirectory);
  expect(await query(second.connection.url, 'select count(*) from kept')).toEqual([{ count: 0n }]);
});

test('a server that is killed is started again with all committed data, and the same pool goes on', async () => {
  const lines: string[] = [];
  const postgres = await start(await newDataDirectory(), { lines, durable: true });
  const database = await openDatabase(postgres.connection, { maxConnections: 3, applicationName: 'test' });
  afterTest(() => database.close());
  await database.sql`create table kept (id integer)`;
  for (const round of [1, 2, 3]) {
    const { processId } = postgres;
    await database.sql`insert into kept values (${round})`;
    process.kill(processId, 'SIGKILL');
    await eventually(() => postgres.processId !== processId, { deadlineMs: 15_000 });
    await eventually(async () => expect(await database.sql`select id from kept`).toHaveLength(round), { deadlineMs: 15_000 });
  }
  expect(lines.filter((line) => line.includes('started again'))).toHaveLength(3);
});

test('a server that cannot be started again is reported after some tries, and the data directory is free after the stop', async () => {
  const dataDirectory = await newDataDirectory();
  const lines: string[] = [];
  const postgres = await start(dataDirectory, { lines });
  const control = join(dataDirectory, 'postgres', 'data', 'global', 'pg_control');
  await rename(control, `${control}.away`);
  process.kill(postgres.processId, 'SIGKILL');
  expect((await postgres.failure).message).toMatch(/^PostgreSQL did not start: .*pg_control.*postgres\.log\.$/);
  expect(lines.filter((line) => line.endsWith('It is tried again.')).length).toBeGreaterThan(2);
  await postgres.stop();
  await rename(`${control}.away`, control);
  expect(await query((await start(dataDirectory)).connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a stop while the killed server is coming back leaves nothing running', async () => {
  const dataDirectory = await newDataDirectory();
  const postgres = await start(dataDirectory);
  const { processId } = postgres;
  process.kill(processId, 'SIGKILL');
  await eventually(() => !isAlive(processId));
  await postgres.stop();
  await (await start(dataDirectory)).stop();
});

test('the server that a killed process left behind is found and stopped, and its data are there', async () => {
  const dataDirectory = await newDataDirectory();
  const { child, said } = await startProcess(dataDirectory);
  await query(said.url, 'create table kept as select 7 as id');
  await kill(child);
  expect(await isPostmasterOf(said.serverProcessId, join(dataDirectory, 'postgres', 'data'))).toBe(true);
  const lines: string[] = [];
  const postgres = await start(dataDirectory, { lines });
  expect(lines).toEqual([
    `Stopped the PostgreSQL server (process ${said.serverProcessId}) that a killed Openbranch left behind.`,
  ]);
  expect(await query(postgres.connection.url, 'select id from kept')).toEqual([{ id: 7 }]);
});

test('when process and server are both killed, the next start recovers', async () => {
  const dataDirectory = await newDataDirectory();
  const { child, said } = await startProcess(dataDirectory);
  await query(said.url, 'create table kept as select 7 as id');
  child.kill('SIGKILL');
  process.kill(said.serverProcessId, 'SIGKILL');
  await kill(child);
  const postgres = await start(dataDirectory);
  expect(await query(postgres.connection.url, 'select id from kept')).toEqual([{ id: 7 }]);
});

test('a process that just ends takes its server with it', async () => {
  const { said } = await startProcess(await newDataDirectory(), 'exit');
  await eventually(() => !isAlive(said.serverProcessId), { deadlineMs: 10_000 });
});

test('a stale pid file whose number belongs to another process by now is no obstacle, and that process is left alone', async () => {
  const dataDirectory = await newDataDirectory();
  await (await start(dataDirectory)).stop();
  const { uid, gid } = await stat(join(dataDirectory, 'postgres', 'data'));
  // PostgreSQL itself stumbles only over a process of its own user.
  const bystander = spawn('/bin/sleep', ['600'], { uid, gid, cwd: '/' });
  afterTest(() => kill(bystander));
  for (const file of [join('data', 'postmaster.pid'), join('socket', '.s.PGSQL.5432.lock')]) {
    const path = join(dataDirectory, 'postgres', file);
    await writeFile(path, `${bystander.pid}\n/somewhere\n1700000000\n5432\n/somewhere\n\n  5432001         0\nready   \n`, {
      mode: 0o600,
    });
    await chown(path, uid, gid);
  }
  const postgres = await start(dataDirectory);
  expect(await query(postgres.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(isAlive(bystander.pid ?? 0) && bystander.exitCode === null && bystander.signalCode === null).toBe(true);
});

test('a second start on the same data directory names the first process, and the first goes on', async () => {
  const dataDirectory = await newDataDirectory();
  const { child, said } = await startProcess(dataDirectory);
  await expect(start(dataDirectory)).rejects.toThrow(
    `Another Openbranch process (${child.pid}) uses the data directory ${dataDirectory}: stop it, or set OPENBRANCH_DATA_DIR to another directory.`,
  );
  expect(await query(said.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('of several starts at the same moment exactly one wins', async () => {
  const dataDirectory = await newDataDirectory();
  const results = await Promise.all([1, 2, 3].map(() => startProcess(dataDirectory)));
  const errors = results.flatMap(({ said }) => said.error ?? []);
  expect(errors).toHaveLength(2);
  for (const error of errors) expect(error).toContain('SetupError: Another Openbranch process');
});

test('a database of another PostgreSQL version is refused with a way out, and stays untouched', async () => {
  const dataDirectory = await newDataDirectory();
  await (await start(dataDirectory)).stop();
  await writeFile(join(dataDirectory, 'postgres', 'data', 'PG_VERSION'), '17\n');
  await expect(start(dataDirectory)).rejects.toThrow(
    /made by PostgreSQL 17, and this Openbranch brings PostgreSQL 18: .*pg_dump/,
  );
  expect(await readFile(join(dataDirectory, 'postgres', 'data', 'PG_VERSION'), 'utf8')).toBe('17\n');
});

test('a process killed while it makes the database leaves nothing that the next start stumbles over', async () => {
  const dataDirectory = await newDataDirectory();
  const child = spawn(process.execPath, [processScript, dataDirectory], { stdio: 'ignore' });
  afterTest(() => kill(child));
  const entries = () => readdir(join(dataDirectory, 'postgres')).catch(() => []);
  await eventually(async () => (await entries()).some((name) => name.startsWith('data.new-')), { pauseMs: 2 });
  await kill(child);
  expect(await entries()).not.toContain('data');
  const postgres = await start(dataDirectory);
  expect(await query(postgres.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await postgres.stop();
  await (await start(dataDirectory)).stop();
  expect((await entries()).filter((name) => name.startsWith('data.new-'))).toEqual([]);
});

test('a log that has grown over 10 MiB is emptied by the next start', async () => {
  const dataDirectory = await newDataDirectory();
  await mkdir(dataDirectory, { mode: 0o700 });
  await writeFile(join(dataDirectory, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024, 'x'));
  await start(dataDirectory);
  expect((await stat(join(dataDirectory, 'postgres.log'))).size).toBeLessThan(100_000);
});
