import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDelivery } from '../src/platform/delivery/delivery.ts';
import { createKeyRing } from '../src/platform/keys/key-ring.ts';
import { openPersonalData } from '../src/platform/personal-data/open-personal-data.ts';

const masterKey = randomBytes(32);
const rounds = 20;
const messagesOfARound = 3;

let testDatabase: TestDatabase;
let service: Server;
let serviceUrl: string;
let child: ChildProcess | undefined;
/** What the service got, by message id. */
const received = new Map<string, Set<string>>();
let onRequest: () => void = () => undefined;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await testDatabase.database.sql`insert into institutions (institution_id, name) values ('00042', 'Sample Valley Credit Union')`;
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const id = String(request.headers['openbranch-message-id']);
      received.set(id, (received.get(id) ?? new Set()).add(body));
      onRequest();
      response.end();
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = service.address();
  serviceUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
});
afterAll(async () => {
  child?.kill('SIGKILL');
  service.closeAllConnections();
  service.close();
  await testDatabase.drop();
});

async function startProcess(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('delivery-process.ts', import.meta.url));
  const args = [script, testDatabase.target.url, masterKey.toString('base64'), serviceUrl];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function kill(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL');
  await once(process, 'exit');
}

test(`a process that dies between queueing and sending, ${rounds} times, loses no message and changes none`, {
  timeout: 600_000,
}, async () => {
  const { sql } = testDatabase.database;
  const keyRing = createKeyRing(masterKey);
  const queue = await openDelivery({
    sql,
    keyRing,
    personalData: openPersonalData(sql, keyRing),
    log: silentLog,
    providers: { mail: undefined, webhook: undefined },
    institutionIds: () => [],
  });
  const texting = { institution: { institutionId: '00042', name: 'Sample' }, channel: 'SMS', template: 'passcode' } as const;
  const ids: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const process = await startProcess();
    // Half of them die while the service has a message in hand, the others somewhere before.
    const inHand = new Promise<void>((resolve) => {
      onRequest = resolve;
    });
    await sql.begin(async (tx) => {
      for (let index = 0; index < messagesOfARound; index += 1) {
        const values = { passcode: String(100_000 + ids.length), minutes: '10' };
        ids.push(await queue.queue(tx, { ...texting, now: new Date(), recipient: '+12015550142', values }));
      }
    });
    if (round % 2 === 0) await inHand;
    await kill(process);
  }
  const process = await startProcess();
  await eventually(
    async () => {
      const waiting = await sql`select 1 from messages where institution_id = '00042' and status <> 'sent'`;
      // What is left has lost its job; a start looks for such messages, and so does every minute.
      if (waiting.length > 0) await sql`select graphile_worker.add_job('requeue_messages')`;
      return waiting.length === 0;
    },
    { deadlineMs: 60_000, pauseMs: 200 },
  );
  await kill(process);
  expect(ids).toHaveLength(rounds * messagesOfARound);
  expect([...received.keys()].sort()).toEqual([...ids].sort());
  expect([...received.values()].filter((bodies) => bodies.size !== 1)).toEqual([]);
});
