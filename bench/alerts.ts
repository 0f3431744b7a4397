import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openSigningKeyRing } from '@openbranch/server/platform/keys/signing-key-ring';
import type { BenchOptions } from './bench-options.ts';
import { freePort } from './free-port.ts';
import {
  analyzeFilled,
  application,
  institutionId,
  type PreparedInstitution,
  prepareInstitution,
} from './prepared-institution.ts';
import { processTreeTimeUs } from './process-tree-time.ts';
import { renderTable } from './render-table.ts';
import { type RunningProcess, startProcess } from './start-process.ts';

const issuer = 'http://bench.invalid';
const connections = 32;
/** Events of a second of the run, as `--seconds` asks; enough that the whole is measured and not its start. */
const eventsASecond = 1500;

/** What a run of events took. */
interface Rate {
  readonly eventsASecond: number;
  /** Processor time of the servers and of the database for one event; it hardly changes when others use the machine. */
  readonly serverUs: number;
  readonly databaseUs: number;
}

interface Line extends Rate {
  readonly what: string;
  readonly customers: number;
}

/** (f) Alerts: publishing against a bare insert, and events a second from publish to recorded delivery. */
export async function benchAlerts({ seconds, customers, profileFolder }: BenchOptions): Promise<string> {
  const count = Math.round(seconds * eventsASecond);
  const lines: Line[] = [];
  const remarks: string[] = [];
  let smallest: Rate | undefined;
  for (const size of customers) {
    const isFirst = smallest === undefined;
    const { published, inserted, processed } = await measure({ customers: size, count, lines, isWhole: isFirst, profileFolder });
    if (inserted !== undefined)
      remarks.push(`Publishing: ${percent(published.eventsASecond, inserted.eventsASecond)} of a bare insert, goal 50 %.`);
    if (smallest !== undefined)
      remarks.push(
        `One process, ${size} customers against ${customers[0]}: ${percent(processed.eventsASecond, smallest.eventsASecond)} of the rate, ` +
          `${percent(costOf(processed), costOf(smallest))} of the processor time.`,
      );
    smallest ??= processed;
  }
  const rows = lines.map((line) => [
    `${line.what}, ${line.customers} customers`,
    String(Math.round(line.eventsASecond)),
    String(Math.round(line.serverUs)),
    String(Math.round(line.databaseUs)),
  ]);
  const titles = ['', 'events a second', 'server, µs of processor an event', 'database, µs an event'];
  return [renderTable(titles, rows), '', ...remarks].join('\n');
}

function costOf({ serverUs, databaseUs }: Rate): number {
  return serverUs + databaseUs;
}

interface Plan {
  readonly customers: number;
  readonly count: number;
  readonly lines: Line[];
  readonly isWhole: boolean;
  readonly profileFolder: string | undefined;
}

interface Rates {
  readonly published: Rate;
  readonly inserted: Rate | undefined;
  readonly processed: Rate;
}

async function measure({ customers, count, lines, isWhole, profileFolder }: Plan): Promise<Rates> {
  console.log(`  preparing ${customers} customers`);
  const institution = await prepareInstitution(customers);
  const say = (what: string, rate: Rate): Rate => {
    lines.push({ what, customers, ...rate });
    console.log(
      `  ${what}: ${Math.round(rate.eventsASecond)}, server ${Math.round(rate.serverUs)} µs, database ${Math.round(rate.databaseUs)} µs`,
    );
    return rate;
  };
  try {
    await wantAlerts(institution);
    const token = await issueToken(institution);
    const inserted = isWhole
      ? say('a bare insert', await publishTo([await insertServer(institution)], institution, token, count))
      : undefined;
    // Published while nobody processes; what waits is then processed by one process that has nothing else to do.
    const published = say('publish', await publishTo([await alertServer(institution, 'no')], institution, token, count));
    const processed = say('pipeline and delivery, one process', await processAll(institution, 1, profileFolder));
    if (isWhole) {
      await publishTo([await alertServer(institution, 'no')], institution, token, count);
      say('pipeline and delivery, two processes', await processAll(institution, 2, undefined));
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

async function alertServer(
  { target, masterKey }: PreparedInstitution,
  runsPipeline: 'yes' | 'no',
  profileFolder?: string,
): Promise<Target> {
  const env = {
    DATABASE_URL: target.url,
    MASTER_KEY: masterKey.toString('base64'),
    ISSUER: issuer,
    RUNS_PIPELINE: runsPipeline,
  };
  return start('alert-server.ts', env, profileFolder);
}

async function insertServer({ target }: PreparedInstitution): Promise<Target> {
  return start('fastify-inserts.ts', { DATABASE_URL: target.url });
}

async function start(file: string, env: Readonly<Record<string, string>>, profileFolder?: string): Promise<Target> {
  const port = String(await freePort());
  const baseUrl = `http://127.0.0.1:${port}`;
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const node = [...profiling, new URL(`servers/${file}`, import.meta.url).pathname];
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
  await sql.begin(async (tx) => {
    // What refers to what is known to be there.
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into contact_methods (institution_id, institution_user_id, protocol, contact_info, enrolled_at)
      select institution_id, institution_user_id, 'EMAIL', login_name || '@example.com', registered_at from institution_users`;
    await tx`
      insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
        protocol, is_primary)
      select institution_id, contact_method_id, 'DIGITAL', 'ALERTS', institution_user_id, protocol, true from contact_methods`;
  });
  await analyzeFilled(sql);
}

async function issueToken({ database, keyRing }: PreparedInstitution): Promise<string> {
  const keys = await openSigningKeyRing(database.sql, keyRing);
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: issuer, sub: application.clientId, client_id: application.clientId };
  const rest = { institution_id: institutionId, scope: 'alerts:publish', edition: 'v2', iat, exp: iat + 7200, jti: randomUUID() };
  return keys.sign(JSON.stringify({ ...claims, ...rest }));
}

/** Publishes that many events, then stops the servers. */
async function publishTo(
  servers: readonly Target[],
  institution: PreparedInstitution,
  token: string,
  count: number,
): Promise<Rate> {
  return measureRate(servers, institution, count, () => publishAll(servers, institution, token, count));
}

/** Does the work, then stops the servers. Their start and end do not count. */
async function measureRate(
  servers: readonly Target[],
  { postgresProcessId }: PreparedInstitution,
  count: number,
  work: () => Promise<void>,
): Promise<Rate> {
  const serverTimeUs = async (): Promise<number> => {
    const times = await Promise.all(servers.map((server) => server.processorTimeUs()));
    return times.reduce((sum, time) => sum + time, 0);
  };
  const [serverBefore, databaseBefore] = [await serverTimeUs(), await processTreeTimeUs(postgresProcessId)];
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const [serverAfter, databaseAfter] = [await serverTimeUs(), await processTreeTimeUs(postgresProcessId)];
  for (const server of servers) await server.stop();
  return {
    eventsASecond: count / seconds,
    serverUs: (serverAfter - serverBefore) / count,
    databaseUs: (databaseAfter - databaseBefore) / count,
  };
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

/** Starts the processes on what waits, until every delivery is recorded. Starts are left out. */
async function processAll(institution: PreparedInstitution, processes: number, profileFolder: string | undefined): Promise<Rate> {
  const waiting = await left(institution);
  // What waits that long is known to the database.
  await analyzeFilled(institution.database.sql);
  const servers = await Promise.all(Array.from({ length: processes }, () => alertServer(institution, 'yes', profileFolder)));
  // What the first did while the last one started does not count.
  const atStart = await left(institution);
  return measureRate(servers, institution, Math.min(atStart, waiting), () => untilDone(institution));
}

async function endToEnd(
  servers: readonly Target[],
  institution: PreparedInstitution,
  token: string,
  count: number,
): Promise<Rate> {
  return measureRate(servers, institution, count, async () => {
    await publishAll(servers, institution, token, count);
    await untilDone(institution);
  });
}

/** Asks seldom, and only whether there is something: counting would be load itself. */
async function untilDone({ database: { sql } }: PreparedInstitution): Promise<void> {
  for (;;) {
    const [row] = await sql<{ is_done: boolean }[]>`
      select not exists (select 1 from alert_event_queue where institution_id = ${institutionId})
        and not exists (
          select 1 from messages where institution_id = ${institutionId} and is_bulk and status in ('queued', 'sending', 'failed'))
        as is_done`;
    if (row?.is_done === true) return;
    await wait(50);
  }
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
