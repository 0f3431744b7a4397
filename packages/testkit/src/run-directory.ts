import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataDirectoryLock, tryLock } from '@openbranch/server/platform/postgres/data-directory-lock';
import { removeEmbeddedPostgres } from '@openbranch/server/platform/postgres/embedded-postgres';
import { stopOrphan } from '@openbranch/server/platform/postgres/postmaster';

const prefix = 'openbranch-test-';
const lockName = 'run.lock';
const youngestLeftoverMs = 60_000;

/** A temporary folder of this process. Every user can walk through it, because as root the server is another user. */
export type RunDirectory = { readonly path: string; remove(): Promise<void> };

/** Makes one, and holds a lock in it for as long as this process lives, by which a later run knows that it is in use. */
export async function makeRunDirectory(place = tmpdir()): Promise<RunDirectory> {
  const path = await mkdtemp(join(place, prefix));
  const lock = tryLock(join(path, lockName));
  if (lock === undefined) throw new Error(`Somebody else has locked the new folder ${path}.`);
  await chmod(path, 0o711);
  const remove = async () => {
    lock.release();
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  };
  return { path, remove };
}

/** Stops the servers and deletes the folders of runs that were killed: nobody holds their lock any more. */
export async function removeLeftoverRuns(place = tmpdir(), youngestMs = youngestLeftoverMs): Promise<void> {
  const names = (await readdir(place)).filter((name) => name.startsWith(prefix));
  for (const directory of names.map((name) => join(place, name))) {
    const found = await stat(directory).catch(() => undefined);
    // A run that begins at this moment has made its folder and not yet locked it; another user's runs are not ours.
    if (found === undefined || found.uid !== process.getuid?.() || Date.now() - found.birthtimeMs < youngestMs) continue;
    await removeLeftover(directory).catch(() => undefined);
  }
}

async function removeLeftover(directory: string): Promise<void> {
  const lock: DataDirectoryLock | undefined = tryLock(join(directory, lockName));
  if (lock === undefined) return;
  try {
    const files = await readdir(directory, { recursive: true });
    const parentsOf = (name: string) =>
      files.filter((file) => file.endsWith(`/${name}`)).map((file) => dirname(join(directory, file)));
    for (const cluster of parentsOf('postmaster.pid')) await stopOrphan(cluster);
    for (const dataDirectory of parentsOf('postgres.lock')) await removeEmbeddedPostgres(dataDirectory);
  } finally {
    lock.release();
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}
