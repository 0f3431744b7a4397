import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../platform/db/migrate.ts';
import { migrationsDirectory } from '../../../platform/db/migrations-directory.ts';
import { bindDefaultDestinations } from './alert-destinations.ts';

let db: TestDatabase;
let older: string;
const now = new Date();
const ann = 'A'.repeat(32);
const bob = 'B'.repeat(32);

beforeAll(async () => {
  db = await createTestDatabase();
  older = await mkdtemp(join(tmpdir(), 'openbranch-alerts-'));
  const files = (await readdir(migrationsDirectory)).sort();
  const before = files.slice(
    0,
    files.findIndex((name) => name.endsWith('-alerts.sql')),
  );
  await Promise.all(before.map((name) => copyFile(join(migrationsDirectory, name), join(older, name))));
  await db.database.sql`drop schema public cascade`;
  await db.database.sql`create schema public`;
  await migrate(db.target, older, silentLog);
});
afterAll(async () => {
  await db.drop();
  await rm(older, { recursive: true });
});

async function insertUser(institutionUserId: string): Promise<void> {
  const { sql } = db.database;
  const id = institutionUserId.toLowerCase();
  await sql`
    insert into institution_users (institution_id, institution_user_id, auth_id, customer_guid, user_type, user_role, login_name,
      first_name, last_name, registered_at)
    values ('00042', ${institutionUserId}, ${id}, ${id}, 'RETAIL', 'PRIMARY', ${id}, 'First', 'Last', ${now})`;
  for (const [protocol, contactInfo, countryCode, isPrimary] of [
    ['SMS', '2015550142', '1', false],
    ['SMS', '2015550143', '1', true],
    ['EMAIL', 'one@example.com', null, false],
    ['WHATSAPP_SMS', '2015550144', '1', false],
  ] as const)
    await sql`
      insert into contact_methods (institution_id, institution_user_id, protocol, contact_info, country_code, is_primary, enrolled_at)
      values ('00042', ${institutionUserId}, ${protocol}, ${contactInfo}, ${countryCode}, ${isPrimary}, ${now})`;
}

const bound = (institutionUserId: string) => db.database.sql<{ app: string; to: string; is_primary: boolean }[]>`
  select d.notification_app_id as app, m.contact_info as to, d.is_primary
  from alert_destinations d join contact_methods m using (institution_id, contact_method_id)
  where d.institution_user_id = ${institutionUserId} and d.product_id = 'DIGITAL' order by 1, 2`;

const both = ['ALERTS', 'OTP'].flatMap((app) => [
  { app, to: '2015550142', is_primary: false },
  { app, to: '2015550143', is_primary: true },
  { app, to: 'one@example.com', is_primary: true },
]);

test('whoever was there before alerts receives at what is on file, the primary method of each kind first', async () => {
  await db.database.sql`insert into institutions (institution_id, name) values ('00042', 'Sample Valley')`;
  await insertUser(ann);
  await migrate(db.target, migrationsDirectory, silentLog);
  expect([...(await bound(ann))]).toEqual(both);
});

test('whoever comes later is bound the same way, once, and keeps what was unbound since', async () => {
  const { sql } = db.database;
  await insertUser(bob);
  const bind = () => sql.begin((tx) => bindDefaultDestinations(tx, '00042', [ann, bob]));
  await bind();
  expect([...(await bound(bob))]).toEqual(both);
  await sql`delete from alert_destinations where institution_user_id = ${bob} and protocol = 'SMS'`;
  await bind();
  expect((await bound(bob)).map(({ to }) => to)).toEqual(['one@example.com', 'one@example.com']);
  expect(await bound(ann)).toHaveLength(6);
});
