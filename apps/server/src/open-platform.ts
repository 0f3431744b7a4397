import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Config, type Environment, readConfig } from './config.ts';
import { type Database, openDatabase, type Sql } from './platform/db/database.ts';
import type { DatabaseTarget } from './platform/db/database-target.ts';
import type { LineLog } from './platform/db/line-log.ts';
import { migrate, pendingMigrations } from './platform/db/migrate.ts';
import { migrationsDirectory } from './platform/db/migrations-directory.ts';
import { SetupError } from './platform/db/setup-error.ts';
import { migrateJobs } from './platform/jobs/job-runner.ts';
import { createKeyRing, type KeyRing } from './platform/keys/key-ring.ts';
import { readOrMakeMasterKey } from './platform/keys/master-key-file.ts';
import { openSigningKeyRing } from './platform/keys/signing-key-ring.ts';
import { DataDirectoryInUseError } from './platform/postgres/data-directory-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/postgres/embedded-postgres.ts';

/** The database that the configuration names, or the private server of the data directory. */
export interface RunningDatabase {
  readonly target: DatabaseTarget;
  /** Settles only when the private server is lost for good. */
  readonly failure: Promise<Error> | undefined;
  /** Tells other processes that this one is about to give its private server up; a start then waits for its end. */
  announceStop(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a start waits for another process that is on its way up or down, and a command for a database to answer. */
const longestWaitMs = 20_000;
const pauseMs = 50;
const doNothing = async (): Promise<void> => undefined;

/** @throws SetupError, one line for a person. */
export async function startDatabase(config: Config, log: LineLog): Promise<RunningDatabase> {
  if (config.databaseUrl !== undefined) return foreignDatabase(config.databaseUrl);
  const claimed = await claimDatabase(config.dataDirectory, log);
  if (claimed.postgres === undefined) throw claimed.inUse;
  const { postgres } = claimed;
  const announceStop = () => rm(connectionFile(config.dataDirectory), { force: true });
  await writeConnection(config.dataDirectory, postgres.connection);
  return {
    target: postgres.connection,
    failure: postgres.failure,
    announceStop,
    stop: async () => {
      await announceStop();
      await postgres.stop();
    },
  };
}

/** For a command beside or without a running server: its database when one runs, else one of our own until we are done. */
async function joinDatabase(config: Config, log: LineLog): Promise<RunningDatabase> {
  if (config.databaseUrl !== undefined) return foreignDatabase(config.databaseUrl);
  const claimed = await claimDatabase(config.dataDirectory, log);
  if (claimed.postgres === undefined) return foreignDatabase(claimed.url);
  const { connection, failure, stop } = claimed.postgres;
  return { target: connection, failure, announceStop: doNothing, stop };
}

function foreignDatabase(url: string): RunningDatabase {
  return { target: { url }, failure: undefined, announceStop: doNothing, stop: doNothing };
}

type Claimed =
  | { readonly postgres: EmbeddedPostgres }
  | { readonly postgres?: undefined; readonly url: string; readonly inUse: DataDirectoryInUseError };

/**
 * Takes the data directory, or says where the database of the server is that has it. Who has it and is no running server
 * (it starts, stops, or is a command) is waited for.
 */
async function claimDatabase(dataDirectory: string, log: LineLog): Promise<Claimed> {
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return { postgres: await startEmbeddedPostgres({ dataDirectory, log }) };
    } catch (inUse) {
      if (!(inUse instanceof DataDirectoryInUseError)) throw inUse;
      const url = await readConnection(dataDirectory);
      if (url !== undefined) return { url, inUse };
      if (Date.now() > deadline) throw inUse;
    }
    await delay(pauseMs);
  }
}

/** Where a running server says how its private database is reached, so that commands can work beside it. */
function connectionFile(dataDirectory: string): string {
  return join(dataDirectory, 'postgres-connection');
}

async function writeConnection(dataDirectory: string, { url }: DatabaseTarget): Promise<void> {
  const aside = `${connectionFile(dataDirectory)}.${process.pid}`;
  await writeFile(aside, `${process.pid}\n${url}\n`, { mode: 0o600 });
  await rename(aside, connectionFile(dataDirectory));
}

/** The file of a server that was killed stays behind; only that of the process which now has the directory counts. */
async function readConnection(dataDirectory: string): Promise<string | undefined> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '');
  const [text, holder] = [await read(connectionFile(dataDirectory)), await read(join(dataDirectory, 'postgres.lock.pid'))];
  const [processId = '', url = ''] = text.split('\n');
  return processId !== '' && processId === holder.trim() && url !== '' ? url : undefined;
}

export async function openKeyRing(config: Config): Promise<KeyRing> {
  return createKeyRing(config.masterKey ?? (await readOrMakeMasterKey(config.dataDirectory)));
}

export function openPool(config: Config, target: DatabaseTarget): Promise<Database> {
  return openDatabase(target, { maxConnections: config.databaseConnections, applicationName: 'openbranch' });
}

/** What a command works with. */
export interface CommandPlatform {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
  readonly log: LineLog;
}

/**
 * Runs a command's work on the database of the settings, beside a running server or without one.
 * @throws SetupError, one line for a person: there is no database, it lacks migrations, or the master key does not fit it.
 */
export async function withCommandPlatform<Value>(
  environment: Environment,
  log: LineLog,
  work: (platform: CommandPlatform) => Promise<Value>,
): Promise<Value> {
  const config = readConfig(environment);
  assertThereIsADatabase(config);
  const running = await joinDatabase(config, log);
  try {
    const database = await openForCommand(config, running.target);
    try {
      await assertIsMigrated(database.sql);
      const keyRing = await openKeyRing(config);
      // Throws when the master key is not the one that the database began with.
      await openSigningKeyRing(database.sql, keyRing);
      return await work({ sql: database.sql, keyRing, log });
    } finally {
      await database.close();
    }
  } finally {
    await running.stop();
  }
}

/** In the wrong folder a command would otherwise make a new and empty database, and tell about that. */
function assertThereIsADatabase({ databaseUrl, dataDirectory }: Config): void {
  if (databaseUrl !== undefined || existsSync(join(dataDirectory, 'postgres.lock'))) return;
  throw new SetupError(
    `There is no database in ${dataDirectory}: start the server there first, or set OPENBRANCH_DATA_DIR or DATABASE_URL.`,
  );
}

/** The private server of a running Openbranch may have died a moment ago; it is back in less than a second. */
async function openForCommand({ databaseUrl }: Config, target: DatabaseTarget): Promise<Database> {
  const deadline = databaseUrl === undefined ? Date.now() + longestWaitMs / 4 : 0;
  for (;;) {
    try {
      return await openDatabase(target, { maxConnections: 2, applicationName: 'openbranch command' });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(pauseMs);
  }
}

async function assertIsMigrated(sql: Sql): Promise<void> {
  const pending = await pendingMigrations(sql, migrationsDirectory);
  if (pending.length > 0) throw new SetupError(`The database lacks ${pending.join(', ')}: run openbranch migrate first.`);
}

/**
 * Brings the database and its job queue up to this version.
 * @returns the names of the migrations that were applied.
 */
export async function migrateDatabase(environment: Environment, log: LineLog): Promise<readonly string[]> {
  const running = await joinDatabase(readConfig(environment), log);
  try {
    const { applied } = await migrate(running.target, migrationsDirectory, log);
    await migrateJobs(running.target);
    return applied;
  } finally {
    await running.stop();
  }
}
