import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, type Environment, readConfig } from './config.ts';
import { type Database, openDatabase, type Sql } from './platform/db/database.ts';
import type { DatabaseTarget } from './platform/db/database-target.ts';
import type { LineLog } from './platform/db/line-log.ts';
import { createKeyRing, type KeyRing } from './platform/keys/key-ring.ts';
import { readOrMakeMasterKey } from './platform/keys/master-key-file.ts';
import { startEmbeddedPostgres } from './platform/postgres/embedded-postgres.ts';

/** The database that the configuration names, or the private server of the data directory. */
export interface RunningDatabase {
  readonly target: DatabaseTarget;
  /** Settles only when the private server is lost for good. */
  readonly failure: Promise<Error> | undefined;
  stop(): Promise<void>;
}

/** Where a running server says how its private database is reached, so that commands can work beside it. */
function connectionFile(dataDirectory: string): string {
  return join(dataDirectory, 'postgres-connection');
}

export async function startDatabase(config: Config, log: LineLog): Promise<RunningDatabase> {
  if (config.databaseUrl !== undefined)
    return { target: { url: config.databaseUrl }, failure: undefined, stop: async () => undefined };
  const postgres = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, log });
  const file = connectionFile(config.dataDirectory);
  await writeFile(file, postgres.connection.url, { mode: 0o600 });
  return {
    target: postgres.connection,
    failure: postgres.failure,
    stop: async () => {
      await rm(file, { force: true });
      await postgres.stop();
    },
  };
}

/** For a command beside or without a running server: its database when one runs, else one of our own until we are done. */
export async function joinDatabase(config: Config, log: LineLog): Promise<RunningDatabase> {
  if (config.databaseUrl !== undefined) return startDatabase(config, log);
  const url = await readFile(connectionFile(config.dataDirectory), 'utf8').catch(() => undefined);
  if (url !== undefined && (await answers({ url }))) return { target: { url }, failure: undefined, stop: async () => undefined };
  return startDatabase(config, log);
}

async function answers(target: DatabaseTarget): Promise<boolean> {
  return openDatabase(target, { maxConnections: 1, applicationName: 'openbranch probe' }).then(
    async (database) => {
      await database.close();
      return true;
    },
    () => false,
  );
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
 * @throws SetupError, one line for a person.
 */
export async function withCommandPlatform<Value>(
  environment: Environment,
  log: LineLog,
  work: (platform: CommandPlatform) => Promise<Value>,
): Promise<Value> {
  const config = readConfig(environment);
  const running = await joinDatabase(config, log);
  try {
    const database = await openPool(config, running.target);
    try {
      return await work({ sql: database.sql, keyRing: await openKeyRing(config), log });
    } finally {
      await database.close();
    }
  } finally {
    await running.stop();
  }
}
