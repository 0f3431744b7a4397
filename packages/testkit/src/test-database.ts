import { randomBytes } from 'node:crypto';
import { type Database, openDatabase } from '@openbranch/server/platform/db/database';
import { type DatabaseTarget, withDatabase } from '@openbranch/server/platform/db/database-target';
import { inject } from 'vitest';
// The types of what the global set-up provides come with it.
import type {} from './global-setup.ts';
import { templateDatabase } from './test-server.ts';

export type TestDatabase = {
  readonly target: DatabaseTarget;
  readonly database: Database;
  /** Closes `database` and deletes it, even when other connections to it are open. May be called twice. */
  drop(): Promise<void>;
};

/** Makes a new database with our schema and the job queue's, which nobody else uses. Call `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testServer');
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await runOnServer(server, (sql) => sql`create database ${sql(name)} template ${sql(templateDatabase)} strategy file_copy`);
  const target = withDatabase(server, name);
  const database = await openDatabase(target, { maxConnections: 5, applicationName: 'test' });
  const drop = async () => {
    await database.close();
    await runOnServer(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
  };
  return { target, database, drop };
}

async function runOnServer(server: DatabaseTarget, statement: (sql: Database['sql']) => Promise<unknown>): Promise<void> {
  const { sql, close } = await openDatabase(server, { maxConnections: 1, applicationName: 'testkit' });
  await statement(sql).finally(close);
}
