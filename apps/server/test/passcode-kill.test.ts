import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { eventually } from '@openbranch/testkit/eventually';
import { call, callToken, type LiveAnswer, textIn } from '@openbranch/testkit/live-calls';
import {
  endProcess,
  freePort,
  makeDataDirectory,
  programs,
  type RunningProcess,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../src/platform/db/database.ts';
import { createKeyRing } from '../src/platform/keys/key-ring.ts';
import { createPasswordHasher } from '../src/platform/passwords/password-hasher.ts';
import { createSandboxSeed, describeSandbox } from '../src/products/sandbox/index.ts';

/**
 * The whole server in production mode, killed between the call that asks for a passcode and the service that brings it to
 * a phone. Four moments, in turn; each is brought about and not hoped for.
 */
const moments = ['acknowledged', 'in the hand of the service', 'asked for on the page', 'not yet acknowledged'] as const;
const kills = 20;
const institutionId = '00042';
const masterKey = randomBytes(32);

let testDatabase: TestDatabase;
let sql: Sql;
let service: Server;
let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
let settings: Record<string, string>;
let baseUrl: string;
let server: RunningProcess;
/** What the service was handed, by message id: a repetition must bring the same words. */
const received = new Map<string, Set<string>>();
/** The recipients' passcodes, in the order in which they came. */
const passcodesByNumber = new Map<string, string[]>();
let answersAtOnce = true;

beforeAll(async () => {
  [testDatabase, directory] = await Promise.all([createTestDatabase(), makeDataDirectory()]);
  ({ sql } = testDatabase.database);
  service = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    if (body === '') return;
    const { messageId, to, text: words } = JSON.parse(body);
    received.set(messageId, (received.get(messageId) ?? new Set()).add(body));
    const passcode = /passcode is ([0-9]{6})/u.exec(words)?.[1] ?? '';
    const codes = passcodesByNumber.get(to) ?? [];
    if (!codes.includes(passcode)) passcodesByNumber.set(to, [...codes, passcode]);
    if (answersAtOnce) response.end();
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const port = await freePort();
  baseUrl = `http://127.0.0.1:${port}`;
  settings = {
    PORT: String(port),
    DATABASE_URL: testDatabase.target.url,
    OPENBRANCH_MODE: 'production',
    OPENBRANCH_DATA_DIR: directory.path,
    OPENBRANCH_LOG_FILE: `${directory.path}.log`,
    OPENBRANCH_MASTER_KEY: masterKey.toString('base64'),
    OPENBRANCH_PUBLIC_URL: baseUrl,
    OPENBRANCH_SMTP_URL: 'smtp://127.0.0.1:1',
    OPENBRANCH_MAIL_FROM: 'no-reply@example.org',
    OPENBRANCH_DELIVERY_WEBHOOK_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`,
    OPENBRANCH_DELIVERY_WEBHOOK_SECRET: randomBytes(32).toString('hex'),
  };
});

afterAll(async () => {
  if (server !== undefined) await endProcess(server);
  service.closeAllConnections();
  service.close();
  await testDatabase.drop();
  await directory.remove();
});

test(`killed ${kills} times between queueing and sending, the server loses no passcode and leaves nobody with two that are good`, {
  timeout: 900_000,
}, async () => {
  const { application, customers } = await plant();
  await start();
  const granted = await callToken(baseUrl, application, institutionId, { grant_type: 'client_credentials' });
  const authorization = `Bearer ${textIn(granted, 'access_token')}`;
  const people = await Promise.all(customers.map((customer) => withPhone(customer, authorization)));
  expect(people.length).toBeGreaterThanOrEqual(5);
  const acknowledged: string[] = [];
  const asked: { institutionUserId: string; after: bigint }[] = [];

  for (let round = 0; round < kills; round += 1) {
    const person = people[round % people.length] ?? people[0];
    if (person === undefined) throw new Error('Nobody has a phone.');
    const sendPasscode = () => ask(person, authorization);
    answersAtOnce = true;
    switch (moments[round % moments.length]) {
      case 'acknowledged':
        acknowledged.push(traceOf(await sendPasscode()));
        await kill();
        break;
      case 'in the hand of the service': {
        answersAtOnce = false;
        const before = received.size;
        acknowledged.push(traceOf(await sendPasscode()));
        await eventually(() => received.size > before);
        await kill();
        break;
      }
      case 'asked for on the page':
        asked.push({ institutionUserId: person.institutionUserId, after: await latestActivity() });
        await whileLocked(person.institutionUserId, async () => {
          const form = { institution: institutionId, loginName: person.loginId, channel: 'SMS' };
          const answer = await fetch(`${baseUrl}/recover/send`, { method: 'POST', body: new URLSearchParams(form) });
          expect(answer.status).toBe(200);
          await untilSomebodyWaits();
          await kill();
        });
        break;
      default: {
        const sending = sendPasscode().catch(() => undefined);
        await whileLocked(person.institutionUserId, untilSomebodyWaits);
        await kill();
        const answer = await sending;
        if (answer !== undefined) acknowledged.push(traceOf(answer));
      }
    }
    await letTimePass();
    await start();
  }
  answersAtOnce = true;
  await eventually(async () => (await unfinished()) === 0, { deadlineMs: 180_000, pauseMs: 100 });

  const messages = await sql<{ message_id: string; status: string }[]>`
    select message_id, status from messages where institution_id = ${institutionId}`;
  expect(messages.filter(({ status }) => status !== 'sent')).toEqual([]);
  expect(messages.map(({ message_id: id }) => id).sort()).toEqual([...received.keys()].sort());
  expect([...received.values()].filter((bodies) => bodies.size !== 1)).toEqual([]);
  const sent = await sql<{ trace_id: string | null }[]>`
    select trace_id from activities where institution_id = ${institutionId} and kind = 'passcode_sent'`;
  expect(sent).toHaveLength(messages.length);
  expect(acknowledged.filter((traceId) => sent.filter((row) => row.trace_id === traceId).length !== 1)).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills / 2);
  expect(asked).toHaveLength(kills / 4);
  // Whoever asked on the page was sent a passcode since: for that, or by a later call that came before it.
  for (const { institutionUserId, after } of asked) {
    const since = await sql`
      select 1 from activities where institution_id = ${institutionId} and kind = 'passcode_sent'
        and institution_user_id = ${institutionUserId} and activity_id > ${after}`;
    expect(since.length).toBeGreaterThan(0);
  }
  for (const person of people) {
    const accepted: string[] = [];
    const codes = passcodesByNumber.get(person.number) ?? [];
    // More would end the passcode by wrong tries alone.
    expect(codes.length).toBeLessThanOrEqual(5);
    for (const passcode of codes) if (await isAccepted(person, passcode, authorization)) accepted.push(passcode);
    expect(accepted.length).toBe(codes.length === 0 ? 0 : 1);
  }
});

/** Customers as in a sandbox, and rules that let them be sent to again and again. */
async function plant() {
  const keyRing = createKeyRing(masterKey);
  const seed = createSandboxSeed(keyRing, createPasswordHasher(keyRing));
  await seed.plant(sql, new Date());
  const passcodes = { resendSeconds: 0, sendsPerQuarterHour: 100, sendsPerDay: 100, contactChangeHours: 0 };
  await sql`update institutions set policies = ${sql.json({ passcodes })} where institution_id = ${institutionId}`;
  await sql`update applications set spike_per_second = 0, quota_per_day = 0`;
  const institution = describeSandbox(seed, baseUrl).institutions.find((one) => one.institutionId === institutionId);
  const [application] = institution?.applications ?? [];
  if (institution === undefined || application === undefined) throw new Error('The sandbox is empty.');
  const customers = institution.customers.filter(({ state, userType }) => state === 'active' && userType === 'RETAIL');
  return { application, customers };
}

type Customer = Awaited<ReturnType<typeof plant>>['customers'][number];
type Person = Pick<Customer, 'customerId' | 'institutionUserId' | 'loginId'> & {
  readonly contactMethodId: string;
  readonly number: string;
};

async function withPhone({ customerId, institutionUserId, loginId }: Customer, authorization: string): Promise<Person> {
  const answer = await call(`${baseUrl}/ux-users/v1/customers/${customerId}/contact-methods`, { headers: { authorization } });
  const methods = answer.body?.['contactMethods'];
  const phone: unknown = Array.isArray(methods) ? methods.find((method) => method.protocol === 'SMS') : undefined;
  const part = (name: string) => String(typeof phone === 'object' && phone !== null ? Reflect.get(phone, name) : '');
  const number = `+${part('telephoneCountryCode')}${part('contactInfo')}`;
  return { customerId, institutionUserId, loginId, contactMethodId: part('id'), number };
}

async function ask({ customerId, contactMethodId }: Person, authorization: string): Promise<LiveAnswer> {
  const url = `${baseUrl}/v1/customers/${customerId}:reset-password`;
  const answer = await call(url, { method: 'PUT', headers: { authorization }, json: { contactMethodId } });
  expect(answer.status).toBe(204);
  return answer;
}

function traceOf({ traceId }: LiveAnswer): string {
  return traceId;
}

async function isAccepted({ customerId }: Person, passcode: string, authorization: string): Promise<boolean> {
  const url = `${baseUrl}/v1/password-resets/${customerId}:verify`;
  return (await call(url, { headers: { authorization }, json: { passcode } })).status === 200;
}

async function start(): Promise<void> {
  server = startProgram(programs.server, [], settings);
  await untilReady(server);
}

async function kill(): Promise<void> {
  server.child.kill('SIGKILL');
  await server.ended;
}

/** Holds up whoever wants to change the login of this user. */
async function whileLocked(institutionUserId: string, work: () => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      select 1 from credentials
      where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} for update`;
    await work();
  });
}

async function untilSomebodyWaits(): Promise<void> {
  await eventually(async () => {
    const waiting = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%credentials%'`;
    return waiting.length > 0;
  });
}

/** The minutes after which what a dead process had in hand is given to another one. */
async function letTimePass(): Promise<void> {
  await sql`
    update messages set next_attempt_at = next_attempt_at - interval '5 minutes'
    where institution_id = ${institutionId} and status in ('queued', 'sending', 'failed')`;
  await sql`update graphile_worker._private_jobs set locked_at = locked_at - interval '5 minutes'`;
}

async function unfinished(): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`
    select (select count(*) from messages where institution_id = ${institutionId} and status <> 'sent')
      + (select count(*) from graphile_worker.jobs where task_identifier = 'send_requested_passcode') as count`;
  return Number(row?.count ?? 0);
}

async function latestActivity(): Promise<bigint> {
  const [row] = await sql<{ latest: bigint | null }[]>`
    select max(activity_id) as latest from activities where institution_id = ${institutionId}`;
  return row?.latest ?? 0n;
}
