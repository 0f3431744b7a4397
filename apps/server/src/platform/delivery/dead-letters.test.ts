import { randomBytes } from 'node:crypto';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyRing } from '../keys/key-ring.ts';
import { openPersonalData } from '../personal-data/open-personal-data.ts';
import { listDeadLetters, retryDeadLetters } from './dead-letters.ts';
import { type Delivery, openDelivery } from './delivery.ts';

const institution = { institutionId: '00042', name: 'Sample Valley Credit Union' };
let own: TestDatabase;
let delivery: Delivery;

beforeAll(async () => {
  own = await createTestDatabase();
  const { sql } = own.database;
  await sql`insert into institutions (institution_id, name) values ('00042', 'One'), ('00077', 'Two')`;
  const keyRing = createKeyRing(randomBytes(32));
  // Nobody is set up to bring messages: each try is the last.
  const providers = { mail: undefined, webhook: undefined };
  const personalData = openPersonalData(sql, keyRing);
  delivery = await openDelivery({ sql, keyRing, personalData, log: silentLog, providers, institutionIds: () => ['00042'] });
});
afterAll(() => own.drop());

async function loseMessage(usableForSeconds?: number): Promise<string> {
  const { sql } = own.database;
  const { id } = await sql.begin(async (tx) => ({
    id: await delivery.queue(tx, {
      institution,
      now: new Date(),
      channel: 'SMS',
      recipient: '+12015550142',
      template: 'passcode',
      values: { passcode: '048213', minutes: '10' },
      ...(usableForSeconds === undefined ? {} : { usableForSeconds }),
    }),
  }));
  await tryOnce(id);
  return id;
}

const tryOnce = (messageId: string) => delivery.jobs[0]?.run({ institutionId: '00042', messageId });

test('lists what was given up without telling whom it was for, and whether it can be tried again', async () => {
  const notice = await loseMessage();
  const passcode = await loseMessage(600);
  const listed = await listDeadLetters(own.database.sql, undefined);
  expect(listed.ok && listed.value.map(({ messageId, canBeRetried }) => ({ messageId, canBeRetried }))).toEqual([
    { messageId: passcode, canBeRetried: false },
    { messageId: notice, canBeRetried: true },
  ]);
  expect(listed.ok && listed.value[0]).toMatchObject({ institutionId: '00042', reason: 'no_provider', attempts: 1 });
  expect(JSON.stringify(listed)).not.toMatch(/2015550142|048213/u);
  expect(await listDeadLetters(own.database.sql, '00077')).toEqual({ ok: true, value: [] });
  expect((await listDeadLetters(own.database.sql, '99999')).ok).toBe(false);
});

test('queues again what can be, one or all, with a row in the activity log, and never in another institution', async () => {
  const { sql } = own.database;
  const messageId = await loseMessage();
  const statusOf = async () =>
    (
      await sql<{ status: string; attempts: number }[]>`
      select status, attempts from messages where institution_id = '00042' and message_id = ${messageId}`
    )[0];
  expect(await retryDeadLetters(sql, '00077', messageId)).toEqual({ ok: true, value: 0 });
  expect(await retryDeadLetters(sql, '00042', messageId)).toEqual({ ok: true, value: 1 });
  expect(await statusOf()).toEqual({ status: 'queued', attempts: 0 });
  const jobs = await sql`select 1 from graphile_worker.jobs where key = ${`message ${messageId}`}`;
  expect(jobs).toHaveLength(1);
  await tryOnce(messageId);
  expect(await statusOf()).toEqual({ status: 'dead', attempts: 1 });
  expect(await retryDeadLetters(sql, '00042', undefined)).toEqual({ ok: true, value: 2 });
  expect((await retryDeadLetters(sql, '99999', undefined)).ok).toBe(false);
  const rows = await sql<{ institution_id: string; details: unknown }[]>`
    select institution_id, details from activities where kind = 'messages_retried' order by activity_id`;
  expect(rows).toEqual([
    { institution_id: '00042', details: { count: 1 } },
    { institution_id: '00042', details: { count: 2 } },
  ]);
});
