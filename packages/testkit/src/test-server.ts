import { join } from 'node:path';
import { nodePostgresUrl } from '@openbranch/server/platform/db/connection-options';
import { openDatabase } from '@openbranch/server/platform/db/database';
import { type DatabaseTarget, withDatabase } from '@openbranch/server/platform/db/database-target';
import { migrate } from '@openbranch/server/platform/db/migrate';
import { migrationsDirectory } from '@openbranch/server/platform/db/migrations-directory';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@openbranch/server/platform/postgres/embedded-postgres';
import { runMigrations } from 'graphile-worker';
import { makeRunDirectory, removeLeftoverRuns } from './run-directory.ts';
import { silentLog } from './silent-log.ts';

/** The database that every test database is a copy of. */
export const templateDatabase = 'template_openbranch';

/** A private server for one run of the tests; `target` is its maintenance database, in which databases are made. */
export type TestServer = { readonly target: DatabaseTarget; stop(): Promise<void> };

/** Starts a server in a temporary folder, with a template that has our schema and the job queue's. */
export async function startTestServer(): Promise<TestServer> {
  await removeLeftoverRuns();
  const run = await makeRunDirectory();
  const dataDirectory = join(run.path, 'data');
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: silentLog, durable: false });
  const stop = async () => {
    await postgres.stop();
    await removeEmbeddedPostgres(dataDirectory);
    await run.remove();
  };
  try {
    await makeTemplate(postgres.connection);
  } catch (error) {
    await stop();
    throw error;
  }
  return { target: postgres.connection, stop };
}

async function makeTemplate(maintenance: DatabaseTarget): Promise<void> {
  const { sql, close } = await openDatabase(maintenance, { maxConnections: 1, applicationName: 'testkit' });
  try {
    await sql`create database ${sql(templateDatabase)}`;
    const template = withDatabase(maintenance, templateDatabase);
    await migrate(template, migrationsDirectory, silentLog);
    await runMigrations({ connectionString: nodePostgresUrl(template) });
    // A template that somebody is connected to cannot be copied, so from now on nobody may connect.
    await sql`alter database ${sql(templateDatabase)} with is_template true allow_connections false`;
  } finally {
    await close();
  }
}
