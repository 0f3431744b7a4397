import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LineLog } from '../db/line-log.ts';
import { SetupError } from '../db/setup-error.ts';
import { errorCode } from './error-code.ts';
import { accountForRoot, isRoot, type OsAccount, ownAccount } from './os-account.ts';
import { isReachable } from './reachable.ts';

/** Where root keeps what PostgreSQL's own user cannot reach inside the data directory or the clone. */
export const sharedPlace = '/var/lib/openbranch';

/** The folder of the private server and the user who runs it. `cluster` may not exist yet. */
export type PostgresHome = { readonly directory: string; readonly cluster: string; readonly account: OsAccount };

/**
 * Finds or makes the folder of the private server: `postgres` in the data directory. As root the server runs as another
 * user; where that user cannot reach the data directory, the folder is made below /var/lib/openbranch and a pointer file
 * in the data directory says where. The folder itself stays ours, only what is in it belongs to the server's user, so
 * that this user can never lead a root process astray with a symbolic link.
 */
export async function preparePostgresHome(dataDirectory: string, log: LineLog): Promise<PostgresHome> {
  const inside = join(dataDirectory, 'postgres');
  if (!isRoot()) return ownHome(await pointedHome(dataDirectory), inside);
  const existing = (await pointedHome(dataDirectory)) ?? inside;
  // In a folder that an ordinary user owns (a volume of a container), the server runs as that user.
  const account = await accountForRoot((await ownerOf(join(existing, 'data'))) ?? (await ownerOf(dataDirectory)));
  if (existing === inside) await letGroupThrough(dataDirectory, account);
  if (await isReachable(dirname(existing), account)) return makeHome(existing, account);
  if ((await ownerOf(join(existing, 'data'))) !== undefined) {
    throw new SetupError(
      `PostgreSQL runs as the user ${account.name}, who cannot reach ${existing}: give that user access to each folder above it, or move the data directory.`,
    );
  }
  return relocate(dataDirectory, account, log);
}

/** The place that the pointer file names, checked, or undefined when there is none. */
export async function pointedHome(dataDirectory: string): Promise<string | undefined> {
  const pointer = join(dataDirectory, 'postgres-location');
  const text = await readFile(pointer, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const directory = resolve(text.trim());
  const found = await lstat(directory).catch(() => undefined);
  if (dirname(directory) !== sharedPlace || found === undefined || !found.isDirectory() || found.uid !== 0) {
    throw new SetupError(
      `${pointer} says that the database is in ${directory}, which is not there: restore it, or delete ${pointer} to begin with an empty database.`,
    );
  }
  return directory;
}

async function ownHome(pointed: string | undefined, inside: string): Promise<PostgresHome> {
  const account = ownAccount();
  const directory = pointed ?? inside;
  const owner = await ownerOf(join(directory, 'data'));
  if (pointed !== undefined || (owner !== undefined && owner !== account.uid)) {
    throw new SetupError(
      `The database in ${directory} was made by a start as root: start as root again, or choose another OPENBRANCH_DATA_DIR.`,
    );
  }
  return makeHome(directory, account);
}

async function makeHome(directory: string, account: OsAccount): Promise<PostgresHome> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await letGroupThrough(directory, account);
  return { directory, cluster: join(directory, 'data'), account };
}

/** Lets the account's group walk through a folder of root, and see nothing in it. A folder already opened wider is left alone. */
async function letGroupThrough(directory: string, account: OsAccount): Promise<void> {
  const { uid, mode } = await lstat(directory);
  if (account.uid === process.getuid?.() || uid !== 0 || (mode & 0o077) !== 0) return;
  await chown(directory, 0, account.gid);
  await chmod(directory, 0o710);
}

async function relocate(dataDirectory: string, account: OsAccount, log: LineLog): Promise<PostgresHome> {
  const directory = join(sharedPlace, randomBytes(4).toString('hex'));
  try {
    await makeSharedPlace();
    await mkdir(directory, { mode: 0o700 });
  } catch (cause) {
    throw new SetupError(
      `PostgreSQL runs as the user ${account.name}, who cannot reach ${dataDirectory}, and ${sharedPlace} cannot be used (${errorCode(cause)}): choose an OPENBRANCH_DATA_DIR outside of private folders, start as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  }
  await writeWhole(join(dataDirectory, 'postgres-location'), `${directory}\n`);
  log.info(`The user ${account.name}, who runs PostgreSQL, cannot reach ${dataDirectory}: the database is kept in ${directory}.`);
  return makeHome(directory, account);
}

/** Makes /var/lib/openbranch, which others may walk through; one that somebody else can write to is of no use to root. */
export async function makeSharedPlace(): Promise<void> {
  await mkdir(sharedPlace, { recursive: true });
  const { uid, mode } = await lstat(sharedPlace);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error('root must own it, and only root may write to it');
  await chmod(sharedPlace, (mode | 0o111) & 0o777);
}

/**
 * Writes a file of ours so that a reader, or the next start after a crash, finds all of it or the old one. Only we can
 * read it, and a group when one is given.
 */
export async function writeWhole(file: string, text: string, group?: number): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    // Apart from making the file, so that a strict umask does not count.
    if (group !== undefined) await handle.chown(process.getuid?.() ?? 0, group);
    if (group !== undefined) await handle.chmod(0o640);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

async function ownerOf(directory: string): Promise<number | undefined> {
  return (await lstat(directory).catch(() => undefined))?.uid;
}
