import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../db/database.ts';
import { type JobRunner, startJobs } from '../jobs/job-runner.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { destroyDataKeysOf, rotateDataKeyOf } from '../personal-data/data-key-commands.ts';
import { openPersonalData } from '../personal-data/open-personal-data.ts';
import { reencryptPersonalData } from '../personal-data/reencrypt.ts';
import { type Delivery, type DeliveryOptions, openDelivery } from './delivery.ts';
import { isGoodWebhook } from './webhook-signature.ts';

const institution = { institutionId: '00042', name: 'Sample Valley <Credit> Union' };
const secret = 'a-secret-of-the-webhook-that-is-long-enough';
const keyRing = createKeyRing(randomBytes(32));

interface Row {
  readonly status: string;
  readonly attempts: number;
  readonly failure: string | null;
  readonly provider_reference: string | null;
  readonly content_sealed: Buffer | null;
}

let testDatabase: TestDatabase;
const running: { delivery: Delivery; jobs: JobRunner }[] = [];

function optionsOf(options: Partial<DeliveryOptions>): DeliveryOptions {
  return {
    sql: testDatabase.database.sql,
    keyRing,
    personalData: openPersonalData(testDatabase.database.sql, keyRing),
    log: silentLog,
    providers: { mail: undefined, webhook: undefined },
    institutionIds: () => [institution.institutionId],
    retryDelaySeconds: () => 0,
    ...options,
  };
}

/** A process of its own but for the memory: queue, adapters and workers. */
async function start(options: Partial<DeliveryOptions>): Promise<Delivery> {
  const delivery = await openDelivery(optionsOf(options));
  running.push({ delivery, jobs: await startJobs(testDatabase.target, delivery.jobs, silentLog) });
  return delivery;
}

async function stopAll(): Promise<void> {
  for (const { jobs, delivery } of running.splice(0)) {
    await jobs.stop();
    await delivery.close();
  }
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await testDatabase.database.sql`
    insert into institutions (institution_id, name) values (${institution.institutionId}, ${institution.name})`;
});
afterEach(stopAll);
afterAll(() => testDatabase.drop());

function inTransaction<Value>(work: (tx: Tx) => Promise<Value>) {
  return testDatabase.database.sql.begin(async (tx) => ({ value: await work(tx) })).then(({ value }) => value);
}

const texting = { institution, now: new Date(), channel: 'SMS', recipient: '+12015550142', template: 'passcode' } as const;
const passcode = { passcode: '048213', minutes: '10' };

function queuePasscode(delivery: Delivery): Promise<string> {
  return inTransaction((tx) => delivery.queue(tx, { ...texting, values: passcode, usableForSeconds: 600 }));
}

async function rowOf(messageId: string): Promise<Row> {
  const [row] = await testDatabase.database.sql<Row[]>`
    select status, attempts, failure, provider_reference, content_sealed from messages
    where institution_id = ${institution.institutionId} and message_id = ${messageId}`;
  if (row === undefined) throw new Error('There is no such message.');
  return row;
}

function finished(messageId: string): Promise<Row> {
  return eventually(
    async () => {
      const row = await rowOf(messageId);
      return row.status === 'sent' || row.status === 'dead' ? row : undefined;
    },
    { deadlineMs: 15_000 },
  );
}

describe('text messages, calls and push messages', () => {
  interface Received {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  let service: Server;
  let url: string;
  let received: Received[];
  let answers: ((received: Received) => { status: number; body?: string } | 'silence' | 'cut')[];

  beforeEach(async () => {
    received = [];
    answers = [];
    service = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        received.push({ headers, body });
        const answer = answers.shift()?.({ headers, body }) ?? { status: 200, body: '{"reference":"provider-1"}' };
        if (answer === 'silence') return;
        if (answer === 'cut') return void request.socket.destroy();
        response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body ?? '');
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = service.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/messages`;
  });
  afterEach(() => {
    service.closeAllConnections();
    service.close();
  });
  const webhook = () => ({ mail: undefined, webhook: { url, secret } });

  test('arrive once, signed, with their id, and nothing readable stays behind', async () => {
    const delivery = await start({ providers: webhook() });
    const messageId = await queuePasscode(delivery);
    const row = await finished(messageId);
    expect(row).toMatchObject({
      status: 'sent',
      attempts: 1,
      failure: null,
      provider_reference: 'provider-1',
      content_sealed: null,
    });
    expect(received).toHaveLength(1);
    const [request] = received;
    if (request === undefined) throw new Error('Nothing was received.');
    expect(JSON.parse(request.body)).toEqual({
      messageId,
      institutionId: '00042',
      channel: 'SMS',
      to: '+12015550142',
      text: 'Sample Valley <Credit> Union: your passcode is 048213. It is good for 10 minutes. We never ask for it: tell it to nobody.',
      template: 'passcode',
      locale: 'en',
    });
    const { headers, body } = request;
    const signed = { signature: headers['openbranch-signature'] ?? '', timestamp: headers['openbranch-timestamp'] ?? '', body };
    const now = Math.floor(Date.now() / 1000);
    expect(headers['openbranch-message-id']).toBe(messageId);
    expect(isGoodWebhook(secret, signed, now)).toBe(true);
    expect(isGoodWebhook(secret, { ...signed, body: body.replace('048213', '048214') }, now)).toBe(false);
    expect(isGoodWebhook(`${secret}x`, signed, now)).toBe(false);
    expect(isGoodWebhook(secret, signed, now + 301)).toBe(false);
    expect(isGoodWebhook(secret, { ...signed, timestamp: String(Number(signed.timestamp) + 1) }, now)).toBe(false);
  });

  test('are tried again with the same id and the same words until the service takes them', async () => {
    const delivery = await start({ providers: webhook() });
    answers.push(
      () => ({ status: 500 }),
      () => 'cut',
      () => ({ status: 429 }),
      () => ({ status: 503 }),
    );
    const row = await finished(await queuePasscode(delivery));
    expect(row).toMatchObject({ status: 'sent', attempts: 5, failure: null });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['openbranch-message-id'])).size).toBe(1);
  });

  test('a service that does not answer in time counts as a failed try', async () => {
    const delivery = await start({ providers: webhook(), tryTimeoutMs: 150 });
    answers.push(() => 'silence');
    const row = await finished(await queuePasscode(delivery));
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test.each([400, 404, 410, 422])('a refusal with %i is final: no second try', async (status) => {
    const delivery = await start({ providers: webhook() });
    answers.push(() => ({ status }));
    const row = await finished(await queuePasscode(delivery));
    expect(row).toMatchObject({ status: 'dead', attempts: 1, failure: `webhook_${status}` });
  });

  test('a redirect is not followed: nobody else gets the message', async () => {
    const delivery = await start({ providers: webhook() });
    answers.push(() => ({ status: 307 }));
    expect(await finished(await queuePasscode(delivery))).toMatchObject({ status: 'dead', failure: 'webhook_307' });
    expect(received).toHaveLength(1);
  });

  test('after the last try a message is a dead letter, and a dead passcode is not kept', async () => {
    const said: string[] = [];
    const log = { ...silentLog, error: (line: string) => void said.push(line) };
    const outcomes: string[] = [];
    const onTried = (channel: string, outcome: string) => void outcomes.push(`${channel} ${outcome}`);
    const delivery = await start({ providers: webhook(), maxAttempts: 3, log, onTried });
    answers.push(...Array.from({ length: 3 }, () => () => ({ status: 500 })));
    const messageId = await queuePasscode(delivery);
    expect(await finished(messageId)).toMatchObject({
      status: 'dead',
      attempts: 3,
      failure: 'webhook_500',
      content_sealed: null,
    });
    expect(said).toEqual([`Message ${messageId} (SMS, passcode) was given up after 3 tries: webhook_500.`]);
    expect(outcomes).toEqual(['SMS failed', 'SMS failed', 'SMS dead']);
  });

  test('a passcode that came too late is not sent', async () => {
    const delivery = await start({ providers: webhook() });
    const messageId = await inTransaction((tx) => delivery.queue(tx, { ...texting, values: passcode, usableForSeconds: 0 }));
    expect(await finished(messageId)).toMatchObject({ status: 'dead', failure: 'too_late', content_sealed: null });
    expect(received).toHaveLength(0);
  });

  test('two processes share the work and send no message twice', async () => {
    const [one, other] = await Promise.all([start({ providers: webhook() }), start({ providers: webhook() })]);
    const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => queuePasscode(index % 2 === 0 ? one : other)));
    for (const id of ids) expect((await finished(id)).status).toBe('sent');
    expect(received.map(({ headers }) => headers['openbranch-message-id']).sort()).toEqual([...ids].sort());
  });

  test('what is rolled back is not sent', async () => {
    const delivery = await start({ providers: webhook() });
    const failing = inTransaction(async (tx) => {
      await delivery.queue(tx, { ...texting, values: passcode });
      throw new Error('the operation failed');
    });
    await expect(failing).rejects.toThrow('the operation failed');
    await finished(await queuePasscode(delivery));
    expect(received).toHaveLength(1);
  });

  test("an institution's own words are used, and broken ones are refused when the message is queued", async () => {
    const { sql } = testDatabase.database;
    const delivery = await start({ providers: webhook() });
    const write = (text: string) => sql`
      insert into message_templates (institution_id, template, channel, locale, body_text)
      values (${institution.institutionId}, 'passcode', 'SMS', 'en', ${text})
      on conflict on constraint message_templates__pk do update set body_text = excluded.body_text`;
    await write('Code {{passcode}}');
    await finished(await queuePasscode(delivery));
    expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject({ text: 'Code 048213' });
    await write('Code {{pascode}}');
    await expect(queuePasscode(delivery)).rejects.toThrow('{{pascode}}');
    await sql`delete from message_templates where institution_id = ${institution.institutionId}`;
  });
});

test('a channel that nobody is set up for can be known beforehand, and its messages are dead letters', async () => {
  const delivery = await start({});
  expect((['EMAIL', 'SMS', 'VOICE', 'PUSH'] as const).filter(delivery.canSend)).toEqual([]);
  expect(await finished(await queuePasscode(delivery))).toMatchObject({ status: 'dead', failure: 'no_provider' });
});

test('while a message waits, neither its recipient nor its words can be read from the database', async () => {
  const delivery = await openDelivery({
    sql: testDatabase.database.sql,
    keyRing,
    personalData: openPersonalData(testDatabase.database.sql, keyRing),
    log: silentLog,
    providers: { mail: undefined, webhook: undefined },
    institutionIds: () => [],
  });
  const messageId = await queuePasscode(delivery);
  const [row] = await testDatabase.database.sql<{ everything: string }[]>`
    select m::text || (select coalesce(string_agg(j::text, ''), '') from graphile_worker._private_jobs j) as everything
    from messages m where institution_id = ${institution.institutionId} and message_id = ${messageId}`;
  for (const hex of ['048213', '2015550142'].flatMap((text) => [text, Buffer.from(text).toString('hex')]))
    expect(row?.everything).not.toContain(hex);
  await delivery.close();
});

describe('the data key of the institution', () => {
  const { institutionId } = institution;
  const sealedUnder = async (messageId: string) => (await rowOf(messageId)).content_sealed?.readUInt32BE(1);

  test('seals the words: a rotation moves waiting messages and the inbox under the new key, and they arrive', async () => {
    const inboxed = await start({ providers: 'inbox' });
    const shown = await queuePasscode(inboxed);
    await finished(shown);
    await stopAll();
    const delivery = await openDelivery(optionsOf({}));
    const waiting = await queuePasscode(delivery);
    await delivery.close();
    const before = await sealedUnder(waiting);
    expect(await sealedUnder(shown)).toBe(before);
    const keyNumber = await rotateDataKeyOf({ sql: testDatabase.database.sql, keyRing }, institutionId);
    expect(await reencryptPersonalData(testDatabase.database.sql, keyRing, [institutionId], silentLog)).toBeGreaterThan(1);
    expect([await sealedUnder(waiting), await sealedUnder(shown)]).toEqual([keyNumber, keyNumber]);
    expect(keyNumber).not.toBe(before);
    const after = await start({ providers: 'inbox' });
    expect(await finished(waiting)).toMatchObject({ status: 'sent' });
    expect((await after.inbox?.find(institutionId, shown))?.passcode).toBe('048213');
  });

  test('destroyed, it takes every message with it: the inbox is empty, and nothing that waits is sent', async () => {
    const inboxed = await start({ providers: 'inbox' });
    const shown = await queuePasscode(inboxed);
    await finished(shown);
    await stopAll();
    const delivery = await openDelivery(optionsOf({}));
    const waiting = await queuePasscode(delivery);
    // Sealed by a process that has not heard of the destruction yet.
    const personalData = openPersonalData(testDatabase.database.sql, keyRing);
    await personalData.prepare(institutionId);
    await destroyDataKeysOf({ sql: testDatabase.database.sql, keyRing }, institutionId);
    const late = await queuePasscode(await openDelivery(optionsOf({ personalData })));
    await delivery.close();
    expect(await finished(waiting)).toMatchObject({ status: 'dead', failure: 'key_destroyed', content_sealed: null });
    const after = await start({ providers: 'inbox' });
    expect(await finished(late)).toMatchObject({ status: 'dead', failure: 'key_destroyed' });
    expect(await after.inbox?.list({ institutionIds: [institutionId] })).toEqual([]);
    const next = await queuePasscode(after);
    expect(await finished(next)).toMatchObject({ status: 'sent' });
    expect((await after.inbox?.find(institutionId, next))?.passcode).toBe('048213');
  });
});

describe('e-mail', () => {
  let server: SMTPServer;
  let smtpUrl: string;
  let mails: { from: string; to: string[]; source: string }[];
  let refusal: { code: number; times: number } | undefined;

  beforeEach(async () => {
    mails = [];
    refusal = undefined;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        let source = '';
        stream.on('data', (part) => (source += String(part)));
        stream.on('end', () => {
          if (refusal !== undefined && refusal.times > 0) {
            refusal.times -= 1;
            return done(Object.assign(new Error('no'), { responseCode: refusal.code }));
          }
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), source });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = server.server.address();
    smtpUrl = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterEach(async () => {
    // A server waits for the connections that the pool keeps.
    await stopAll();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const providers = () => ({ mail: { smtpUrl, from: 'Example Bank <no-reply@bank.example>' }, webhook: undefined });
  const mailing = { institution, now: new Date(), channel: 'EMAIL', recipient: 'pat.demo@example.com' } as const;

  function queueWelcome(delivery: Delivery, recipient: string = mailing.recipient): Promise<string> {
    const values = { firstName: 'Pat <b>', signInUrl: 'https://bank.example/sign-in' };
    return inTransaction((tx) => delivery.queue(tx, { ...mailing, recipient, template: 'welcome', values }));
  }

  test('reaches a real SMTP server as text and HTML, from the institution, with a stable Message-ID', async () => {
    const delivery = await start({ providers: providers() });
    const messageId = await queueWelcome(delivery);
    expect(await finished(messageId)).toMatchObject({
      status: 'sent',
      provider_reference: `<${messageId}@bank.example>`,
      content_sealed: null,
    });
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'no-reply@bank.example', to: ['pat.demo@example.com'] });
    expect(mail?.source).toContain(`Message-ID: <${messageId}@bank.example>`);
    expect(mail?.source).toMatch(/Content-Type: multipart\/alternative/u);
    expect(mail?.source).toContain('Hello Pat <b>,');
    expect(mail?.source).toContain('Hello Pat &lt;b&gt;,');
  });

  test('a mailbox that is busy is tried again, one that does not exist is not', async () => {
    const delivery = await start({ providers: providers() });
    refusal = { code: 451, times: 2 };
    expect(await finished(await queueWelcome(delivery))).toMatchObject({ status: 'sent', attempts: 3 });
    refusal = { code: 550, times: 1 };
    const dead = await finished(await queueWelcome(delivery));
    expect(dead).toMatchObject({ status: 'dead', attempts: 1, failure: 'smtp_550' });
    // Somebody may want to send it by hand: a dead letter keeps its words for a week, sealed.
    expect(dead.content_sealed).not.toBeNull();
  });

  test('an address can name one recipient only', async () => {
    const delivery = await start({ providers: providers() });
    const row = await finished(await queueWelcome(delivery, 'a@example.com, b@example.com'));
    expect(mails.flatMap(({ to }) => to)).not.toContain('b@example.com');
    expect(row.status).toBe('dead');
  });

  test('mails wait while the server is away', async () => {
    const delivery = await start({
      providers: { mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'a@bank.example' }, webhook: undefined },
      maxAttempts: 1,
    });
    expect(await finished(await queueWelcome(delivery))).toMatchObject({ status: 'dead', failure: 'smtp_esocket' });
  });
});
