import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DebianPostgres, debianPrograms, startDebianPostgres } from '@openbranch/testkit/debian-postgres';
import { eventually } from '@openbranch/testkit/eventually';
import { callRevoke, callToken, callUnlock, callUserStatus, textIn } from '@openbranch/testkit/live-calls';
import {
  endProcess,
  freePort,
  makeDataDirectory,
  programs,
  type RunningProcess,
  readSandbox,
  runProgram,
  type Settings,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/platform/db/database.ts';

const isMissing = !existsSync(join(debianPrograms, 'postgres'));
// Where everything has to be shown, a missing package is a failure and not a skip.
const isRequired = process.env['CI'] === 'true';

describe.skipIf(isMissing && !isRequired)(
  'two servers on one PostgreSQL 15 by DATABASE_URL (skipped where the Debian package postgresql-15 is not installed)',
  () => {
    let database: DebianPostgres;
    let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
    const servers: { readonly server: RunningProcess; readonly settings: Settings; readonly baseUrl: string }[] = [];
    const baseUrls = (): [string, string] => [servers[0]?.baseUrl ?? '', servers[1]?.baseUrl ?? ''];
    const firstSettings = (): Settings => servers[0]?.settings ?? {};

    beforeAll(async () => {
      if (isMissing) throw new Error('The Debian package postgresql-15 is not installed: apt-get install postgresql-15.');
      [database, directory] = await Promise.all([startDebianPostgres(), makeDataDirectory()]);
      await mkdir(directory.path);
      // Both at once on an empty database: migrations, the job queue's tables, the first signing key and the seed are raced for.
      for (const name of ['one', 'two']) {
        const port = String(await freePort());
        const settings = {
          PORT: port,
          DATABASE_URL: database.target.url,
          OPENBRANCH_DATA_DIR: join(directory.path, name),
          OPENBRANCH_MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
          OPENBRANCH_PUBLIC_URL: 'https://api.example.org',
        };
        const server = startProgram(programs.npmStart, [], settings);
        servers.push({ server, settings, baseUrl: `http://127.0.0.1:${port}` });
      }
      await Promise.all(servers.map(({ server }) => untilReady(server)));
    });

    afterAll(async () => {
      await Promise.all(servers.map(({ server }) => endProcess(server)));
      await database?.stop();
      await directory?.remove();
    });

    const load = async () => {
      const sandbox = await readSandbox(join(directory.path, 'one'));
      const [institution] = sandbox.institutions;
      const [partner, mobile] = institution?.applications ?? [];
      const [customer, other] = institution?.customers ?? [];
      if (institution === undefined || partner === undefined || mobile === undefined) throw new Error('The sandbox is empty.');
      if (customer === undefined || other === undefined) throw new Error('The institution has no customers.');
      return { institutionId: institution.institutionId, partner, mobile, customer, other };
    };

    test('exactly one of them has seeded, and both tell the same credentials', async () => {
      const seeded = servers.filter(({ server }) => server.stdout().includes('Seeded the sandbox'));
      expect(seeded).toHaveLength(1);
      expect(await readSandbox(join(directory.path, 'two'))).toEqual(await readSandbox(join(directory.path, 'one')));
      const { sql, close } = await openDatabase(database.target, { maxConnections: 1, applicationName: 'test' });
      const [row] = await sql`
        select (select count(*) from institutions) as institutions, (select count(*) from applications) as applications,
          (select count(*) from institution_users) as users, (select count(*) from signing_keys) as keys`.finally(close);
      expect(row).toEqual({ institutions: 2n, applications: 6n, users: 20n, keys: 1n });
    });

    test('what one has signed and locked, the other verifies and unlocks', async () => {
      const [one, two] = baseUrls();
      const { institutionId, partner, mobile, customer } = await load();
      const token = textIn(await callToken(one, partner, institutionId, { grant_type: 'client_credentials' }), 'access_token');
      const signIn = (baseUrl: string, password: string) =>
        callToken(baseUrl, mobile, institutionId, { grant_type: 'password', username: customer.loginId, password });
      for (const baseUrl of [one, two, one, two, one]) expect((await signIn(baseUrl, 'wrong')).status).toBe(401);
      expect((await signIn(two, customer.password)).status).toBe(401);
      expect((await callUserStatus(two, token, customer.institutionUserId)).body).toMatchObject({
        locked: true,
        additionalInfo: { failedLoginCount: 5 },
      });
      expect((await callUnlock(two, token, customer.customerId)).status).toBe(204);
      expect((await signIn(one, customer.password)).status).toBe(200);
    });

    test('a token that is revoked at one is refused by the other within a second', async () => {
      const [one, two] = baseUrls();
      const { institutionId, mobile, other } = await load();
      const form = { grant_type: 'password', username: other.loginId, password: other.password };
      const pair = await callToken(one, mobile, institutionId, form);
      const token = textIn(pair, 'access_token');
      expect((await callUserStatus(two, token, other.institutionUserId)).status).toBe(200);
      expect((await callRevoke(one, mobile, textIn(pair, 'refresh_token'))).status).toBe(204);
      const isRefused = async () => (await callUserStatus(two, token, other.institutionUserId)).status === 401;
      expect(await eventually(isRefused, { deadlineMs: 1_000 })).toBe(true);
    });

    test('commands work beside them, by DATABASE_URL alone', async () => {
      const run = (...args: string[]) => runProgram(programs.command, args, firstSettings());
      expect(await run('migrate')).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
      expect((await run('audit', 'seal')).stdout).toMatch(/^Sealed [1-9]\d* rows of 2 institutions\.$/mu);
      expect(await run('audit', 'verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('00042: intact') });
      const [, two] = baseUrls();
      const rotated = /^New key (\S+):/u.exec((await run('keys', 'rotate')).stdout)?.[1];
      const keys = async () => (await fetch(`${two}/.well-known/jwks.json`)).text();
      expect(await eventually(async () => (await keys()).includes(rotated ?? 'none'), { deadlineMs: 1_000 })).toBe(true);
    });
  },
);
