import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainedDatabase } from '../../../../test/explained-database.ts';
import type { MovedAccount } from '../../../kernel/own-event.ts';
import { createKeyRing } from '../../../platform/keys/key-ring.ts';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { createRunWrite } from '../../../platform/transactions/unit-of-work.ts';
import { createEventBox } from '../tasks/event-box.ts';
import { createPublishEvent } from './publish-event.ts';

let db: TestDatabase;
const institutionId = '00001';
const occurredAt = new Date('2026-05-02T08:15:00Z');
const keyRing = createKeyRing(randomBytes(32));

beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.sql`insert into institutions (institution_id, name) values (${institutionId}, 'One')`;
});
afterAll(() => db.drop());

const moved = (accountKey: bigint): MovedAccount => ({
  accountKey,
  accountId: `account ${accountKey}`,
  accountNumber: '0001',
  accountType: 'CHECKING',
  availableBalanceMinor: 100n,
  currencyCode: 'USD',
  reference: undefined,
  transaction: undefined,
});

test('a movement of several accounts is told, the first of an institution too, and asks for the keys once', async () => {
  const asked: string[] = [];
  const counted = await openExplainedDatabase(db.target, ({ text }) => void asked.push(text));
  /** As a process that has just begun: it has no key in memory. */
  const publishMovement = async (): Promise<void> => {
    const box = createEventBox(openPersonalData(counted.sql, keyRing));
    const publish = createPublishEvent(box, () => undefined);
    const runWrite = createRunWrite(counted.sql, { apply: async () => undefined });
    await runWrite({ institutionId, now: occurredAt, operation: 'test' }, (write) =>
      publish(write, { kind: 'posted', institutionId, occurredAt, accounts: [moved(1n), moved(2n)] }),
    );
  };
  const waiting = async () => (await db.database.sql`select 1 from alert_event_queue`).length;

  await publishMovement();
  const first = await waiting();
  expect(first).toBe(2);
  expect(await db.database.sql`select purpose from data_keys order by purpose`).toEqual([
    { purpose: 'data' },
    { purpose: 'index' },
  ]);
  asked.length = 0;
  await publishMovement();
  expect(await waiting()).toBe(2 * first);
  expect(asked.filter((text) => text.includes('from data_keys'))).toHaveLength(1);
  await counted.close();
});
