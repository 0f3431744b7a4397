import { connectionOptions } from './connection-options.ts';
import { openDatabase, PostgresError } from './database.ts';
import type { DatabaseTarget } from './database-target.ts';

const noSuchDatabase = '3D000';
const alreadyThere = new Set(['42P04', '23505']);

/** Makes sure that the target's database exists; makes it over the maintenance database when it does not. */
export async function ensureDatabase(target: DatabaseTarget, maintenance: DatabaseTarget): Promise<void> {
  try {
    await (await openDatabase(target, { maxConnections: 1, applicationName: 'openbranch start' })).close();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof PostgresError) || cause.code !== noSuchDatabase) throw error;
    await createDatabase(connectionOptions(target).database, maintenance);
  }
}

async function createDatabase(name: string, maintenance: DatabaseTarget): Promise<void> {
  const { sql, close } = await openDatabase(maintenance, { maxConnections: 1, applicationName: 'openbranch start' });
  try {
    await sql`create database ${sql(name)}`;
  } catch (error) {
    if (!(error instanceof PostgresError) || !alreadyThere.has(error.code)) throw error;
  } finally {
    await close();
  }
}
