import { once } from 'node:events';
import { access, chmod, chown, cp, lstat, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLog } from '@openbranch/testkit/silent-log';
import { expect, test } from 'vitest';
import { removeEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { accountForRoot, isRoot } from '../src/platform/postgres/os-account.ts';
import { findPostgresBinaries, hydrateSymlinks } from '../src/platform/postgres/postgres-binaries.ts';
import { isAlive } from '../src/platform/postgres/postmaster-file.ts';
import { isReachable } from '../src/platform/postgres/reachable.ts';
import { reachableBinaries } from '../src/platform/postgres/reachable-binaries.ts';
import { afterTest, kill, modeOf, newDataDirectory, query, start, startProcess, temporaryDirectory } from './postgres-starts.ts';

test('a folder in the place of the database that is none is not overwritten', async () => {
  const dataDirectory = await newDataDirectory();
  await mkdir(join(dataDirectory, 'postgres', 'data'), { recursive: true });
  await writeFile(join(dataDirectory, 'postgres', 'data', 'precious'), '');
  await expect(start(dataDirectory)).rejects.toThrow(/is not a PostgreSQL database and is in the way: move it elsewhere/);
  await access(join(dataDirectory, 'postgres', 'data', 'precious'));
});

test('a data directory whose path is too long for a socket, with odd characters, works and leaves nothing behind', async () => {
  const dataDirectory = join(await newDataDirectory(), 'x'.repeat(120), 'it\'s "a", place');
  const first = await start(dataDirectory);
  const socketDirectory = decodeURIComponent(new URL(first.connection.url).hostname);
  expect(socketDirectory.length).toBeLessThan(90);
  expect(await modeOf(socketDirectory)).toBe('700');
  expect(await query(first.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await first.stop();
  await expect(access(socketDirectory)).rejects.toThrow('ENOENT');
  const second = await start(dataDirectory);
  expect(await query(second.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a short path with odd characters works', async () => {
  const postgres = await start(join(await newDataDirectory(), `é 'a", #%2F?@b`));
  expect(await query(postgres.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the libraries get the links that npm did not make, also when several starts make them at once', async () => {
  const root = await temporaryDirectory();
  await mkdir(join(root, 'native', 'lib'), { recursive: true });
  await writeFile(join(root, 'native', 'lib', 'libx.so.1.2'), '');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }];
  await writeFile(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  await Promise.all([1, 2, 3, 4].map(() => hydrateSymlinks(root, 'the-package')));
  expect((await readdir(join(root, 'native', 'lib'))).sort()).toEqual(['libx.so', 'libx.so.1.2']);
  expect((await lstat(join(root, 'native', 'lib', 'libx.so'))).isSymbolicLink()).toBe(true);
});

test.skipIf(!isRoot())(
  'as root (skipped as another user): a data directory that the server cannot reach keeps its database elsewhere',
  async () => {
    const privateDirectory = await temporaryDirectory();
    await chmod(privateDirectory, 0o700);
    const dataDirectory = join(privateDirectory, 'data');
    afterTest(() => removeEmbeddedPostgres(dataDirectory));
    const lines: string[] = [];
    const first = await start(dataDirectory, { lines });
    const place = (await readFile(join(dataDirectory, 'postgres-location'), 'utf8')).trim();
    expect(place).toMatch(/^\/var\/lib\/openbranch\/[0-9a-f]{8}$/);
    expect(lines).toEqual([expect.stringContaining(`the database is kept in ${place}.`)]);
    await query(first.connection.url, 'create table kept (id integer)');
    await first.stop();
    const second = await start(dataDirectory);
    expect(await query(second.connection.url, 'select count(*) from kept')).toEqual([{ count: 0n }]);
    await second.stop();
    await removeEmbeddedPostgres(dataDirectory);
    await expect(access(place)).rejects.toThrow('ENOENT');
  },
);

test.skipIf(!isRoot())(
  'as root (skipped as another user): a pointer to a database that is gone is an error, not a new database',
  async () => {
    const dataDirectory = await newDataDirectory();
    await mkdir(dataDirectory, { mode: 0o700 });
    await writeFile(join(dataDirectory, 'postgres-location'), '/var/lib/openbranch/00000000\n');
    await expect(start(dataDirectory)).rejects.toThrow(/which is not there: restore it, or delete/);
  },
);

test.skipIf(!isRoot())(
  'as root (skipped as another user): programs that the server cannot reach are copied once to where it can',
  async () => {
    const installed = await findPostgresBinaries();
    const privateDirectory = await temporaryDirectory();
    await chmod(privateDirectory, 0o700);
    await cp(installed.directory, join(privateDirectory, 'native'), { recursive: true, verbatimSymlinks: true });
    const account = await accountForRoot(undefined);
    const hidden = { ...installed, directory: join(privateDirectory, 'native'), version: `test-${process.pid}` };
    const lines: string[] = [];
    const log = { ...silentLog, info: (line: string) => lines.push(line) };
    const [copy] = await Promise.all([reachableBinaries(hidden, account, log), reachableBinaries(hidden, account, log)]);
    afterTest(() => rm(copy.directory, { recursive: true, force: true }));
    expect(copy.directory).toBe(`/var/lib/openbranch/postgresql-test-${process.pid}`);
    expect(await isReachable(join(copy.directory, 'bin'), account)).toBe(true);
    lines.length = 0;
    expect(await reachableBinaries(hidden, account, log)).toEqual(copy);
    expect(lines).toEqual([]);
  },
);

const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };
const isReachableByNobody = await Promise.all(
  [process.execPath, import.meta.dirname].map((path) => isReachable(join(path, '..'), nobody)),
);
// Where the clone lies below a private folder, no other user can run anything of it, and there is nothing to try.
if (!isReachableByNobody.includes(false))
  test.skipIf(!isRoot())(
    'as an ordinary user (tried when root runs the tests): start, kill, start again and stop work',
    async () => {
      const account = nobody;
      const dataDirectory = await newDataDirectory();
      await chown(join(dataDirectory, '..'), account.uid, account.gid);
      const first = await startProcess(dataDirectory, 'wait', account);
      expect(first.said.error).toBeUndefined();
      expect((await stat(join(dataDirectory, 'postgres', 'data'))).uid).toBe(account.uid);
      expect(await modeOf(dataDirectory)).toBe('700');
      await kill(first.child);
      const second = await startProcess(dataDirectory, 'wait', account);
      expect(second.said.lines).toEqual([expect.stringContaining('Stopped the PostgreSQL server')]);
      expect(await query(second.said.url, 'select current_user as role')).toEqual([{ role: 'openbranch' }]);
      second.child.kill('SIGTERM');
      await once(second.child, 'exit');
      expect(isAlive(second.said.serverProcessId)).toBe(false);
    },
  );

test.skipIf(!isRoot())(
  'as root (skipped as another user): in the folder of an ordinary user the server runs as that user',
  async () => {
    const dataDirectory = await newDataDirectory();
    await mkdir(dataDirectory, { mode: 0o700 });
    for (const path of [join(dataDirectory, '..'), dataDirectory]) await chown(path, 65_534, 65_534);
    const postgres = await start(dataDirectory);
    expect((await stat(join(dataDirectory, 'postgres', 'data'))).uid).toBe(65_534);
    expect(await query(postgres.connection.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  },
);
