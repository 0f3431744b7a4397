import { silentLog } from '@openbranch/testkit/silent-log';
import { insertApplication, insertSecret } from '@openbranch/testkit/test-application';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyRing } from '../../../platform/keys/key-ring.ts';
import { createSecretUsage } from './secret-usage.ts';

const keyRing = createKeyRing(Buffer.alloc(32, 1));
const noon = Date.parse('2026-06-19T12:00:00Z');
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.drop());

async function lastUses(clientId: string): Promise<Record<string, string | undefined>> {
  const rows = await db.database.sql<{ secret_id: string; last_used_at: Date | null }[]>`
    select secret_id, last_used_at from application_secrets where client_id = ${clientId}`;
  return Object.fromEntries(rows.map((row) => [row.secret_id, row.last_used_at?.toISOString()]));
}

test('each secret keeps its own last use, also when applications name their secrets alike', async () => {
  const { sql } = db.database;
  const [one, other] = [await insertApplication(sql, keyRing), await insertApplication(sql, keyRing)];
  await insertSecret(sql, keyRing, one.clientId, { secretId: 'second' });
  const usage = createSecretUsage(sql, silentLog);
  usage.note(one.clientId, 'first', noon);
  usage.note(other.clientId, 'first', noon + 1000);
  usage.note(one.clientId, 'first', noon + 2000);
  await usage.close();
  expect(await lastUses(one.clientId)).toEqual({ first: '2026-06-19T12:00:02.000Z', second: undefined });
  expect(await lastUses(other.clientId)).toEqual({ first: '2026-06-19T12:00:01.000Z' });
});

test('a process that stores an older use later does not move the time back', async () => {
  const { sql } = db.database;
  const { clientId } = await insertApplication(sql, keyRing);
  const [slow, fast] = [createSecretUsage(sql, silentLog), createSecretUsage(sql, silentLog)];
  slow.note(clientId, 'first', noon);
  fast.note(clientId, 'first', noon + 5000);
  await fast.close();
  await slow.close();
  expect(await lastUses(clientId)).toEqual({ first: '2026-06-19T12:00:05.000Z' });
});
