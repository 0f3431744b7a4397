import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from '@openbranch/testkit/eventually';
import { callToken, textIn } from '@openbranch/testkit/live-calls';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyRing } from '../src/platform/keys/key-ring.ts';
import { createPasswordHasher } from '../src/platform/passwords/password-hasher.ts';
import { createSandboxSeed, describeSandbox } from '../src/products/sandbox/index.ts';

/**
 * Two server processes on one database, of which one is killed again and again; a provider that fails every fifth message
 * and keeps every twentieth waiting. `OPENBRANCH_TEST_ALERT_EVENTS` runs it with more events.
 */
const eventCount = Number(process.env['OPENBRANCH_TEST_ALERT_EVENTS'] ?? '1000');
/** A short run is killed by what it has done, a whole one by the clock. */
const eventsBetweenKills = 200;
const secondsBetweenKills = eventCount >= 20_000 ? 5 : undefined;
const publishersAtOnce = 16;
/** What a process has in hand at once for a provider. */
const takenTwiceByKill = 128;
const institutionId = '00042';
const masterKey = randomBytes(32);

let own: TestDatabase;
let service: Server;
let serviceUrl: string;
const servers: { child: ChildProcess; baseUrl: string }[] = [];
/** How often the service was asked to send which content, and how often it took it, by message id. */
const received = new Map<string, Map<string, { asked: number; taken: number }>>();
let requests = 0;

function countRequest(id: string, content: string, isTaken: boolean): void {
  const contents = received.get(id) ?? new Map<string, { asked: number; taken: number }>();
  received.set(id, contents);
  const counted = contents.get(content) ?? { asked: 0, taken: 0 };
  contents.set(content, { asked: counted.asked + 1, taken: counted.taken + (isTaken ? 1 : 0) });
}

const sumOf = (id: string, what: 'asked' | 'taken'): number =>
  [...(received.get(id)?.values() ?? [])].reduce((sum, counted) => sum + counted[what], 0);

beforeAll(async () => {
  own = await createTestDatabase();
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      requests += 1;
      // Every twentieth is never answered, every fifth fails.
      const isSilent = requests % 20 === 0;
      const fails = requests % 5 === 1;
      countRequest(String(request.headers['openbranch-message-id']), body, !isSilent && !fails);
      if (isSilent) return;
      response.statusCode = fails ? 503 : 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = service.address();
  serviceUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
});
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
  service.closeAllConnections();
  service.close();
  await own.drop();
});

async function startServer(): Promise<{ child: ChildProcess; baseUrl: string }> {
  const script = fileURLToPath(new URL('alert-process.ts', import.meta.url));
  const args = [script, own.target.url, masterKey.toString('base64'), serviceUrl];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('The process has no output.');
  const [line] = await once(child.stdout, 'data');
  return { child, baseUrl: String(line).trim() };
}

test(`${eventCount} events, a provider that fails, one of two processes killed: each ends delivered or as a dead letter with a reason, and no message id has two contents`, {
  timeout: 120_000 + eventCount * 30,
}, async () => {
  const { sql } = own.database;
  const keyRing = createKeyRing(masterKey);
  const seed = createSandboxSeed(keyRing, createPasswordHasher(keyRing));
  await seed.plant(sql, new Date());
  await sql`update applications set spike_per_second = 0, quota_per_day = 0`;
  const sandbox = describeSandbox(seed, 'http://openbranch.test').institutions.find((one) => one.institutionId === institutionId);
  const application = sandbox?.applications.find(({ name }) => name === `partner-${institutionId}`);
  const people = (sandbox?.customers ?? []).filter(({ state, userType }) => state === 'active' && userType === 'RETAIL');
  if (application === undefined) throw new Error('The sandbox has no partner.');
  expect(people.length).toBeGreaterThan(2);
  await sql`
    insert into institution_alert_preferences (institution_id, alert_type_id, channel, is_opted)
    values (${institutionId}, 9, 'SMS', true)`;
  servers.push(await startServer(), await startServer());
  const token = await eventually(async () => {
    const answer = await callToken(servers[0]?.baseUrl ?? '', application, institutionId, { grant_type: 'client_credentials' });
    return answer.status === 200 ? textIn(answer, 'access_token') : undefined;
  });

  const accepted: string[] = [];
  const publishOne = async (index: number): Promise<void> => {
    const eventId = randomUUID();
    const event = {
      eventDomainType: 'notification',
      eventDetails: { eventId, eventType: 'PARTNER_NOTICE', institutionId },
      notification: { Message: `Number ${index}` },
    };
    const { loginId = '' } = people[index % people.length] ?? {};
    // A publisher whose server dies asks the other one; the event id makes that harmless.
    for (let attempt = 0; ; attempt += 1) {
      const server = servers[(index + attempt) % servers.length];
      const answer = await fetch(`${server?.baseUrl}/v1/realtime-events?loginId=${encodeURIComponent(loginId)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), 'content-type': 'application/json' },
        body: JSON.stringify(event),
      }).catch(() => undefined);
      if (answer?.status === 202) break;
      if (attempt > 50) throw new Error(`The event is not taken: ${answer?.status}`);
      if (attempt > 4) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    accepted.push(eventId);
  };
  let next = 0;
  const publisher = async (): Promise<void> => {
    while (next < eventCount) {
      next += 1;
      await publishOne(next - 1);
    }
  };
  let kills = 0;
  const killOne = async (): Promise<void> => {
    const index = kills % servers.length;
    servers[index]?.child.kill('SIGKILL');
    servers[index] = await startServer();
    kills += 1;
  };
  const killer = async (): Promise<void> => {
    if (secondsBetweenKills !== undefined) {
      while (accepted.length < eventCount) {
        await new Promise((resolve) => setTimeout(resolve, secondsBetweenKills * 1000));
        await killOne();
      }
      return;
    }
    for (let threshold = eventsBetweenKills; threshold < eventCount; threshold += eventsBetweenKills) {
      await eventually(() => accepted.length >= threshold, { deadlineMs: 120_000 });
      await killOne();
    }
  };
  await Promise.all([killer(), ...Array.from({ length: publishersAtOnce }, publisher)]);
  expect(kills).toBeGreaterThanOrEqual(4);
  expect(accepted).toHaveLength(eventCount);

  await eventually(
    async () => {
      const [left] = await sql<{ count: bigint }[]>`
        select (select count(*) from alert_event_queue where dead_at is null)
          + (select count(*) from alert_deliveries where status = 'IN_PROCESS') as count`;
      return left?.count === 0n;
    },
    { deadlineMs: 60_000 + eventCount * 20, pauseMs: 100 },
  );
  const ends = await sql<{ event_id: string; status: string; failure: string | null; tries: number }[]>`
    select e.event_id, d.status, d.failure, d.tries
    from alert_events e join alert_outcomes o using (institution_id, event_seq)
      join alert_deliveries d on d.institution_id = o.institution_id and d.alert_outcome_id = o.alert_outcome_id
    where e.institution_id = ${institutionId} and e.producer = 'PUBLISH'`;
  expect(ends.map(({ event_id }) => event_id).sort()).toEqual([...accepted].sort());
  expect(ends.filter(({ status, failure }) => (status === 'SUCCESS') !== (failure === null))).toEqual([]);
  expect(ends.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(eventCount * 0.9);
  const letters = await sql<{ message_id: string; status: string; failure: string | null; attempts: number }[]>`
    select message_id, status, failure, attempts from messages
    where institution_id = ${institutionId} and template = 'PARTNER_NOTICE'`;
  expect(letters).toHaveLength(eventCount);
  expect(letters.filter(({ status, failure }) => status !== 'sent' && (status !== 'dead' || failure === null))).toEqual([]);
  // One id, one content; and never asked more often than tries are recorded.
  expect([...received.values()].filter((contents) => contents.size !== 1)).toEqual([]);
  expect(letters.filter(({ message_id, attempts }) => sumOf(message_id, 'asked') > attempts)).toEqual([]);
  // Every message that counts as delivered was taken by the provider.
  const sent = letters.filter(({ status }) => status === 'sent');
  expect(sent.filter(({ message_id }) => sumOf(message_id, 'taken') === 0)).toEqual([]);
  // Only what a killed process had not yet written down can be taken twice.
  const twice = letters.filter(({ message_id }) => sumOf(message_id, 'taken') > 1).length;
  const dead = letters.length - sent.length;
  console.info(`${eventCount} events, ${kills} kills, ${requests} requests, ${dead} dead letters, ${twice} taken twice.`);
  expect(twice).toBeLessThan(kills * takenTwiceByKill);
});
