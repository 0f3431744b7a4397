import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyRows } from './copy-rows.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.database.sql`create table copied (n bigint, t text, d date, at timestamptz, is_so boolean)`;
});
afterAll(() => own.drop());

test('rows arrive as they were, whatever their text holds', async () => {
  const { sql } = own.database;
  const texts = ['plain', '', 'tab\there', 'line\nbreak\r', 'back\\slash \\N', 'Käse 🧀', '{a,"b"}'];
  const at = new Date('2026-11-22T10:11:12.345Z');
  await sql.begin((tx) =>
    copyRows(
      tx,
      'copied',
      ['n', 't', 'd', 'at', 'is_so'],
      texts.map((text, index) => [BigInt(index), text, '2026-02-28', at, index % 2 === 0]),
    ),
  );
  const rows = await sql<{ t: string; d: string; at: Date; is_so: boolean }[]>`select * from copied order by n`;
  expect(rows.map(({ t }) => t)).toEqual(texts);
  expect(rows[1]).toMatchObject({ d: '2026-02-28', at, is_so: false });
  await sql.begin((tx) => copyRows(tx, 'copied', ['n', 't'], [[99, null]]));
  expect(await sql`select t from copied where n = 99`).toEqual([{ t: null }]);
});

test('what the database refuses fails the transaction and leaves nothing', async () => {
  const { sql } = own.database;
  const many = Array.from({ length: 30_000 }, (_, n) => [n === 100 ? 'no number' : 100_000 + n, 'x'.repeat(30)]);
  for (const rows of [
    [
      [1000, 'fine'],
      ['no number', ''],
    ],
    many,
  ]) {
    const copying = sql.begin((tx) => copyRows(tx, 'copied', ['n', 't'], rows));
    await expect(copying).rejects.toThrow('The database refused rows of copied');
  }
  expect(await sql`select 1 from copied where n >= 100000`).toHaveLength(0);
  expect(await sql`select 1 from copied where n = 1000`).toHaveLength(0);
});

test('many rows go through without being gathered first', async () => {
  const { sql } = own.database;
  function* many() {
    for (let n = 10_000; n < 60_000; n += 1) yield [n, 'x'.repeat(20)];
  }
  await sql.begin((tx) => copyRows(tx, 'copied', ['n', 't'], many()));
  expect(await sql`select count(*) from copied where n >= 10000`).toEqual([{ count: 50_000n }]);
});
