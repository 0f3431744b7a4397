import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, createClient } from '@openbranch/sdk';
import { eventually } from '@openbranch/testkit/eventually';
import { callToken, textIn } from '@openbranch/testkit/live-calls';
import {
  endProcess,
  freePort,
  makeDataDirectory,
  programs,
  type RunningProcess,
  readSandbox,
  runProgram,
  serverProcessId,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Sql } from '../src/platform/db/database.ts';
import { findLoadedCustomer } from '../src/products/sandbox/index.ts';
import { type Mover, type SettledTransfer, startTransferLoad, type TransferLoad } from './transfer-load.ts';

/** Short in a test run; docs/testing.md says how to run it long. */
const seconds = Number(process.env['OPENBRANCH_STRESS_SECONDS'] ?? 3);
/** Of PostgreSQL and of the server, each so often, for each population. */
const kills = Number(process.env['OPENBRANCH_STRESS_KILLS'] ?? 2);
const clients = 64;
/** Answers that the load must have got before the next kill. */
const answersBetween = 20;
/** Whoever dies earlier is taken for a server that cannot live. */
const shortestLifeMs = 600;
const longestOutageMs = 60_000;
const timeout = 120_000 + (seconds + kills * 10) * 2_000;

const institutionId = '00900';
const manyMovers = 100;
const hotMovers = 4;
/** Loaded customers have two accounts each: 1,000 for many, 10 for few. */
const manyCustomers = 500;
const hotCustomers = 5;
const loaded = Array.from({ length: manyCustomers + hotCustomers }, (_, index) => findLoadedCustomer(institutionId, index));

let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
let settings: Record<string, string>;
let server: RunningProcess;
let baseUrl: string;
let client: Client;
let token: string;
let deaths = 0;

beforeAll(async () => {
  directory = await makeDataDirectory();
  // The same port after each start: clients must find the server again, and its tokens name it.
  settings = { OPENBRANCH_DATA_DIR: directory.path, PORT: String(await freePort()) };
  server = startProgram(programs.npmStart, [], settings);
  await untilReady(server);
  ({ baseUrl } = await readSandbox(directory.path));
  const load = ['sandbox', 'load', '--institution', institutionId, '--transactions', '4', '--sign-ins', '0'];
  const { application } = JSON.parse(await command(...load, '--customers', String(loaded.length)));
  await withDatabase(shareAccounts);
  client = createClient({ baseUrl, institutionId, ...application });
  token = await eventually(async () => {
    const answer = await callToken(baseUrl, application, institutionId, { grant_type: 'client_credentials' });
    return answer.status === 200 ? textIn(answer, 'access_token') : undefined;
  });
}, 120_000);

afterAll(async () => {
  await endProcess(server);
  await directory.remove();
}, 60_000);

test.each([
  { population: '10 hot accounts', movers: loaded.slice(manyCustomers, manyCustomers + hotMovers), accounts: 10 },
  { population: '1,000 accounts', movers: loaded.slice(0, manyMovers), accounts: 1_000 },
])(
  '64 clients move money among $population while server and database are killed: nothing acknowledged is lost, nothing is done twice, and the ledger verifies',
  {
    timeout,
  },
  async ({ population, movers: customers, accounts }) => {
    const before = await readAccounts(customers);
    expect(before.balances.size).toBe(accounts);
    const lastEntry = await withDatabase(noteLastEntry);

    const load = startTransferLoad({ baseUrl, token }, before.movers, clients);
    const since = Date.now();
    await killAgainAndAgain(load).finally(() => load.stop());
    const elapsedMs = Date.now() - since;

    const made = load.settled.filter((transfer) => transfer.isMade);
    const figures = {
      made: made.length,
      refused: load.settled.length - made.length,
      lost: load.lost(),
      replayed: load.replayed(),
    };
    console.info(`${population}: ${JSON.stringify({ ...figures, kills: 2 * kills, elapsedMs })}`);
    expect((await readAccounts(customers)).balances).toEqual(balancesAfter(before.balances, made));
    await withDatabase(async (sql) => {
      expect(await findWrongTraces(sql, load.settled)).toEqual([]);
      expect(await summarise(sql, lastEntry)).toEqual({ transfers: made.length, overdrawn: 0 });
    });
    expect(await command('ledger', 'verify', '--institution', institutionId)).toContain(`${institutionId}: in balance`);
    expect(await listDatabaseFailures()).toEqual([]);
    // Otherwise nothing was lost, nothing was asked for twice, and nobody ever had too little money.
    expect(figures.lost).toBeGreaterThanOrEqual(kills);
    expect(figures.refused).toBeGreaterThan(0);
    expect(figures.replayed).toBeGreaterThan(0);
  },
);

async function killAgainAndAgain(load: TransferLoad): Promise<void> {
  const lifeMs = (seconds * 1_000) / (2 * kills + 1);
  for (let round = 1; round <= kills; round += 1) {
    await liveAWhile(load, lifeMs);
    await killPostgres();
    // Every second server dies while its database is coming back.
    if (round % 2 === 1) await liveAWhile(load, lifeMs);
    await killServer();
  }
  await liveAWhile(load, lifeMs);
}

async function command(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(programs.command, args, settings);
  if (code !== 0) throw new Error(`openbranch ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

async function withDatabase<Value>(work: (sql: Sql) => Promise<Value>): Promise<Value> {
  const [, url = ''] = (await readFile(join(directory.path, 'postgres-connection'), 'utf8')).split('\n');
  const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'test' });
  return work(sql).finally(close);
}

/** A few hold all hot accounts together; of the many everyone holds twenty, ten of them together with the next one. */
async function shareAccounts(sql: Sql): Promise<void> {
  const keysOf = (from: number, until: number) =>
    loaded.slice(from, until).flatMap(({ checkingKey, savingsKey }) => [checkingKey, savingsKey]);
  const [many, hot] = [keysOf(0, manyCustomers), keysOf(manyCustomers, loaded.length)];
  const rows = loaded.flatMap(({ memberNumber }, index) => {
    const window = Array.from({ length: 20 }, (_, place) => many[(index * 10 + place) % many.length] ?? 0n);
    const keys = index < manyMovers ? window : index >= manyCustomers ? hot : [];
    return keys.map((key) => ({
      institution_id: institutionId,
      member_number: memberNumber,
      account_key: key,
      ownership: 'JOINT',
    }));
  });
  await sql`insert into account_holders ${sql(rows)} on conflict do nothing`;
}

type Customers = readonly { readonly loginName: string; readonly customerId: string }[];

/** Whoever moves money with its accounts, and what the API says that is on them. */
async function readAccounts(customers: Customers) {
  const balances = new Map<string, bigint>();
  const movers: Mover[] = [];
  for (const { loginName: loginId, customerId } of customers) {
    const { accounts } = await client.listAccounts({ loginId });
    movers.push({ loginId, customerId, accountIds: accounts.map(({ id }) => id) });
    for (const { id, currentBalance } of accounts) balances.set(id, BigInt(Math.round((currentBalance?.amount ?? 0) * 100)));
  }
  return { balances, movers };
}

/** What must be there when exactly these transfers were made. */
function balancesAfter(before: ReadonlyMap<string, bigint>, made: readonly SettledTransfer[]): Map<string, bigint> {
  const balances = new Map(before);
  const add = (id: string, amountMinor: bigint) => balances.set(id, (balances.get(id) ?? 0n) + amountMinor);
  for (const { fromAccountId, toAccountId, amountMinor } of made) {
    add(fromAccountId, -amountMinor);
    add(toAccountId, amountMinor);
  }
  return balances;
}

/** Until the load has got its answers, and the server has lived long enough not to count as a failed start. */
async function liveAWhile(load: TransferLoad, lifeMs: number): Promise<void> {
  const before = load.settled.length;
  const since = Date.now();
  const isEnough = () => load.settled.length - before >= answersBetween && Date.now() - since > Math.max(lifeMs, shortestLifeMs);
  await Promise.race([eventually(isEnough, { deadlineMs: longestOutageMs + lifeMs }), load.failure]);
}

async function killServer(): Promise<void> {
  deaths += 1;
  process.kill(await serverProcessId(directory.path), 'SIGKILL');
  await untilReady(server, deaths + 1);
}

/** The server lives on, and its database is back by itself. */
async function killPostgres(): Promise<void> {
  const [line] = (await readFile(join(directory.path, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(line), 'SIGKILL');
}

async function noteLastEntry(sql: Sql): Promise<bigint> {
  const [row] = await sql<{ last: bigint | null }[]>`
    select max(entry_id) as last from ledger_entries where institution_id = ${institutionId}`;
  return row?.last ?? 0n;
}

/** Made transfers that have not exactly one activity, and refused ones that have any. */
async function findWrongTraces(sql: Sql, settled: readonly SettledTransfer[]): Promise<readonly SettledTransfer[]> {
  const rows = await sql<{ trace_id: string; count: bigint }[]>`
    select trace_id, count(*) from activities
    where institution_id = ${institutionId} and kind = 'transfer_made' and trace_id is not null group by trace_id`;
  const counts = new Map(rows.map((row) => [row.trace_id, Number(row.count)]));
  return settled.filter(({ traceId, isMade }) => (counts.get(traceId) ?? 0) !== (isMade ? 1 : 0));
}

/** What the books say that happened after an entry. */
async function summarise(sql: Sql, afterEntry: bigint): Promise<{ transfers: number; overdrawn: number }> {
  const [row] = await sql<{ transfers: bigint; overdrawn: bigint }[]>`
    select count(distinct e.entry_id) as transfers, count(*) filter (where p.balance_after_minor < 0) as overdrawn
    from ledger_entries e join postings p on p.institution_id = ${institutionId} and p.entry_id = e.entry_id
    where e.institution_id = ${institutionId} and e.entry_id > ${afterEntry} and e.kind = 'transfer'`;
  return { transfers: Number(row?.transfers), overdrawn: Number(row?.overdrawn) };
}

/** Deadlocks, and waits for a lock that took too long: clients only see that they must ask again. */
async function listDatabaseFailures(): Promise<readonly string[]> {
  const log = await readFile(join(directory.path, 'openbranch.log'), 'utf8');
  return log.split('\n').filter((line) => /"code":"(?:40P01|40001|55P03|57014|23[0-9A-Z]{3})"/u.test(line));
}
