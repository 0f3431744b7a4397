import { setTimeout as wait } from 'node:timers/promises';
import { copyRows } from '@openbranch/server/platform/db/copy-rows';
import type { BenchOptions } from './bench-options.ts';
import { type CapturedStatement, captureStatements, endCapture, startCapture } from './captured-statements.ts';
import { renderComparison } from './compare.ts';
import { sendOnce } from './http-request.ts';
import { prepareLoad } from './load.ts';
import { type BankCustomer, createBankCalls, type LoadedBank, pickCustomers, prepareLoadedBank } from './loaded-bank.ts';
import { type Contender, measureInterleaved } from './measure-interleaved.ts';
import { createPgbench } from './pgbench.ts';
import { type RunningServer, startOpenbranch } from './start-openbranch.ts';
import { toContender } from './to-contender.ts';

const connections = 32;
const customerCount = 10_000;
const transactionCount = 20;

const ours = 'Openbranch';
const floor = 'pgbench with the same statements';

/** Transfers between two accounts of a customer, against the database alone. Everything has both cores. */
export async function benchTransfers(options: BenchOptions): Promise<string> {
  const bank = await prepareLoadedBank(customerCount, transactionCount);
  try {
    const statements = await captureTransfer(bank);
    console.log(`  ${statements.length} statements, begin and commit among them`);
    await insertParameters(bank);
    const openbranch = await startOpenbranch(bank, undefined, options.profileFolder);
    try {
      return await compareTransfers(bank, openbranch, statements, options);
    } finally {
      await openbranch.stop();
    }
  } finally {
    await bank.remove();
  }
}

async function captureTransfer(bank: LoadedBank): Promise<readonly CapturedStatement[]> {
  await startCapture(bank);
  const server = await startOpenbranch(bank, undefined, undefined);
  try {
    const calls = createBankCalls(await bank.requestToken(server.baseUrl));
    const statements = await captureStatements(bank, async (customer, transactionId) => {
      const request = calls.transfer(customer);
      const headers = { ...request.headers, transactionId };
      const answer = await sendOnce(server.baseUrl, { ...request, headers });
      if (!answer.includes('"SUCCESS"')) throw new Error(`A transfer answers ${answer}`);
    });
    return statements.map((statement) => withOwnQueue(bank.institutionId, statement));
  } finally {
    await server.stop();
    await endCapture(bank);
  }
}

/** What a transfer tells the alerts belongs to an institution that no server knows, so that none takes it from the queue. */
function withOwnQueue(institutionId: string, { text, parameters }: CapturedStatement): CapturedStatement {
  if (!text.includes('alert_event_queue')) return { text, parameters };
  return { text, parameters: parameters.map((value) => (value === institutionId ? '99999' : value)) };
}

/** The alerts of a round are not processed in the next one. */
async function untilProcessed({ database: { sql }, institutionId }: LoadedBank): Promise<void> {
  const isLeft = () => sql`select 1 from alert_event_queue 
    where institution_id = ${institutionId} and dead_at is null limit 1`;
  while ((await isLeft()).length > 0) await wait(100);
}

/** pgbench makes no texts of its own: what the statements say of a customer stands in a table for it. */
async function insertParameters(bank: LoadedBank): Promise<void> {
  const { sql } = bank.database;
  await sql`
    create table bench_customers (number int primary key, "loginName" text, "customerId" text, "institutionUserId" text,
      "memberNumber" text, "checkingKey" text, "savingsKey" text)`;
  const columns = ['number', ...parameterNames];
  const rows = pickCustomers(bank, customerCount).map((customer, number) => [
    number,
    ...parameterNames.map((name) => customer[name]),
  ]);
  await sql.begin((tx) => copyRows(tx, 'bench_customers', columns, rows));
  await sql`vacuum (analyze) bench_customers`;
}

const parameterNames = [
  ...(['loginName', 'customerId', 'institutionUserId', 'memberNumber', 'checkingKey', 'savingsKey'] as const),
] satisfies readonly (keyof BankCustomer)[];

async function compareTransfers(
  bank: LoadedBank,
  openbranch: RunningServer,
  statements: readonly CapturedStatement[],
  options: BenchOptions,
): Promise<string> {
  const calls = createBankCalls(await bank.requestToken(openbranch.baseUrl));
  const requests = pickCustomers(bank, customerCount).map(calls.transfer);
  const load = await prepareLoad({ baseUrl: openbranch.baseUrl, requests, connections, cores: undefined });
  try {
    const own = toContender(ours, load, openbranch);
    const pgbench = await createPgbench({ bank, statements, customerCount, names: parameterNames, clients: connections });
    const alone: Contender = {
      name: floor,
      measure: async (seconds) => {
        await untilProcessed(bank);
        return pgbench.run(seconds);
      },
    };
    const measured = await measureInterleaved([own, alone], options);
    const goals = [{ against: floor, least: 0.5 }];
    return await renderComparison({ ours, unit: 'Transfers a second', measured, goals, servers: [own] });
  } finally {
    await load.remove();
  }
}
