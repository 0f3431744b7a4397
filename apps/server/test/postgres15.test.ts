import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianPostgres, debianPrograms, startDebianPostgres } from '@openbranch/testkit/debian-postgres';
import { silentLog } from '@openbranch/testkit/silent-log';
import { runMigrations } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePostgresUrl } from '../src/platform/db/connection-options.ts';
import { openDatabase } from '../src/platform/db/database.ts';
import { withDatabase } from '../src/platform/db/database-target.ts';
import { isMigrated, migrate } from '../src/platform/db/migrate.ts';
import { readMigrationFiles } from '../src/platform/db/migration-files.ts';
import { migrationsDirectory } from '../src/platform/db/migrations-directory.ts';

const isMissing = !existsSync(join(debianPrograms, 'postgres'));
// Where everything has to be shown, a missing package is a failure and not a skip.
const isRequired = process.env['CI'] === 'true';

describe.skipIf(isMissing && !isRequired)(
  'PostgreSQL 15 by DATABASE_URL (skipped where the Debian package postgresql-15 is not installed)',
  () => {
    let server: DebianPostgres;

    beforeAll(async () => {
      if (isMissing) throw new Error('The Debian package postgresql-15 is not installed: apt-get install postgresql-15.');
      server = await startDebianPostgres();
    });

    afterAll(() => server?.stop());

    test("the platform's migrations and the job queue's apply over TCP with a password, and again without effect", async () => {
      const files = await readMigrationFiles(migrationsDirectory);
      expect(await migrate(server.target, migrationsDirectory, silentLog)).toEqual({
        applied: files.map((file) => file.fileName),
      });
      await runMigrations({ connectionString: nodePostgresUrl(server.target) });
      expect(await migrate(server.target, migrationsDirectory, silentLog)).toEqual({ applied: [] });
      const { sql, close } = await openDatabase(server.target, { maxConnections: 1, applicationName: 'test' });
      const [row] = await sql<{ version: string; jobs: string }[]>`
      select current_setting('server_version') as version, to_regclass('graphile_worker.jobs')::text as jobs`;
      expect(row).toEqual({ version: expect.stringMatching(/^15\./), jobs: 'graphile_worker.jobs' });
      expect(await isMigrated(sql, migrationsDirectory)).toBe(true);
      await close();
    });

    test('a wrong password, an unknown database and a closed port are each one line that names DATABASE_URL and no secret', async () => {
      const open = (url: string) => openDatabase({ url }, { maxConnections: 1, applicationName: 'test' });
      const { port } = new URL(server.target.url);
      await expect(open(`postgresql://bank:wrong@127.0.0.1:${port}/postgres`)).rejects.toThrow(
        `The database postgres on 127.0.0.1:${port} cannot be used (password authentication failed for user "bank"): check DATABASE_URL and that the server runs.`,
      );
      await expect(open(withDatabase(server.target, 'nowhere').url)).rejects.toThrow('(database "nowhere" does not exist)');
      await expect(open('postgresql://bank:wrong@127.0.0.1:1/postgres')).rejects.toThrow(
        /cannot be used \(.*ECONNREFUSED.*\): check DATABASE_URL/,
      );
    });

    test('a user who may not make tables is told what is missing', async () => {
      const { sql, close } = await openDatabase(server.target, { maxConnections: 1, applicationName: 'test' });
      await sql`create role guest login password 'guest'`;
      await sql`create database guests`;
      await close();
      const { port } = new URL(server.target.url);
      const attempt = migrate({ url: `postgresql://guest:guest@127.0.0.1:${port}/guests` }, migrationsDirectory, silentLog);
      await expect(attempt).rejects.toThrow(
        /permission denied for schema public\): make the user of DATABASE_URL the database's owner/,
      );
    });
  },
);
