import { openDatabase, PostgresError, type Sql, type Tx } from './database.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { LineLog } from './line-log.ts';
import { formatNumber, type MigrationFile, readMigrationFiles } from './migration-files.ts';
import { SetupError } from './setup-error.ts';

// Any number that no other program takes; this one is "openbr" in ASCII.
const advisoryLock = 122_498_862_015_090n;
const undefinedTable = '42P01';
const insufficientPrivilege = '42501';

type AppliedMigration = { readonly number: number; readonly name: string; readonly checksum: string };

/**
 * Brings a database up to the SQL files of a folder. Each file is one transaction together with its row in
 * `schema_migrations`. Several processes may do it at once: each transaction takes an advisory lock and looks again,
 * so every file runs once. With nothing to do it is one query.
 * @returns the names of the files that this call applied, in order.
 * @throws SetupError that names the file and what to do: a file was changed, is missing, failed, or the database is newer.
 */
export async function migrate(target: DatabaseTarget, directory: string, log: LineLog): Promise<{ applied: string[] }> {
  const files = await readMigrationFiles(directory);
  const { sql, close } = await openDatabase(target, {
    maxConnections: 1,
    applicationName: 'openbranch migrate',
    statementTimeoutMs: 0,
  });
  try {
    const applied: string[] = [];
    for (const file of pendingOf(files, await readApplied(sql))) {
      if (!(await applyOnce(sql, files, file))) continue;
      log.info(`Applied migration ${file.fileName}.`);
      applied.push(file.fileName);
    }
    return { applied };
  } finally {
    await close();
  }
}

/** The names of the files that the database lacks, in order. @throws SetupError as `migrate` does. */
export async function pendingMigrations(sql: Sql, directory: string): Promise<string[]> {
  return pendingOf(await readMigrationFiles(directory), await readApplied(sql)).map((file) => file.fileName);
}

/**
 * Whether the database has every migration of the code, for readiness. One that has newer ones too is fine: during an
 * upgrade the old processes go on serving. It fails only when the database cannot be reached.
 */
export async function isMigrated(sql: Sql, directory: string): Promise<boolean> {
  const [files, applied] = [await readMigrationFiles(directory), await readApplied(sql)];
  return files.every((file, index) => applied[index]?.number === file.number && applied[index].checksum === file.checksum);
}

async function readApplied(sql: Sql | Tx): Promise<AppliedMigration[]> {
  try {
    return await sql<AppliedMigration[]>`select number, name, checksum from schema_migrations order by number`;
  } catch (error) {
    if (error instanceof PostgresError && error.code === undefinedTable) return [];
    throw error;
  }
}

/** Compares what the database says with the files, and answers the files that it lacks. */
function pendingOf(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): readonly MigrationFile[] {
  applied.forEach((row, index) => {
    const file = files[index];
    if (row.number !== index + 1)
      throw new SetupError(
        `The database lacks migration ${formatNumber(index + 1)} but has later ones: restore it from a backup.`,
      );
    if (file === undefined && row.number > (files.at(-1)?.number ?? 0)) {
      throw new SetupError(
        `The database has migration ${formatNumber(row.number)}-${row.name}, which this Openbranch does not know: start the newer Openbranch.`,
      );
    }
    if (file?.checksum !== row.checksum) {
      throw new SetupError(
        `Migration ${file?.fileName} was changed after it had been applied: restore the file, and put the change into a new one.`,
      );
    }
  });
  return files.slice(applied.length);
}

/** Applies one file unless another process did so since; answers whether it was us. */
async function applyOnce(sql: Sql, files: readonly MigrationFile[], file: MigrationFile): Promise<boolean> {
  try {
    return await sql.begin(async (tx) => {
      // Waiting for another process's long migration is right, so only this wait is not limited.
      await tx`set local lock_timeout = 0`;
      await tx`select pg_advisory_xact_lock(${advisoryLock})`;
      await tx`set local lock_timeout = '10s'`;
      await createTable(tx);
      if (!pendingOf(files, await readApplied(tx)).includes(file)) return false;
      await tx.unsafe(file.text);
      await tx`
        insert into schema_migrations (number, name, checksum, applied_at)
        values (${file.number}, ${file.name}, ${file.checksum}, clock_timestamp())`;
      return true;
    });
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    throw failure(file, cause);
  }
}

async function createTable(tx: Tx): Promise<void> {
  await tx`
    create table if not exists schema_migrations (
      number integer constraint schema_migrations__key primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null
    )`;
}

function failure(file: MigrationFile, cause: unknown): SetupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const line = cause instanceof PostgresError && cause.position !== undefined ? lineOf(file.text, Number(cause.position)) : '';
  const remedy =
    cause instanceof PostgresError && cause.code === insufficientPrivilege
      ? "make the user of DATABASE_URL the database's owner"
      : 'nothing of it was kept; correct the cause and start again';
  return new SetupError(`Migration ${file.fileName}${line} failed (${reason}): ${remedy}.`, { cause });
}

function lineOf(text: string, position: number): string {
  return ` line ${text.slice(0, position).split('\n').length}`;
}
