import { chown, lstat, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../db/setup-error.ts';
import { type PostgresHome, writeWhole } from './postgres-home.ts';
import { isReachable } from './reachable.ts';

// Linux leaves 107 bytes for the path of a Unix socket and macOS 103; the shorter one holds everywhere.
const longestSocketPath = 103;
const socketName = '.s.PGSQL.5432';
const record = 'socket-location';

/**
 * Makes the private (0700) directory of the server's socket and empties it. It stands in the server's home; where that
 * path is too long for a socket, it is a fresh directory below the system's temporary one, with an unguessable name
 * that the home records, so that nobody can put something of theirs in its place.
 */
export async function prepareSocketDirectory(home: PostgresHome): Promise<string> {
  const inside = join(home.directory, 'socket');
  if (fits(inside)) {
    await mkdir(inside, { mode: 0o700 }).catch(() => undefined);
    await chown(inside, home.account.uid, home.account.gid);
    await removeSocket(inside);
    return inside;
  }
  const recorded = (await readFile(join(home.directory, record), 'utf8').catch(() => '')).trim();
  if (recorded !== '' && (await isPrivate(recorded, home.account.uid))) {
    await removeSocket(recorded);
    return recorded;
  }
  const directory = await mkdtemp(join(await temporaryPlace(home), 'openbranch-'));
  await chown(directory, home.account.uid, home.account.gid);
  await writeWhole(join(home.directory, record), `${directory}\n`);
  return directory;
}

/** Removes a socket directory that stands outside of the home. */
export async function removeSocketDirectory(home: PostgresHome, directory: string): Promise<void> {
  if (directory === join(home.directory, 'socket')) return;
  await rm(directory, { recursive: true, force: true });
  await rm(join(home.directory, record), { force: true });
}

/** A lock file beside the socket stops PostgreSQL when its number belongs to another process by now; no server of ours runs. */
async function removeSocket(directory: string): Promise<void> {
  await rm(join(directory, socketName), { force: true });
  await rm(join(directory, `${socketName}.lock`), { force: true });
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, socketName)) <= longestSocketPath;
}

async function isPrivate(directory: string, uid: number): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0 && fits(directory);
}

async function temporaryPlace(home: PostgresHome): Promise<string> {
  for (const place of [tmpdir(), '/tmp']) {
    if (fits(join(place, 'openbranch-XXXXXX')) && (await isReachable(place, home.account))) return place;
  }
  throw new SetupError(`The path ${home.directory} is too long for a Unix socket: choose a shorter OPENBRANCH_DATA_DIR.`);
}
