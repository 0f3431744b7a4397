import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

test('a transaction that begins behind any number of statements has its connection for itself', async () => {
  const { sql, close } = await openDatabase(own.target, { maxConnections: 1, applicationName: 'single' });
  for (const before of [98, 99, 100, 101, 102, 103, 250]) {
    const statements = Array.from({ length: before }, (_, n) => sql`select ${n}::int as n`.execute());
    const transaction = sql.begin(async (tx) => [
      ...(await tx`select pg_current_xact_id()::text as id`),
      ...(await tx`select pg_current_xact_id()::text as id`),
    ]);
    const after = sql`select pg_current_xact_id_if_assigned()::text as id`.execute();
    expect((await Promise.all(statements)).map(([row]) => row?.['n'])).toEqual(Array.from({ length: before }, (_, n) => n));
    const [first, second] = await transaction;
    expect(second).toEqual(first);
    expect(await after).toEqual([{ id: null }]);
  }
  await close();
});
