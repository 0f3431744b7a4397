import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../apps/server/src/platform/db/database.ts';
import { type Server, startServer } from '../apps/server/src/serve.ts';

/**
 * Password recovery, measured from outside on a fresh sandbox:
 * 1. what a stranger could tell of 1,000 pairs of known and unknown login names on the hosted page (status, body,
 *    headers, median time; the goal is a difference below 5 ms);
 * 2. from the call that sends a passcode until the inbox shows it, at 50 calls a second (goal: p95 below 250 ms);
 * 3. passcodes a second, as fast as it goes.
 * Run: node scripts/on-node24.mjs bench/recovery.ts
 */

const pairs = 1000;
const silent = { info: () => undefined, warn: () => undefined, error: (line: string) => console.error(line) };

const dataDirectory = await mkdtemp(join(tmpdir(), 'openbranch-bench-'));
const server = await startServer(
  { OPENBRANCH_DATA_DIR: dataDirectory, PORT: '0', OPENBRANCH_TRUSTED_PROXIES: '127.0.0.1', OPENBRANCH_LOG_LEVEL: 'error' },
  silent,
);
try {
  await compareStrangers(server);
  await loosenLimits();
  await measureSends(server);
} finally {
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

/** Sends to few customers, one after another, would wait for their minute: that is not what is measured. */
async function loosenLimits(): Promise<void> {
  const [, url = ''] = (await readFile(join(dataDirectory, 'postgres-connection'), 'utf8')).split('\n');
  const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'bench' });
  const passcodes = { resendSeconds: 0, sendsPerQuarterHour: 100, sendsPerDay: 100 };
  await sql`update institutions set policies = ${sql.json({ passcodes })}`;
  await sql`update applications set spike_per_second = 0`;
  await sql`
    insert into change_feed (topic, institution_id, subject, expires_at)
    select 'institution_changed', institution_id, institution_id, clock_timestamp() + interval '1 minute' from institutions`;
  await sql`
    insert into change_feed (topic, subject, expires_at) values ('applications_changed', 'all', clock_timestamp() + interval '1 minute')`;
  await close();
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

function sandboxOf({ sandbox }: Server) {
  if (sandbox === undefined) throw new Error('The benchmark needs a sandbox.');
  return sandbox.seed;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function compareStrangers(running: Server): Promise<void> {
  const institution = sandboxOf(running).institutions[0];
  const logins = institution?.customers.map(({ loginName }) => loginName) ?? [];
  for (const [path, fields] of [
    ['/recover/send', { channel: 'SMS' }],
    ['/recover/verify', { passcode: '000000' }],
  ] as const) {
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    let differences = 0;
    for (let pair = 0; pair < pairs; pair += 1) {
      const known = logins[pair % logins.length] ?? '';
      const unknown = `${known.slice(0, -2)}${String(60 + (pair % 40))}`;
      const order = pair % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      const seen = new Map<string, string>();
      for (const kind of order) {
        const login = kind === 'known' ? known : unknown;
        const start = performance.now();
        const answer = await fetch(`${running.baseUrl}${path}`, {
          method: 'POST',
          // Each pair comes from an address of its own: limits are not what is measured.
          headers: { 'x-forwarded-for': `10.0.${pair >> 8}.${pair & 255}` },
          body: new URLSearchParams({ institution: institution?.institutionId ?? '', loginName: login, ...fields }),
        });
        const body = await answer.text();
        if (answer.status === 429) throw new Error('The limit of an address was measured, not the page.');
        if (pair >= 20) times[kind].push(performance.now() - start);
        const headers = [...answer.headers].filter(([name]) => name !== 'date');
        seen.set(kind, JSON.stringify([answer.status, headers, body.replaceAll(login, 'LOGIN')]));
      }
      if (seen.get('known') !== seen.get('unknown')) differences += 1;
    }
    const [known, unknown] = [quantile(times.known, 0.5), quantile(times.unknown, 0.5)];
    console.log(
      `${path}: ${pairs} pairs, ${differences} differ; median known ${known.toFixed(2)} ms, unknown ${unknown.toFixed(2)} ms, difference ${Math.abs(known - unknown).toFixed(2)} ms`,
    );
  }
}

async function measureSends(running: Server): Promise<void> {
  const seed = sandboxOf(running);
  const institution = seed.institutions[1];
  const institutionId = institution?.institutionId ?? '';
  const application = institution?.applications[0];
  const clientId = application?.clientId ?? '';
  const targets = await sendersOf(running, institutionId, clientId);
  const arrived = new Map<string, (at: number) => void>();
  let opened: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const stop = new AbortController();
  void follow(running, stop.signal, opened, () => {
    const [first] = arrived.entries();
    if (first === undefined) return;
    arrived.delete(first[0]);
    first[1](performance.now());
  }).catch(() => undefined);
  await isOpen;
  const send = async (index: number): Promise<number> => {
    const start = performance.now();
    const id = randomUUID();
    const seen = new Promise<number>((resolve) => arrived.set(id, resolve));
    const status = await targets(index);
    if (status !== 204) throw new Error(`A send was answered ${status}.`);
    return (await seen) - start;
  };
  for (let index = 0; index < 20; index += 1) await send(index);
  const steady: Promise<number>[] = [];
  for (let index = 0; index < 300; index += 1) {
    steady.push(send(index));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const delays = await Promise.all(steady);
  console.log(
    `passcodes at 50 a second: call to inbox median ${quantile(delays, 0.5).toFixed(0)} ms, p95 ${quantile(delays, 0.95).toFixed(0)} ms, worst ${Math.max(...delays).toFixed(0)} ms`,
  );
  const start = performance.now();
  const burst = 320;
  const work = Array.from({ length: 16 }, async (_, worker) => {
    for (let index = worker; index < burst; index += 16) await send(index);
  });
  await Promise.all(work);
  console.log(
    `passcodes as fast as it goes: ${(burst / ((performance.now() - start) / 1000)).toFixed(0)} a second, queue to inbox`,
  );
  stop.abort();
}

/** A function that sends to one customer after another. */
async function sendersOf(running: Server, institutionId: string, clientId: string): Promise<(index: number) => Promise<number>> {
  const seed = sandboxOf(running);
  const token = await fetch(`${running.baseUrl}/oauth2/v1/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${seed.secretOf(clientId)}`).toString('base64')}`,
      transactionId: randomUUID(),
      institutionId,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const granted: unknown = await token.json();
  const accessToken = String(Reflect.get(Object(granted), 'access_token'));
  const headers = () => ({
    authorization: `Bearer ${accessToken}`,
    correlationId: randomUUID(),
    'content-type': 'application/json',
  });
  const customers = seed.institutions[1]?.customers.filter(({ state }) => state !== 'onHold') ?? [];
  const methods = await Promise.all(
    customers.map(async ({ customerId }) => {
      const answer = await fetch(`${running.baseUrl}/ux-users/v1/customers/${customerId}/contact-methods`, {
        headers: headers(),
      });
      const body: unknown = await answer.json();
      const list: unknown = Reflect.get(Object(body), 'contactMethods');
      return { customerId, id: Array.isArray(list) ? String(Reflect.get(Object(list[0]), 'id')) : '' };
    }),
  );
  return async (index) => {
    const { customerId, id } = methods[index % methods.length] ?? { customerId: '', id: '' };
    const answer = await fetch(`${running.baseUrl}/v1/customers/${customerId}:reset-password`, {
      method: 'PUT',
      headers: headers(),
      body: JSON.stringify({ contactMethodId: id }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
}

/** Calls `onArrival` for each message that the inbox gets. */
async function follow(running: Server, signal: AbortSignal, onOpen: () => void, onArrival: () => void): Promise<void> {
  const { sandboxKey } = sandboxOf(running);
  const answer = await fetch(`${running.baseUrl}/inbox/events`, { headers: { 'x-sandbox-key': sandboxKey }, signal });
  onOpen();
  const decoder = new TextDecoder();
  for await (const part of answer.body ?? []) {
    for (const _event of decoder.decode(part).matchAll(/^data:/gmu)) onArrival();
  }
}
