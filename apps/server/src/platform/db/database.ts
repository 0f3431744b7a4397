import postgres from 'postgres';
import { connectionOptions } from './connection-options.ts';
import type { DatabaseTarget } from './database-target.ts';
import { guardTransactions } from './guard-transactions.ts';
import type { JavaScriptTypes } from './javascript-types.ts';
import { SetupError } from './setup-error.ts';

/** The tagged template that runs SQL on the pool (see postgres.js). `count(*)` and `sum(int)` are bigint. */
export type Sql = postgres.Sql<JavaScriptTypes>;

/** The same inside one transaction: `await sql.begin(async (tx) => ...)`. */
export type Tx = postgres.TransactionSql<JavaScriptTypes>;

/** What the server answers when a statement fails: `code` is the SQLSTATE, `constraint_name` the constraint. */
export const PostgresError = postgres.PostgresError;

export type Database = {
  readonly sql: Sql;
  /** Waits up to 5 s for running statements, then closes all connections. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Milliseconds; 0 for none. Default 15,000. */
  readonly statementTimeoutMs?: number;
};

const oldestVersion = 150_000;
const longestBackoffSeconds = 1;

/**
 * Opens a pool and makes the first connection, so that a wrong address or an old server shows at the start.
 * Lost connections are made again by the next statement; the statement that was running fails.
 * @throws SetupError when the database cannot be reached or is older than PostgreSQL 15; `cause` is the driver's error.
 */
export async function openDatabase(target: DatabaseTarget, options: DatabaseOptions): Promise<Database> {
  const losses = { count: 0 };
  const sql: Sql = postgres({
    ...connectionOptions(target),
    max: options.maxConnections,
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.02 * 2 ** attempt, longestBackoffSeconds),
    onnotice: () => undefined,
    onclose: () => {
      losses.count += 1;
    },
    types: { bigint: postgres.BigInt, date: plainDate },
    connection: {
      application_name: options.applicationName,
      // Times have one text, whatever the server prefers: the activity log is sealed over it.
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      statement_timeout: options.statementTimeoutMs ?? 15_000,
      idle_in_transaction_session_timeout: 30_000,
      lock_timeout: 10_000,
    },
  });
  const close = () => sql.end({ timeout: 5 });
  await checkServer(sql, target).catch(async (error) => {
    await close();
    throw error;
  });
  return { sql: guardTransactions(sql, losses), close };
}

const plainDate = {
  to: 1082,
  from: [1082],
  serialize: (day: string) => day,
  parse: (day: string) => day,
};

async function checkServer(sql: Sql, target: DatabaseTarget): Promise<void> {
  const rows = await sql<{ number: string; version: string }[]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as version`.catch(
    (cause: unknown) => {
      const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
      throw new SetupError(
        `The database ${placeOf(target)} cannot be used (${reason}): check DATABASE_URL and that the server runs.`,
        { cause },
      );
    },
  );
  const found = rows[0];
  if (found !== undefined && Number(found.number) >= oldestVersion) return;
  throw new SetupError(
    `The database ${placeOf(target)} is PostgreSQL ${found?.version}, and Openbranch needs 15 or newer: update the server or change DATABASE_URL.`,
  );
}

/** Names a database without its user and password. */
function placeOf(target: DatabaseTarget): string {
  const { database, path, host, port } = connectionOptions(target);
  return `${database} on ${path ?? `${host}:${port}`}`;
}
