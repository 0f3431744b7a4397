import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseTarget } from '@openbranch/server/platform/db/database-target';
import { eventually } from './eventually.ts';
import { makeRunDirectory } from './run-directory.ts';
import { freePort } from './server-process.ts';

/** Where Debian's package postgresql-15 puts its programs. */
export const debianPrograms = '/usr/lib/postgresql/15/bin';

/** A Debian PostgreSQL 15 on a loopback port, with a password, as a foreign DATABASE_URL would be. */
export type DebianPostgres = { readonly target: DatabaseTarget; stop(): Promise<void> };

const password = 'only for this test';

/** Starts one in a temporary folder, all of which `stop` deletes. As root it runs as Debian's user postgres. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const account = await debianAccount();
  const run = await makeRunDirectory();
  const directory = join(run.path, 'postgres15');
  await mkdir(directory, { mode: 0o700 });
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password);
  for (const path of [passwordFile, directory]) if (account.uid !== undefined) await chown(path, account.uid, account.gid ?? -1);
  const cluster = join(directory, 'data');
  const initialise = [
    '-D',
    cluster,
    '-U',
    'bank',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--no-locale',
    '-N',
  ];
  await promisify(execFile)(join(debianPrograms, 'initdb'), initialise, { cwd: '/', ...account });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${directory}`, 'fsync=off'];
  const server = spawn(join(debianPrograms, 'postgres'), ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])], {
    cwd: '/',
    stdio: 'ignore',
    ...account,
  });
  const stop = async () => {
    const gone = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGINT');
    await gone;
    await run.remove();
  };
  const readReady = async () => (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[7]?.trim() === 'ready';
  await eventually(readReady, { deadlineMs: 60_000 }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { target: { url: `postgresql://bank:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres` }, stop };
}

async function debianAccount(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
