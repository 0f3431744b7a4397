import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type DatabaseTarget, socketTarget } from '../db/database-target.ts';
import { ensureDatabase } from '../db/ensure-database.ts';
import type { LineLog } from '../db/line-log.ts';
import { SetupError } from '../db/setup-error.ts';
import { ensureCluster, writeAccessFiles } from './cluster.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { pointedHome, preparePostgresHome } from './postgres-home.ts';
import { type PostmasterPlan, stopOrphan } from './postmaster.ts';
import { reachableBinaries } from './reachable-binaries.ts';
import { prepareSocketDirectory } from './socket-directory.ts';
import { supervise } from './supervise.ts';

export type EmbeddedPostgresOptions = {
  /** Openbranch's data directory; made (0700) when missing. The server takes `postgres`, `postgres.log` and `postgres.lock*` in it. */
  readonly dataDirectory: string;
  readonly log: LineLog;
  /** False, for tests only: nothing is forced to disk, and a crash of the machine loses the database. Default true. */
  readonly durable?: boolean;
};

/** A private PostgreSQL server that runs, and is started again when it dies, until `stop`. */
export type EmbeddedPostgres = {
  /** The database `openbranch` on the server's Unix socket. It stays the same when the server is started again. */
  readonly connection: DatabaseTarget;
  /** The server's present process id. */
  readonly processId: number;
  /** Settles only when the server died and could not be started again; the process should end then. */
  readonly failure: Promise<SetupError>;
  /** Ends all sessions, writes everything to disk and gives the data directory free. May be called twice. */
  stop(): Promise<void>;
};

/**
 * Starts the private PostgreSQL server of a data directory; makes it first when there is none.
 * @throws SetupError, one line for a person: another process uses the directory, the version is another one, a folder cannot be reached.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') throw new SetupError('On Windows set DATABASE_URL to a PostgreSQL 15 or newer.');
  await makeDataDirectory(options.dataDirectory);
  const dataDirectory = await realpath(options.dataDirectory);
  const lock = await lockDataDirectory(dataDirectory);
  try {
    const plan = await preparePlan(dataDirectory, options);
    const connection = socketTarget(plan.socketDirectory, 'openbranch');
    const supervised = await supervise(plan, lock, options.log);
    await ensureDatabase(connection, socketTarget(plan.socketDirectory, 'postgres')).catch(async (error) => {
      await supervised.stop();
      throw error;
    });
    const { failure, stop, currentProcessId } = supervised;
    return {
      connection,
      failure,
      stop,
      get processId() {
        return currentProcessId();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function makeDataDirectory(directory: string): Promise<void> {
  try {
    // Only the directory itself is private: folders made above it must let the server's user through.
    await mkdir(dirname(resolve(directory)), { recursive: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new SetupError(
      `The data directory ${directory} cannot be made: check OPENBRANCH_DATA_DIR and who owns the folder above it.`,
      { cause },
    );
  }
}

async function preparePlan(dataDirectory: string, { log, durable = true }: EmbeddedPostgresOptions): Promise<PostmasterPlan> {
  const home = await preparePostgresHome(dataDirectory, log);
  const orphan = await stopOrphan(home.cluster);
  if (orphan !== undefined) log.info(`Stopped the PostgreSQL server (process ${orphan}) that a killed Openbranch left behind.`);
  const binaries = await reachableBinaries(await findPostgresBinaries(), home.account, log);
  await ensureCluster(home, binaries, durable);
  const [access, socketDirectory] = [await writeAccessFiles(home), await prepareSocketDirectory(home)];
  return { home, binaries, access, socketDirectory, logFile: join(dataDirectory, 'postgres.log'), durable };
}

/** Deletes the private server and all its data, wherever it is kept. @throws SetupError when a process uses it. */
export async function removeEmbeddedPostgres(dataDirectory: string): Promise<void> {
  const lock = await lockDataDirectory(dataDirectory);
  try {
    const inside = join(dataDirectory, 'postgres');
    for (const home of new Set([inside, (await pointedHome(dataDirectory)) ?? inside])) {
      await stopOrphan(join(home, 'data'));
      await rm(home, { recursive: true, force: true });
    }
    await rm(join(dataDirectory, 'postgres-location'), { force: true });
    await rm(join(dataDirectory, 'postgres.log'), { force: true });
  } finally {
    lock.release();
  }
}
