import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SetupError } from '../db/setup-error.ts';
import { type OsAccount, ownAccount } from './os-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { type PostgresHome, writeWhole } from './postgres-home.ts';

const unfinishedPrefix = 'data.new-';

/** What PostgreSQL's programs get to see of our environment: nothing, so that no secret of ours stands in theirs. */
export const programEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the cluster when there is none, or checks that the one there is of the same major version.
 * It is made in a folder beside it and renamed when complete, so that a kill half-way leaves nothing that looks like one.
 */
export async function ensureCluster(home: PostgresHome, binaries: PostgresBinaries, durable: boolean): Promise<void> {
  await removeUnfinished(home.directory);
  const version = await readFile(join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) await createCluster(home, binaries, durable);
  else if (Number.parseInt(version, 10) !== binaries.major) {
    throw new SetupError(
      `The database in ${home.cluster} was made by PostgreSQL ${version.trim()}, and this Openbranch brings PostgreSQL ${binaries.major}: start the Openbranch that made it, save the data with pg_dump, and restore it into an empty OPENBRANCH_DATA_DIR.`,
    );
  }
}

async function removeUnfinished(directory: string): Promise<void> {
  const entries = await readdir(directory);
  for (const name of entries.filter((entry) => entry.startsWith(unfinishedPrefix))) {
    // An initdb that outlived its killed parent may still write there; what it leaves is removed by a later start.
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function createCluster(home: PostgresHome, binaries: PostgresBinaries, durable: boolean): Promise<void> {
  const unfinished = join(home.directory, `${unfinishedPrefix}${randomBytes(4).toString('hex')}`);
  await mkdir(unfinished, { mode: 0o700 });
  await chown(unfinished, home.account.uid, home.account.gid);
  await runInitdb(initdbArguments(unfinished, durable), binaries, home.account);
  await rename(unfinished, home.cluster).catch((cause) => {
    throw new SetupError(`${home.cluster} is not a PostgreSQL database and is in the way: move it elsewhere.`, { cause });
  });
  await syncDirectory(dirname(home.cluster));
}

function initdbArguments(directory: string, durable: boolean): string[] {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=openbranch', '--auth-local=peer', '--auth-host=reject'];
  return ['-D', directory, ...locale, ...access, '--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync'])];
}

async function runInitdb(args: string[], binaries: PostgresBinaries, account: OsAccount): Promise<void> {
  const program = join(binaries.directory, 'bin', 'initdb');
  const child = spawn(program, args, {
    cwd: '/',
    env: programEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...runAs(account),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  const code = await new Promise<number | null>((settle, fail) => child.once('error', fail).once('close', settle)).catch(
    (cause) => {
      throw new SetupError(`PostgreSQL's initdb could not be run: ${cause}`, { cause });
    },
  );
  if (code === 0) return;
  throw new SetupError(`PostgreSQL could not make its database: ${complaint.trim().replaceAll(/\s*\n\s*/g, '; ')}`);
}

/** The spawn options that make a program run as the account; nothing when that is who we are. */
export function runAs(account: OsAccount): { uid?: number; gid?: number } {
  return account.uid === process.getuid?.() ? {} : { uid: account.uid, gid: account.gid };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

/** The files, outside the server's own folder, that say who may connect. */
export type AccessFiles = { readonly hbaFile: string; readonly identFile: string };

/**
 * Writes who may connect: root and the user who starts Openbranch, each proved by the kernel on the Unix socket, and
 * nobody else. Written on every start, because another user may start it the next time.
 */
export async function writeAccessFiles(home: PostgresHome): Promise<AccessFiles> {
  const files = { hbaFile: join(home.directory, 'pg_hba.conf'), identFile: join(home.directory, 'pg_ident.conf') };
  const users = [...new Set(['root', ownAccount().name])];
  const ident = users.map((user) => `openbranch "${user.replaceAll('"', '""')}" openbranch\n`).join('');
  // As root the server's user reads them through its group.
  const group = home.account.uid === process.getuid?.() ? undefined : home.account.gid;
  await writeWhole(files.hbaFile, 'local all openbranch peer map=openbranch\n', group);
  await writeWhole(files.identFile, ident, group);
  return files;
}
