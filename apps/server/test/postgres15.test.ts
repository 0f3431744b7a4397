import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianPostgres, debianPrograms, startDebianPostgres } from '@openbranch/testkit/debian-postgres';
import { silentLog } from '@openbranch/testkit/silent-log';
import { booksMember, createTestBooks } from '@openbranch/testkit/test-books';
import { runMigrations } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../src/core/index.ts';
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

    test('the ledger books, holds, corrects and proves its books', async () => {
      const database = await openDatabase(server.target, { maxConnections: 2, applicationName: 'test' });
      const { sql, close } = database;
      const { core, institutionId, open } = await createTestBooks(database, '00015');
      const [from, to] = [await open({ balanceMinor: 1_000n }), await open()];
      const [bookedAt, transactionDate] = [new Date('2026-03-04T15:00:00Z'), '2026-03-04'];
      await sql.begin(async (tx) => {
        await core.lockBalances(tx, institutionId, [from, to]);
        const { entryId } = await core.post(tx, {
          ...{ institutionId, kind: 'transfer', bookedAt, transactionDate },
          postings: [
            { account: { key: from }, amountMinor: -300n, type: 'TRANSFER_DEBIT' },
            { account: { key: to }, amountMinor: 300n, type: 'TRANSFER_CREDIT' },
          ],
        });
        const text = { type: 'POS_PURCHASE', transactionDate, placedAt: bookedAt };
        const hold = await core.placeHold(tx, { institutionId, accountKey: from, amountMinor: -200n, ...text });
        const bill = { bookedAt, transactionDate, amountMinor: -150n, against: 'clearing' } as const;
        await core.postHold(tx, { institutionId, accountKey: from, ...hold }, bill);
        await core.correct(tx, { institutionId, entryId, bookedAt, transactionDate, reason: 'Undone' });
      });
      const range = { institutionId, accountKey: from, from: '2026-01-01', to: '2026-12-31', skip: 0, take: 50 };
      expect((await core.listTransactions(sql, range)).transactions[0]?.balanceAfterMinor).toBe(850n);
      expect(await core.listAccounts(sql, institutionId, [booksMember])).toHaveLength(2);
      expect(await verifyLedger(sql, institutionId)).toMatchObject({ entries: 4, broken: undefined });
      await expect(sql`delete from postings where institution_id = ${institutionId}`).rejects.toThrow('book a correction');
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
