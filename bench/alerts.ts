import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openSigningKeyRing } from '@openbranch/server/platform/keys/signing-key-ring';
import type { BenchOptions } from './bench-options.ts';
import { freePort } from './free-port.ts';
import { application, institutionId, type PreparedInstitution, prepareInstitution } from './prepared-institution.ts';
import { type RunningProcess, startProcess } from './start-process.ts';

const issuer = 'http://bench.invalid';
const connections = 32;
const fewCustomers = 10_000;
const manyCustomers = 100_000;
/** Events of a second of the run, as `--seconds` asks; enough that the whole is measured and not its start. */
const eventsASecond = 1500;

/** (f) Alerts: publishing against a bare insert, and events a second from publish to recorded delivery. */
export async function benchAlerts({ seconds }: BenchOptions): Promise<string> {
  const count = Math.round(seconds * eventsASecond);
  const lines: string[] = ['|  | events a second |', '| --- | --- |'];
  const few = await measure(fewCustomers, count, lines, true);
  const many = await measure(manyCustomers, count, lines, false);
  lines.push('', `Publishing: ${percent(few.published, few.inserted)} of a bare insert, goal 50 %.`);
  lines.push(
    `One process, ${manyCustomers} customers against ${fewCustomers}: ${percent(many.processed, few.processed)} of the rate.`,
  );
  return lines.join('\n');
}

interface Rates {
  readonly published: number;
  readonly inserted: number;
  readonly processed: number;
}

async function measure(customers: number, count: number, lines: string[], isWhole: boolean): Promise<Rates> {
  console.log(`  preparing ${customers} customers`);
  const institution = await prepareInstitution(customers);
  const say = (what: string, rate: number): number => {
    lines.push(`| ${what}, ${customers} customers | ${Math.round(rate)} |`);
    console.log(`  ${what}: ${Math.round(rate)}`);
    return rate;
  };
  try {
    await wantAlerts(institution);
    const token = await issueToken(institution);
    const inserted = isWhole
      ? say('a bare insert', await publishTo([await insertServer(institution)], institution, token, count))
      : 0;
    // Published while nobody processes; what waits is then processed by one process that has nothing else to do.
    const published = say('publish', await publishTo([await alertServer(institution, 'no')], institution, token, count));
    const processed = say('pipeline and delivery, one process', await processAll(institution, 1));
    if (isWhole) {
      await publishTo([await alertServer(institution, 'no')], institution, token, count);
      say('pipeline and delivery, two processes', await processAll(institution, 2));
      const both = [await alertServer(institution, 'yes'), await alertServer(institution, 'yes')];
      say('publish to recorded delivery, two processes', await endToEnd(both, institution, token, count));
    }
    return { published, inserted, processed };
  } finally {
    await institution.remove();
  }
}

interface Target extends RunningProcess {
  readonly baseUrl: string;
}

async function alertServer({ target, masterKey }: PreparedInstitution, runsPipeline: 'yes' | 'no'): Promise<Target> {
  return start('alert-server.ts', {
    DATABASE_URL: target.url,
    MASTER_KEY: masterKey.toString('base64'),
    ISSUER: issuer,
    RUNS_PIPELINE: runsPipeline,
  });
}

async function insertServer({ target }: PreparedInstitution): Promise<Target> {
  return start('fastify-inserts.ts', { DATABASE_URL: target.url });
}

async function start(file: string, env: Readonly<Record<string, string>>): Promise<Target> {
  const port = String(await freePort());
  const baseUrl = `http://127.0.0.1:${port}`;
  const node = [new URL(`servers/${file}`, import.meta.url).pathname];
  return { ...(await startProcess({ cores: undefined, node, env: { ...env, PORT: port }, readyUrl: baseUrl })), baseUrl };
}

/** Everybody has an address and is presumed to want notices by mail. */
async function wantAlerts({ database: { sql } }: PreparedInstitution): Promise<void> {
  await sql`update applications set allowed_scopes = '{alerts:publish}' where client_id = ${application.clientId}`;
  await sql`
    insert into institution_alert_types (institution_id, alert_type_id, channels_opted)
    select ${institutionId}, alert_type_id, channels from system_alert_types`;
  await sql`
    insert into institution_alert_preferences (institution_id, alert_type_id, channel, is_opted)
    values (${institutionId}, 9, 'EMAIL', true)`;
  await sql`
    insert into contact_methods (institution_id, institution_user_id, protocol, contact_info, enrolled_at)
    select institution_id, institution_user_id, 'EMAIL', login_name || '@example.com', registered_at from institution_users`;
  await sql`
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select institution_id, contact_method_id, 'DIGITAL', 'ALERTS', institution_user_id, protocol, true from contact_methods`;
  await sql`vacuum analyze`;
}

async function issueToken({ database, keyRing }: PreparedInstitution): Promise<string> {
  const keys = await openSigningKeyRing(database.sql, keyRing);
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: issuer, sub: application.clientId, client_id: application.clientId };
  const rest = { institution_id: institutionId, scope: 'alerts:publish', edition: 'v2', iat, exp: iat + 7200, jti: randomUUID() };
  return keys.sign(JSON.stringify({ ...claims, ...rest }));
}

/** Publishes that many events, then stops the servers. @returns Events a second. */
async function publishTo(
  servers: readonly Target[],
  institution: PreparedInstitution,
  token: string,
  count: number,
): Promise<number> {
  const begun = performance.now();
  await publishAll(servers, institution, token, count);
  const rate = count / ((performance.now() - begun) / 1000);
  for (const server of servers) await server.stop();
  return rate;
}

async function publishAll(
  servers: readonly Target[],
  { users }: PreparedInstitution,
  token: string,
  count: number,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const publisher = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      const user = users[(next * 7919) % users.length];
      const server = servers[next % servers.length];
      const status = await post(agent, `${server?.baseUrl}/v1/realtime-events?loginId=${user?.loginName}`, token);
      if (status !== 202) throw new Error(`An event was not taken: ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: connections }, publisher));
  agent.destroy();
}

function post(agent: Agent, url: string, token: string): Promise<number | undefined> {
  const body = JSON.stringify({
    eventDomainType: 'notification',
    eventDetails: { eventId: randomUUID(), eventType: 'PARTNER_NOTICE', institutionId },
    notification: { Message: 'Your new card is on its way to you and will be there on Monday.' },
  });
  const headers = {
    authorization: `Bearer ${token}`,
    transactionId: 'b1a7c7f0-5d5e-4f6a-9d5a-6a3f5f1d9a11',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Starts the processes on what waits, until every delivery is recorded. @returns Events a second, starts left out. */
async function processAll(institution: PreparedInstitution, processes: number): Promise<number> {
  const waiting = await left(institution);
  const servers = await Promise.all(Array.from({ length: processes }, () => alertServer(institution, 'yes')));
  // What the first did while the last one started does not count.
  const atStart = await left(institution);
  const begun = performance.now();
  await untilDone(institution);
  const rate = Math.min(atStart, waiting) / ((performance.now() - begun) / 1000);
  for (const server of servers) await server.stop();
  return rate;
}

async function endToEnd(
  servers: readonly Target[],
  institution: PreparedInstitution,
  token: string,
  count: number,
): Promise<number> {
  const begun = performance.now();
  await publishAll(servers, institution, token, count);
  await untilDone(institution);
  const rate = count / ((performance.now() - begun) / 1000);
  for (const server of servers) await server.stop();
  return rate;
}

async function untilDone(institution: PreparedInstitution): Promise<void> {
  while ((await left(institution)) > 0) await wait(50);
}

/** Events that wait, and messages that are not recorded as delivered. */
async function left({ database: { sql } }: PreparedInstitution): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`
    select (select count(*) from alert_event_queue where institution_id = ${institutionId})
      + (select count(*) from messages where institution_id = ${institutionId} and is_bulk and status in ('queued', 'sending', 'failed'))
      as count`;
  return Number(row?.count ?? 0n);
}

function percent(one: number, other: number): string {
  return `${Math.round((100 * one) / other)} %`;
}
