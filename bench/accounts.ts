import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import { type CapturedStatement, captureStatements, endCapture, fillParameters, startCapture } from './captured-statements.ts';
import { renderComparison } from './compare.ts';
import { loadCore, serverCore } from './cores.ts';
import { type PreparedRequest, sendOnce } from './http-request.ts';
import { prepareLoad } from './load.ts';
import { type BankCustomer, createBankCalls, type LoadedBank, pickCustomers, prepareLoadedBank } from './loaded-bank.ts';
import { measureInterleaved } from './measure-interleaved.ts';
import { pinPostgres } from './pin-postgres.ts';
import { type RunningServer, startOpenbranch, startRival } from './start-openbranch.ts';
import { toContender } from './to-contender.ts';

const connections = 32;
const customerCount = 1_000;
/** More than a page of the checking account. */
const transactionCount = 100;

const ours = 'Openbranch';
const floor = 'Fastify + the same statements';

interface Read {
  readonly title: string;
  /** As the router of the floor knows it. */
  readonly path: string;
  readonly request: (customer: BankCustomer, token: string) => PreparedRequest;
}

const reads: readonly Read[] = [
  {
    title: 'GET /v1/accounts/{accountId}',
    path: '/v1/accounts/:accountId',
    request: (customer, token) => createBankCalls(token).account(customer),
  },
  {
    title: 'GET /v1/transactions, a page of 50',
    path: '/v1/transactions',
    request: (customer, token) => createBankCalls(token).transactions(customer),
  },
];

/** Reading an account and a page of its transactions, against the statements alone. */
export async function benchAccounts(options: BenchOptions): Promise<string> {
  const bank = await prepareLoadedBank(customerCount, transactionCount);
  pinPostgres(bank, loadCore);
  const servers: RunningServer[] = [];
  try {
    const statements = await captureReads(bank);
    const openbranch = await startOpenbranch(bank, serverCore, options.profileFolder);
    servers.push(openbranch);
    const token = await bank.requestToken(openbranch.baseUrl);
    const customers = pickCustomers(bank, customerCount);
    const plans = await writePlans(bank, openbranch.baseUrl, customers, token, statements);
    const rival = await startRival('fastify-statements.ts', serverCore, { DATABASE_URL: bank.target.url, PLANS: plans });
    servers.push(rival);
    const tables: string[] = [];
    for (const { title, request } of reads) {
      console.log(`  ${title}`);
      const requests = customers.map((customer) => request(customer, token));
      tables.push(`### ${title}\n\n${await compareRead(openbranch, rival, requests, options)}`);
    }
    return tables.join('\n\n');
  } finally {
    for (const server of servers) await server.stop();
    await bank.remove();
  }
}

/** What Openbranch sends for each read, seen at the database. */
async function captureReads(bank: LoadedBank): Promise<readonly (readonly CapturedStatement[])[]> {
  await startCapture(bank);
  const server = await startOpenbranch(bank, undefined, undefined);
  try {
    const token = await bank.requestToken(server.baseUrl);
    const captured: (readonly CapturedStatement[])[] = [];
    for (const { title, request } of reads) {
      const statements = await captureStatements(bank, (customer) => sendOnce(server.baseUrl, request(customer, token)));
      console.log(`  ${title}: ${statements.length} statements`);
      captured.push(statements);
    }
    return captured;
  } finally {
    await server.stop();
    await endCapture(bank);
  }
}

/** For the floor: statements, their parameters by call, and the answers of Openbranch. */
async function writePlans(
  { folder }: LoadedBank,
  baseUrl: string,
  customers: readonly BankCustomer[],
  token: string,
  captured: readonly (readonly CapturedStatement[])[],
): Promise<string> {
  const plans: object[] = [];
  for (const [index, { path, request }] of reads.entries()) {
    const statements = captured[index] ?? [];
    const calls: [string, object][] = [];
    for (const customer of customers) {
      const prepared = request(customer, token);
      const parameters = statements.map((statement) => fillParameters(statement, { ...customer }));
      calls.push([prepared.path, { parameters, answer: await sendOnce(baseUrl, prepared) }]);
    }
    plans.push({ path, statements: statements.map(({ text }) => text), calls: Object.fromEntries(calls) });
  }
  const file = join(folder, 'plans.json');
  await writeFile(file, JSON.stringify(plans));
  return file;
}

async function compareRead(
  openbranch: RunningServer,
  rival: RunningServer,
  requests: readonly PreparedRequest[],
  options: BenchOptions,
): Promise<string> {
  const [first] = requests;
  if (first === undefined) throw new Error('There is no request.');
  const answer = await sendOnce(openbranch.baseUrl, first);
  console.log(`  ${answer.length} characters: ${answer.slice(0, 200)}`);
  if (answer !== (await sendOnce(rival.baseUrl, first))) throw new Error('The servers answer differently.');
  const plan = { requests, connections, cores: loadCore };
  const own = await prepareLoad({ ...plan, baseUrl: openbranch.baseUrl });
  const theirs = await prepareLoad({ ...plan, baseUrl: rival.baseUrl });
  try {
    const contenders = [toContender(ours, own, openbranch), toContender(floor, theirs, rival)];
    const measured = await measureInterleaved(contenders, options);
    const goals = [{ against: floor, least: 0.5 }];
    return await renderComparison({ ours, unit: 'Answers a second', measured, goals, servers: contenders });
  } finally {
    await own.remove();
    await theirs.remove();
  }
}
