import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../db/database.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { dataKeyStatusOf, destroyDataKeysOf, rotateDataKeyOf } from './data-key-commands.ts';
import { openPersonalData } from './open-personal-data.ts';

let db: Awaited<ReturnType<typeof createTestDatabase>>;
let sql: Sql;
const keyRing = createKeyRing(randomBytes(32));

beforeAll(async () => {
  db = await createTestDatabase();
  ({ sql } = db.database);
  await sql`insert into institutions (institution_id, name) values ('00001', 'One'), ('00002', 'Two')`;
});
afterAll(() => db.drop());

test('commands name an institution that is not there', async () => {
  const platform = { sql, keyRing };
  await expect(rotateDataKeyOf(platform, '99999')).rejects.toThrow('There is no institution 99999');
  await expect(destroyDataKeysOf(platform, '99999')).rejects.toThrow('There is no institution 99999');
  await expect(dataKeyStatusOf(platform, '99999')).rejects.toThrow('There is no institution 99999');
});

test('the status tells of every key what it is and holds, and every step is in the activity log', async () => {
  const platform = { sql, keyRing };
  const personal = openPersonalData(sql, keyRing);
  for (const institutionId of ['00001', '00002']) await personal.prepare(institutionId);
  await rotateDataKeyOf(platform, '00002');
  const states = async () =>
    (await dataKeyStatusOf(platform, '00002')).flatMap(({ keys }) => keys.map(({ purpose, state }) => `${purpose} ${state}`));
  expect(await states()).toEqual(['data retired', 'index current', 'data current']);
  expect(await destroyDataKeysOf(platform, '00002')).toBe(3);
  expect(await states()).toEqual(['data destroyed', 'index destroyed', 'data destroyed']);
  expect(await dataKeyStatusOf(platform, undefined)).toHaveLength(2);
  const rows = await sql<{ kind: string }[]>`
    select kind from activities where institution_id = '00002' order by activity_id`;
  expect(rows.map(({ kind }) => kind)).toEqual(['data_key_rotated', 'data_keys_destroyed']);
});
