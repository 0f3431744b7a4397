import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SetupError } from '../db/setup-error.ts';

/** One process's claim to a data directory. */
export type DataDirectoryLock = { release(): void };

/** Another live process has claimed the data directory. */
export class DataDirectoryInUseError extends SetupError {}

const SQLITE_BUSY = 5;

// Node closes, and so unlocks, a handle that nothing refers to any more.
const held = new Set<DatabaseSync>();

/**
 * Claims a data directory for this process.
 *
 * The claim is the operating system's own lock on a file, taken through SQLite because Node has no call for one. The
 * kernel drops it when the process ends in any way, `kill -9` included, so it is never stale and there is nothing to
 * clean up or to race for; a file with a process id could be both. The file with the process id only tells who has it.
 * @throws DataDirectoryInUseError that names the other process.
 */
export async function lockDataDirectory(dataDirectory: string): Promise<DataDirectoryLock> {
  const lock = tryLock(join(dataDirectory, 'postgres.lock'));
  const processIdFile = join(dataDirectory, 'postgres.lock.pid');
  if (lock === undefined) {
    const other = (await readFile(processIdFile, 'utf8').catch(() => '')).trim();
    throw new DataDirectoryInUseError(
      `Another Openbranch process${other === '' ? '' : ` (${other})`} uses the data directory ${dataDirectory}: stop it, or set OPENBRANCH_DATA_DIR to another directory.`,
    );
  }
  await writeFile(processIdFile, `${process.pid}\n`, { mode: 0o600 });
  await chmod(join(dataDirectory, 'postgres.lock'), 0o600);
  return lock;
}

/** Takes the lock on a file, or answers undefined when another process has it. */
export function tryLock(file: string): DataDirectoryLock | undefined {
  const handle = openLockFile(file);
  try {
    // Without a journal file there is nothing left behind after a kill.
    handle.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive');
    held.add(handle);
    const release = () => {
      if (held.delete(handle)) handle.close();
    };
    return { release };
  } catch (error) {
    handle.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw new SetupError(`The file ${file} cannot be locked: move OPENBRANCH_DATA_DIR to a local disk.`, { cause: error });
  }
}

function openLockFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new SetupError(`The file ${file} cannot be opened for writing: check who owns it, or set OPENBRANCH_DATA_DIR.`, {
      cause,
    });
  }
}
