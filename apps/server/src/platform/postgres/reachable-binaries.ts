import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LineLog } from '../db/line-log.ts';
import { SetupError } from '../db/setup-error.ts';
import { errorCode } from './error-code.ts';
import type { OsAccount } from './os-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { makeSharedPlace, sharedPlace } from './postgres-home.ts';
import { isReachable } from './reachable.ts';

/**
 * The installed PostgreSQL in a place that the account can reach: where npm put them, or else (a clone below /root, run
 * as root) a copy in /var/lib/openbranch, made once for each version.
 */
export async function reachableBinaries(
  installed: PostgresBinaries,
  account: OsAccount,
  log: LineLog,
): Promise<PostgresBinaries> {
  if (account.uid === process.getuid?.()) return installed;
  const reached = await Promise.all(['bin', 'lib', 'share'].map((part) => isReachable(join(installed.directory, part), account)));
  if (reached.every((yes) => yes)) return installed;
  const copy = join(sharedPlace, `postgresql-${installed.version}`);
  if (!(await isOurs(copy))) {
    await copyBinaries(installed, copy, account);
    log.info(
      `The user ${account.name}, who runs PostgreSQL, cannot reach ${installed.directory}: its programs were copied to ${copy}.`,
    );
  }
  return { ...installed, directory: copy };
}

/** A copy that somebody else could have written must not be run. */
async function isOurs(copy: string): Promise<boolean> {
  const found = await lstat(copy).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

async function copyBinaries(installed: PostgresBinaries, copy: string, account: OsAccount): Promise<void> {
  const temporary = `${copy}.${randomBytes(4).toString('hex')}`;
  try {
    await makeSharedPlace();
    for (const part of ['bin', 'lib', 'share']) {
      const filter = (source: string) => !source.endsWith('.a');
      await cp(join(installed.directory, part), join(temporary, part), { recursive: true, verbatimSymlinks: true, filter });
    }
    await openForReading(temporary);
    await checkRuns(temporary, account);
    await rename(temporary, copy);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    // Another start may have made the same copy in the meantime, and a full directory is not replaced.
    if (await isOurs(copy)) return;
    throw new SetupError(
      `The user ${account.name}, who runs PostgreSQL, cannot reach ${installed.directory}, and it could not be copied to ${copy} (${errorCode(cause)}): move Openbranch out of private folders, start as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/** An npm install under a strict umask leaves files that only their owner may read. */
async function openForReading(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || ((await lstat(path)).mode & 0o100) !== 0;
    await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

async function checkRuns(directory: string, account: OsAccount): Promise<void> {
  const options = { cwd: '/', uid: account.uid, gid: account.gid, env: {} };
  await promisify(execFile)(join(directory, 'bin', 'postgres'), ['--version'], options);
}
