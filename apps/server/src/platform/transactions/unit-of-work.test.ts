import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '../change-feed/change-feed.ts';
import { createRunWrite, type RunWrite } from './unit-of-work.ts';

let own: TestDatabase;
let runWrite: RunWrite;
const applied: Change[] = [];
const context = {
  institutionId: '00042',
  now: new Date('2030-01-02T03:04:05Z'),
  clientId: 'c',
  operation: 'unlockUser',
  traceId: 't',
};
const change: Change = {
  topic: 'institution_changed',
  institutionId: '00042',
  subject: '00042',
  expiresAt: new Date(Date.now() + 60_000),
};

beforeAll(async () => {
  own = await createTestDatabase();
  runWrite = createRunWrite(own.database.sql, {
    apply: async (changes) => {
      applied.push(...changes);
    },
  });
});
afterAll(() => own.drop());

const rows = () =>
  own.database.sql`select occurred_at, kind, institution_user_id, client_id, operation, trace_id, details from activities`;

test('what fails leaves no data, no activity and no announcement', async () => {
  const work = runWrite(context, async (write) => {
    await write.audit('user_unlocked');
    await write.announce(change);
    throw new Error('a bug');
  });
  await expect(work).rejects.toThrow('a bug');
  expect(await rows()).toEqual([]);
  expect(await own.database.sql`select 1 from change_feed`).toHaveLength(0);
  expect(applied).toEqual([]);
});

test('a row that goes out beside other work takes all of it back when it fails', async () => {
  const work = runWrite(context, async (write) => {
    // No text of the database holds this character.
    write.auditBeside('user_unlocked', { institutionUserId: '\u0000' });
    await write.announce(change).catch(() => undefined);
  });
  await expect(work).rejects.toMatchObject({ code: '22021' });
  expect(await rows()).toEqual([]);
  expect(await own.database.sql`select 1 from change_feed`).toHaveLength(0);
});

test('what is still on its way beside work that fails does not come after the rollback', async () => {
  const { sql } = own.database;
  const work = runWrite(context, async (write) => {
    const slow = async () => {
      await sql`select pg_sleep(0.05)`;
      await write.audit('user_unlocked');
    };
    write.beside(slow());
    throw new Error('a bug');
  });
  await expect(work).rejects.toThrow('a bug');
  await sql`select pg_sleep(0.1)`;
  expect(await rows()).toEqual([]);
});

test('what succeeds tells who, when and why, and this process knows its changes before it goes on', async () => {
  const value = await runWrite(context, async (write) => {
    await write.audit('user_unlocked', { institutionUserId: 'A'.repeat(32), details: { previousFailedLoginCount: 5 } });
    await write.announce(change);
    // Not before the transaction has committed.
    expect(applied).toEqual([]);
    return 7;
  });
  expect(value).toBe(7);
  expect(applied).toEqual([change]);
  expect(await rows()).toEqual([
    {
      occurred_at: context.now,
      kind: 'user_unlocked',
      institution_user_id: 'A'.repeat(32),
      client_id: 'c',
      operation: 'unlockUser',
      trace_id: 't',
      details: { previousFailedLoginCount: 5 },
    },
  ]);
  expect(await own.database.sql`select topic, subject from change_feed`).toEqual([
    { topic: 'institution_changed', subject: '00042' },
  ]);
});
