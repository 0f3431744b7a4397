import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeyRing } from '../keys/key-ring.ts';
import { openPersonalData } from '../personal-data/open-personal-data.ts';
import { claimBulk, settleBulk } from './bulk-store.ts';
import type { Channel } from './channel.ts';
import type { BulkMessage } from './create-queue-bulk.ts';
import { retryDeadLetters } from './dead-letters.ts';
import { type Delivery, type DeliveryOptions, openDelivery, type Providers } from './delivery.ts';
import { saveFault } from './delivery-fault.ts';
import { signWebhook } from './webhook-signature.ts';

const one = '00042';
const other = '00077';
const secret = 'a-secret-of-the-webhook-that-is-long-enough';
const keyRing = createKeyRing(randomBytes(32));

interface Row {
  readonly message_id: string;
  readonly status: string;
  readonly attempts: number;
  readonly failure: string | null;
  readonly provider_reference: string | null;
}

interface Request {
  readonly messageId: string;
  readonly institutionId: string;
  readonly channel: Channel;
  readonly text: string;
}

let own: TestDatabase;
let service: Server;
let url: string;
let received: Request[];
/** Answers a request of the service now or later. */
let answer: (request: Request, respond: (status: number, body?: string) => void) => void;
const opened: Delivery[] = [];

beforeAll(async () => {
  own = await createTestDatabase();
  await own.database.sql`insert into institutions (institution_id, name) values (${one}, 'One'), (${other}, 'Two')`;
});
afterAll(() => own.drop());

beforeEach(async () => {
  received = [];
  answer = (_request, respond) => respond(200);
  service = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (part) => (body += String(part)));
    incoming.on('end', () => {
      const request: Request = JSON.parse(body);
      received.push(request);
      answer(request, (status, text = '') => void response.writeHead(status).end(text));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portOf(service.address())}/`;
});
afterEach(async () => {
  // What is still silent ends here, so that nobody waits for it.
  answer = (_request, respond) => respond(503);
  service.closeAllConnections();
  await Promise.all(opened.splice(0).map((delivery) => delivery.close()));
  service.close();
  await own.database.sql`delete from messages where institution_id in (${one}, ${other})`;
});

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
  return address.port;
}

const webhook = (): Providers => ({ mail: undefined, webhook: { url, secret } });

/** A process of its own but for the memory. It sends only when it was started. */
async function open(options: Partial<DeliveryOptions> = {}): Promise<Delivery> {
  const { sql } = own.database;
  const personalData = openPersonalData(sql, keyRing);
  await Promise.all([personalData.prepare(one), personalData.prepare(other)]);
  const delivery = await openDelivery({
    ...{ sql, keyRing, personalData, log: silentLog, providers: webhook() },
    institutionIds: () => [one, other],
    ...options,
  });
  opened.push(delivery);
  return delivery;
}

async function start(options: Partial<DeliveryOptions> = {}): Promise<Delivery> {
  const delivery = await open(options);
  delivery.start();
  return delivery;
}

function toMessage(channel: Channel, messageId: string = randomUUID()): BulkMessage {
  const recipient = channel === 'EMAIL' ? 'pat.demo@example.com' : '+12015550142';
  const words = { subject: channel === 'EMAIL' ? 'A notice' : undefined, html: undefined, text: `Number ${messageId}` };
  return {
    ...{ messageId, channel, template: 'PARTNER_NOTICE', locale: 'en_US', institutionUserId: undefined },
    content: { recipient, ...words },
  };
}

const messagesOf = (count: number, channel: Channel): BulkMessage[] => Array.from({ length: count }, () => toMessage(channel));
const idsOf = (messages: readonly { readonly messageId: string }[]): string[] =>
  messages.map(({ messageId }) => messageId).sort();

async function queue(delivery: Delivery, institutionId: string, messages: readonly BulkMessage[]): Promise<void> {
  const actions: (() => void)[] = [];
  await own.database.sql.begin((tx) =>
    delivery.queueBulk({ sql: tx, afterCommit: (action) => void actions.push(action) }, institutionId, new Date(), messages),
  );
  for (const action of actions) action();
}

async function rowsOf(institutionId: string, messages: readonly BulkMessage[]): Promise<Row[]> {
  return own.database.sql<Row[]>`
    select message_id, status, attempts, failure, provider_reference from messages
    where institution_id = ${institutionId} and message_id = any(${idsOf(messages)}::uuid[]) order by message_id`;
}

/** When all have ended. */
function ended(institutionId: string, messages: readonly BulkMessage[]): Promise<Row[]> {
  return eventually(async () => {
    const rows = await rowsOf(institutionId, messages);
    return rows.every(({ status }) => status === 'sent' || status === 'dead') && rows.length === messages.length
      ? rows
      : undefined;
  });
}

const sentAtOnce = (messages: readonly BulkMessage[]) =>
  idsOf(messages).map((message_id) => expect.objectContaining({ message_id, status: 'sent', attempts: 1, failure: null }));

/** Their rest, or the lease of whoever has them, is over. */
const makeDue = (messages: readonly BulkMessage[]) => own.database.sql`
  update messages set next_attempt_at = clock_timestamp() - interval '1 second'
  where institution_id = ${one} and message_id = any(${idsOf(messages)}::uuid[])`;

describe('messages in bulk', () => {
  test('are sent by the process that queued them, once they are committed, and never when they are rolled back', async () => {
    const delivery = await start();
    const lost = messagesOf(3, 'SMS');
    const failing = own.database.sql.begin(async (tx) => {
      await delivery.queueBulk({ sql: tx, afterCommit: () => undefined }, one, new Date(), lost);
      throw new Error('the batch failed');
    });
    await expect(failing).rejects.toThrow('the batch failed');
    const messages = messagesOf(300, 'SMS');
    await queue(delivery, one, messages);
    expect(await ended(one, messages)).toEqual(sentAtOnce(messages));
    expect(idsOf(received)).toEqual(idsOf(messages));
  });

  test('are shared by two processes, each sent by one of them', async () => {
    const messages = messagesOf(600, 'SMS');
    await queue(await open(), one, messages);
    await Promise.all([start(), start()]);
    expect(await ended(one, messages)).toEqual(sentAtOnce(messages));
    expect(idsOf(received)).toEqual(idsOf(messages));
  });

  test('keep their words when their id is queued again', async () => {
    const delivery = await start();
    const message = toMessage('SMS');
    await queue(delivery, one, [message]);
    await ended(one, [message]);
    const next = toMessage('SMS');
    await queue(delivery, one, [{ ...message, content: { ...message.content, text: 'Something else' } }, next]);
    await ended(one, [next]);
    expect(received.map(({ messageId, text }) => [messageId, text])).toEqual([
      [message.messageId, message.content.text],
      [next.messageId, next.content.text],
    ]);
  });

  test('are left to another process when the lease of the first is over, whose late answer changes nothing', async () => {
    const late: (() => void)[] = [];
    answer = (_request, respond) =>
      received.length === 1
        ? void late.push(() => respond(200, '{"reference":"first"}'))
        : respond(200, '{"reference":"second"}');
    const ends: string[] = [];
    const slow = await start({ onTried: (_channel, outcome) => void ends.push(outcome) });
    const message = toMessage('SMS');
    await queue(slow, one, [message]);
    await eventually(() => late.length === 1);
    await start();
    // The lease holds: what comes after it is sent, and it is not.
    const next = toMessage('PUSH');
    await queue(await open(), one, [next]);
    await ended(one, [next]);
    expect(await rowsOf(one, [message])).toMatchObject([{ status: 'sending', attempts: 1 }]);
    await makeDue([message]);
    const taken = { status: 'sent', attempts: 2, provider_reference: 'second' };
    expect(await ended(one, [message])).toMatchObject([taken]);
    for (const respond of late) respond();
    await eventually(() => ends.length > 0);
    expect(await rowsOf(one, [message])).toMatchObject([taken]);
  });

  test('that a process holds and has not tried are given back as they were', async () => {
    const { sql } = own.database;
    const message = toMessage('VOICE');
    await queue(await open(), one, [message]);
    const [claimed] = await claimBulk(sql, { institutionId: one, channel: 'VOICE' }, 10, 60_000);
    expect(claimed).toMatchObject({ messageId: message.messageId, attempts: 1 });
    const end = { messageId: message.messageId, attempts: 1, status: 'queued' as const };
    const nothing = { providerReference: undefined, failure: undefined, retryInSeconds: undefined };
    await sql.begin((tx) => settleBulk(tx, one, [{ ...end, ...nothing }], false));
    expect(await rowsOf(one, [message])).toMatchObject([{ status: 'queued', attempts: 0 }]);
    await start();
    expect(await ended(one, [message])).toEqual(sentAtOnce([message]));
  });

  test('whose provider never answers end as dead letters after their tries, because of the time', async () => {
    answer = () => undefined;
    await start({ tryTimeoutMs: 300, maxBulkAttempts: 2, bulkRetrySeconds: () => 0 });
    const messages = messagesOf(3, 'SMS');
    await queue(await open(), one, messages);
    const rows = await ended(one, messages);
    expect(rows.map(({ status, attempts, failure }) => [status, attempts, failure])).toEqual(
      messages.map(() => ['dead', 2, 'timeout']),
    );
    expect(idsOf(received)).toEqual(idsOf([...messages, ...messages]));
  });

  test('whose provider in a sandbox TIMES_OUT are tried again, and those of another channel arrive meanwhile', async () => {
    await own.database.sql.begin((tx) => saveFault(tx, one, { channel: 'SMS', kind: 'TIMES_OUT', percent: 100, delayMs: 0 }));
    const delivery = await start({ providers: 'inbox', tryTimeoutMs: 4000 });
    const [texts, mails] = [messagesOf(400, 'SMS'), messagesOf(20, 'EMAIL')];
    await queue(delivery, one, texts);
    await queue(delivery, one, mails);
    expect(await ended(one, mails)).toEqual(sentAtOnce(mails));
    expect((await rowsOf(one, texts)).filter(({ status }) => status === 'sent')).toEqual([]);
    const failed = await eventually(async () => (await rowsOf(one, texts)).find(({ status }) => status === 'failed'));
    expect(failed).toMatchObject({ attempts: 1, failure: 'timeout' });
    await own.database.sql`delete from delivery_faults where institution_id = ${one}`;
  });

  test('are tried at once, after 30 seconds and after 5 minutes, and then given up', async () => {
    answer = (_request, respond) => respond(503);
    await start();
    const message = toMessage('SMS');
    await queue(await open(), one, [message]);
    for (const [attempts, rest] of [
      [1, 30],
      [2, 300],
    ] as const) {
      const row = await eventually(async () => {
        const [found] = await own.database.sql<{ attempts: number; rests: boolean }[]>`
          select attempts, next_attempt_at between clock_timestamp() + ${rest - 20} * interval '1 second'
            and clock_timestamp() + ${rest} * interval '1 second' as rests
          from messages where institution_id = ${one} and message_id = ${message.messageId} and status = 'failed'
            and attempts = ${attempts}`;
        return found;
      });
      expect(row).toEqual({ attempts, rests: true });
      await makeDue([message]);
    }
    expect(await ended(one, [message])).toMatchObject([{ status: 'dead', attempts: 3, failure: 'webhook_503' }]);
  });
});

test('a provider that is dead for one channel of one institution holds back no other channel and no other institution', async () => {
  answer = ({ institutionId, channel }, respond) => {
    if (institutionId !== one || channel !== 'SMS') respond(200);
  };
  const dead = messagesOf(1000, 'SMS');
  await queue(await open(), one, dead);
  // In a second process too, and handed over there.
  const delivery = await start({ tryTimeoutMs: 60_000 });
  await queue(delivery, one, messagesOf(600, 'SMS'));
  await eventually(() => received.length > 100);
  const [pushes, texts] = [messagesOf(50, 'PUSH'), messagesOf(50, 'SMS')];
  await queue(await open(), one, pushes);
  await queue(await open(), other, texts);
  expect(await ended(one, pushes)).toEqual(sentAtOnce(pushes));
  expect(await ended(other, texts)).toEqual(sentAtOnce(texts));
  expect((await rowsOf(one, dead)).filter(({ status }) => status === 'sent' || status === 'dead')).toEqual([]);
});

test('a dead letter that is tried again hears its provider again: the last word counts', async () => {
  const delivery = await start();
  const message = toMessage('SMS');
  await queue(delivery, one, [message]);
  await ended(one, [message]);
  const say = (status: 'delivered' | 'failed', reason?: string) => {
    const body = Buffer.from(JSON.stringify({ institutionId: one, messageId: message.messageId, status, reason }));
    const timestamp = Math.floor(Date.now() / 1000);
    return delivery.confirm?.({ signature: signWebhook(secret, timestamp, body.toString()), timestamp: String(timestamp), body });
  };
  // What was sent has lost its words; a message that the provider fails while it has them is the one that can be retried.
  await own.database.sql`
    update messages set content_sealed = '\\x00' where institution_id = ${one} and message_id = ${message.messageId}`;
  expect(await say('failed', 'unknown_number')).toBe('taken');
  expect(await rowsOf(one, [message])).toMatchObject([{ status: 'dead', failure: 'unknown_number' }]);
  await delivery.stop();
  expect(await retryDeadLetters(own.database.sql, one, message.messageId)).toEqual({ ok: true, value: 1 });
  await own.database.sql`
    update messages set status = 'sent', attempts = 1, finished_at = clock_timestamp()
    where institution_id = ${one} and message_id = ${message.messageId}`;
  expect(await say('failed', 'number_is_gone')).toBe('taken');
  expect(await rowsOf(one, [message])).toMatchObject([{ status: 'dead', failure: 'number_is_gone' }]);
});

describe('ends of tries', () => {
  test('of an institution are written although those of another cannot be, and these are written later', async () => {
    let failures = 0;
    await start({
      onEnded: async (_tx, institutionId) => {
        if (institutionId !== one || failures === 3) return;
        failures += 1;
        throw new Error('the database has something against it');
      },
    });
    const quiet = await open();
    const [first, second] = [messagesOf(40, 'SMS'), messagesOf(40, 'SMS')];
    await queue(quiet, one, first);
    await queue(quiet, other, second);
    expect(await ended(other, second)).toEqual(sentAtOnce(second));
    expect(await ended(one, first)).toEqual(sentAtOnce(first));
    expect(idsOf(received)).toEqual(idsOf([...first, ...second]));
    expect(failures).toBe(3);
  });

  test('are written by a process that stops, although the database refuses them at first', async () => {
    const silent: (() => void)[] = [];
    answer = (_request, respond) => void silent.push(() => respond(200));
    let isStopping = false;
    let failures = 0;
    const delivery = await start({
      onEnded: async () => {
        if (failures === 2) return;
        if (isStopping) failures += 1;
        throw new Error('the database is about to end');
      },
    });
    const messages = messagesOf(20, 'SMS');
    await queue(delivery, one, messages);
    await eventually(() => silent.length === messages.length);
    isStopping = true;
    const stopping = delivery.stop();
    for (const respond of silent) respond();
    await stopping;
    expect(await rowsOf(one, messages)).toEqual(sentAtOnce(messages));
    expect(failures).toBe(2);
  });
});

test('a mail server that is slower than the queue gets each mail once for each try that is recorded', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let source = '';
      stream.on('data', (part) => (source += String(part)));
      stream.on('end', () => {
        mails.push(/Message-ID: <([0-9a-f-]{36})@/iu.exec(source)?.[1] ?? '');
        setTimeout(done, 600);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtpUrl = `smtp://127.0.0.1:${portOf(server.server.address())}`;
  const providers = { mail: { smtpUrl, from: 'Example Bank <no-reply@bank.example>' }, webhook: undefined };
  // Twenty-four at four a time take longer than one of them may.
  const delivery = await start({ providers, tryTimeoutMs: 3000 });
  const messages = messagesOf(24, 'EMAIL');
  await queue(delivery, one, messages.slice(0, 12));
  await queue(await open({ providers }), one, messages.slice(12));
  expect(await ended(one, messages)).toEqual(sentAtOnce(messages));
  expect(mails.sort()).toEqual(idsOf(messages));
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
