import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteInPieces } from './delete-in-pieces.ts';

let own: TestDatabase;
const rows = 6_000;
const table = { name: 'sample_rows', pointing: { column: 'parent_id', key: 'id' } };

beforeAll(async () => {
  own = await createTestDatabase();
  const { sql } = own.database;
  await sql`
    create table sample_rows (
      institution_id text not null, id integer not null, parent_id integer, filler text not null,
      primary key (institution_id, id),
      foreign key (institution_id, parent_id) references sample_rows (institution_id, id))`;
  await sql`create index on sample_rows (institution_id, parent_id)`;
  await sql`insert into institutions (institution_id, name) values ('00001', 'One'), ('00002', 'Two')`;
});
afterAll(() => own.drop());
beforeEach(async () => {
  const { sql } = own.database;
  await sql`truncate sample_rows`;
  // Each row of the first institution is kept by the one that comes 3,000 rows, which is some hundred pages, later.
  await sql`
    insert into sample_rows select case n % 2 when 0 then '00001' else '00002' end, n, case when n > 3000 then n - 3000 end, repeat('x', 400)
    from generate_series(1, ${rows}) n`;
});

const countOf = async (institutionId: string) => {
  const [row] = await own.database.sql<{ count: bigint }[]>`
    select count(*) from sample_rows where institution_id = ${institutionId}`;
  return Number(row?.count);
};
const switchTo = (isActive: boolean) =>
  own.database.sql`update institutions set is_active = ${isActive} where institution_id = '00001'`;

test('deletes all rows of an institution that is switched off, those that others point at after those, and nobody else’s', async () => {
  await switchTo(false);
  expect(await deleteInPieces(own.database.sql, '00001', [table])).toBe(true);
  expect([await countOf('00001'), await countOf('00002')]).toEqual([0, rows / 2]);
});

test('touches nothing of an institution that is switched on', async () => {
  await switchTo(true);
  expect(await deleteInPieces(own.database.sql, '00001', [table])).toBe(false);
  expect(await countOf('00001')).toBe(rows / 2);
});

test('stops at once when it is switched on meanwhile, and goes on later where it was', async () => {
  await switchTo(false);
  let pieces = 0;
  const prepare = async () => {
    pieces += 1;
    if (pieces === 4) throw new Error('The process died.');
  };
  await expect(
    deleteInPieces(own.database.sql, '00001', [{ name: 'sample_rows', pointing: table.pointing }], prepare),
  ).rejects.toThrow('The process died.');
  const left = await countOf('00001');
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(rows / 2);
  await switchTo(true);
  expect(await deleteInPieces(own.database.sql, '00001', [table])).toBe(false);
  expect(await countOf('00001')).toBe(left);
  await switchTo(false);
  expect(await deleteInPieces(own.database.sql, '00001', [table])).toBe(true);
  expect(await countOf('00001')).toBe(0);
});
