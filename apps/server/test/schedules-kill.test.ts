import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls } from '@openbranch/testkit/money-calls';
import { setClock } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts, type OpenedAccount } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

const targets = 8;
const executionsEach = 60;
const rounds = 10;

let app: TestApp;
let api: ApiCaller;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await app.close();
});

async function startProcess(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('schedules-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, app.target.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function countExecutions(): Promise<number> {
  return (await app.database.sql`select 1 from transfer_executions`).length;
}

test(`processes that are killed in the middle of it, ${rounds} times, two at a time, make each execution once`, {
  timeout: 120_000,
}, async () => {
  const owner = api.customer({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
  const accounts = createTestAccounts(app, api.institutionId);
  await setClock(app, api.institutionId, '2028-01-14T20:00:00Z');
  const calls = createMoneyCalls(api, await api.partnerToken());
  const from = await accounts.open(owner.memberNumber);
  await accounts.book(from, { amountMinor: 10_000_00n, on: '2027-01-05' });
  const to: OpenedAccount[] = [];
  for (let made = 0; made < targets; made += 1) {
    const account = await accounts.open(owner.memberNumber);
    to.push(account);
    const schedule = {
      lifeType: 'NUMBEROFEXECUTIONS',
      frequency: 'DAILY',
      startDate: '2028-01-20',
      numberOfExecutions: executionsEach,
    };
    const parties = { fromAccountHolderId: owner.customerId, fromAccountId: from.accountId, toAccountId: account.accountId };
    expect((await calls.transfer(owner, { ...parties, amount: { amount: 1 }, schedule })).statusCode).toBe(200);
  }
  await setClock(app, api.institutionId, '2028-06-01T20:00:00Z');
  let cutShort = 0;
  for (let round = 0; round < rounds; round += 1) {
    const before = await countExecutions();
    const pair = await Promise.all([startProcess(), startProcess()]);
    if (before < targets * executionsEach) await eventually(async () => (await countExecutions()) > before, { pauseMs: 1 });
    for (const child of pair) {
      if (child.exitCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    if ((await countExecutions()) < targets * executionsEach) cutShort += 1;
  }
  expect(cutShort).toBeGreaterThan(1);
  await app.jobs.find(({ name }) => name === 'run_days')?.run();
  const { sql } = app.database;
  expect(await countExecutions()).toBe(targets * executionsEach);
  expect(await sql`select 1 from transfer_executions where status <> 'MADE'`).toEqual([]);
  expect(await sql`select 1 from transfer_executions group by entry_id having count(*) > 1`).toEqual([]);
  const balances = await sql<{ ledger_minor: bigint }[]>`
    select ledger_minor from account_balances where account_key = any(${to.map(({ accountKey }) => String(accountKey))}::bigint[])`;
  expect(balances.map(({ ledger_minor }) => ledger_minor)).toEqual(to.map(() => BigInt(executionsEach) * 100n));
  expect(await sql`select 1 from postings group by institution_id, entry_id having sum(amount_minor) <> 0`).toEqual([]);
});
