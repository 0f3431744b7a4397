import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fromNow, hourMs, recordSignIns } from '@openbranch/testkit/activity-search';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { introspectToken, requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedger, createOpaqueIds, type OpaqueIds } from '../src/core/index.ts';
import { claimInstallation } from '../src/platform/db/claim-installation.ts';
import type { Database, Sql } from '../src/platform/db/database.ts';
import type { KeyRing } from '../src/platform/keys/key-ring.ts';
import { createPasswordHasher } from '../src/platform/passwords/password-hasher.ts';
import { createListAccountUsers } from '../src/products/accounts/index.ts';
import { findLoadedCustomer, type LoadOutcome, loadCustomers } from '../src/products/sandbox/index.ts';
import { type ExplainedStatement, openExplainedDatabase, type PlanNode } from './explained-database.ts';

/** The statements that hot operations really send, with the plans of the server, on a bank in which a scan would be wrong. */
const institutionId = '00900';
const customerCount = 3_000;
const page = join(import.meta.dirname, '../../../docs/reference/queries.md');

let app: TestApp;
let explained: Database;
let loaded: LoadOutcome;
let ids: OpaqueIds;
let token: string;
let refreshToken: string;
let told: ExplainedStatement[] = [];
let tenantTables: ReadonlySet<string>;

beforeAll(async () => {
  app = await createTestApp({
    prepare: loadBank,
    connect: async (target) => {
      explained = await openExplainedDatabase(target, (statement) => void told.push(statement));
      return explained;
    },
  });
  ids = createOpaqueIds(app.keyRing);
  token = (await tokensOf(grant({ grant_type: 'client_credentials' }))).accessToken;
  refreshToken = (await tokensOf(signIn())).refreshToken;
  await acceptStatements();
  tenantTables = await listTenantTables(app.database.sql);
}, 120_000);
afterAll(() => app.close());

/** What the planner knows depends on the rows alone: all of them are looked at, and nobody looks at another time. */
async function loadBank(sql: Sql, keyRing: KeyRing): Promise<void> {
  for (const table of await listTenantTables(sql)) await sql`alter table ${sql(table)} set (autovacuum_enabled = off)`;
  await claimInstallation(sql, 'sandbox');
  const outcome = await loadCustomers(
    { sql, keyRing, hasher: createPasswordHasher(keyRing), onProgress: () => undefined },
    { institutionId, customers: customerCount, transactions: 20, signIns: 1 },
  );
  if (!outcome.ok) throw new Error(outcome.refusal);
  loaded = outcome.value;
  await recordSignIns(sql, institutionId, customerCount);
  const connection = await sql.reserve();
  try {
    await connection`set default_statistics_target = 1000`;
    await connection.unsafe(`vacuum (analyze) customers, institution_users, institution_user_customers, credentials, core_members,
      accounts, account_holders, account_balances, ledger_entries, postings, activities`);
    await connection`reset default_statistics_target`;
  } finally {
    connection.release();
  }
}

async function listTenantTables(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'institution_id' order by 1`;
  return new Set(rows.map(({ name }) => name));
}

const customer = findLoadedCustomer(institutionId, 0);
const accountId = (accountKey: bigint): string => ids.encodeOne('account', institutionId, { accountKey, number: 0n });

function grant(form: Readonly<Record<string, string>>) {
  return requestToken(app.http, loaded.application, form, { headers: { institutionId } });
}

function signIn() {
  return grant({ grant_type: 'password', username: customer.loginName, password: loaded.password });
}

function call(method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}`, transactionId: randomUUID(), correlationId: randomUUID() };
  return app.http.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function refresh() {
  const answer = await grant({ grant_type: 'refresh_token', refresh_token: refreshToken });
  refreshToken = answer.json().refresh_token;
  return answer;
}

const user = `loginId=${customer.loginName}`;

/** Statements are shown to whoever wants them electronic. */
async function acceptStatements(): Promise<void> {
  const definition = { institutionDisclosureName: 'OLS', institutionDisclosureStatus: true };
  expect((await call('POST', '/v1/institution-disclosures', definition)).statusCode).toBe(200);
  const decision = { institutionDisclosureName: 'OLS', institutionUserDisclosureStatus: 'ACCEPTED', paperWaiver: true };
  expect((await call('POST', `/v1/institution-user-disclosures?${user}`, decision)).statusCode).toBe(204);
}

/** The statements of three or four months. */
function getStatements() {
  const day = (daysAgo: number) =>
    fromNow(-daysAgo * 24 * hourMs)
      .toISOString()
      .slice(0, 10);
  const query = new URLSearchParams({
    ...{ loginId: customer.loginName, accountId: accountId(customer.checkingKey), imageType: 'STATEMENT' },
    ...{ statementStartDate: day(100), statementEndDate: day(0) },
  });
  return call('GET', `/v1/banking-images?${query}`);
}

const hotOperations: readonly [string, () => Promise<{ readonly statusCode: number }>][] = [
  ['Token of an application', () => grant({ grant_type: 'client_credentials' })],
  ['Sign-in', signIn],
  ['Refresh of a pair of tokens', refresh],
  ['Introspection of a token', () => introspectToken(app.http, loaded.application, token)],
  ['`GET /v1/accounts`', () => call('GET', `/v1/accounts?${user}`)],
  ['`GET /v1/accounts/{accountId}`', () => call('GET', `/v1/accounts/${accountId(customer.checkingKey)}?${user}`)],
  [
    '`GET /v1/transactions`',
    () => call('GET', `/v1/transactions?accountId=${accountId(customer.checkingKey)}&${user}&$skip=0&$top=50`),
  ],
  ['`GET /v1/customers/{customerId}:accounts`', () => call('GET', `/v1/customers/${customer.customerId}:accounts?${user}`)],
  ['`GET /v1/banking-images`, statements', getStatements],
  ['`GET /v1/recipients`', () => call('GET', `/v1/recipients?${user}`)],
  [
    '`POST /v1/transfers`',
    () =>
      call('POST', `/v1/transfers?${user}`, {
        fromAccountHolderId: customer.customerId,
        fromAccountId: accountId(customer.checkingKey),
        toAccountId: accountId(customer.savingsKey),
        amount: { amount: 0.01, currencyCode: 'USD' },
      }),
  ],
  [
    '`GET /v1/user-status/{userId}`',
    () => call('GET', `/v1/user-status/${customer.institutionUserId}?userIdType=INSTITUTION_USER_ID`),
  ],
  [
    '`POST /v1/banking-activities`',
    () =>
      call('POST', '/v1/banking-activities', {
        ...{ startTime: fromNow(-24 * hourMs).toISOString(), endTime: fromNow(hourMs).toISOString() },
        ...{ userId: customer.loginName, userIdType: 'loginId' },
      }),
  ],
  [
    'Alerts: who may see the accounts of a batch',
    async () => {
      const { checkingKey, savingsKey } = customer;
      const found = await createListAccountUsers(createLedger())(explained.sql, institutionId, [checkingKey, savingsKey]);
      return { statusCode: found.size === 2 ? 200 : 404 };
    },
  ],
];

test('every query of a hot operation stands in docs/reference/queries.md with its plan, and none scans a tenant table', async () => {
  const sections: string[] = [];
  const numbers = new Map<string, number>();
  const withoutQuery: string[] = [];
  for (const [title, work] of hotOperations) {
    const statements = await statementsOf(work);
    for (const { text, plan } of statements) expect(scansOf(plan), `${title}: ${text}`).toEqual([]);
    sections.push(`## ${title}`, ...statements.map((statement) => describeStatement(statement, numbers)));
    if (statements.length > 0) continue;
    sections.push('No query: what it needs is kept in memory.');
    withoutQuery.push(title);
  }
  expect(withoutQuery).toEqual(['Token of an application', 'Introspection of a token']);
  const text = [...head, ...sections].join('\n\n');
  await expect(`${text}\n`, 'npm test -- apps/server/test/query-plans.test.ts -u writes it').toMatchFileSnapshot(page);
});

const head = [
  '<!-- Generated by npm test -- apps/server/test/query-plans.test.ts -u. Do not edit. -->',
  '# Queries',
  `Every query of the operations that are called most, as the server sends it, with the plan that PostgreSQL takes for any parameters, on a bank of ${customerCount.toLocaleString('en-US')} customers with 20 transactions each. A test makes this page and fails when it is not the same, or when a table with rows of institutions is read as a whole. Tables that are empty there (entitlements, holds, limits) have a plan too.`,
];

/** What belongs to the operation comes with every call; what the program asks by itself now and then does not. */
async function statementsOf(work: () => Promise<{ readonly statusCode: number }>): Promise<readonly ExplainedStatement[]> {
  const runs: ExplainedStatement[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    told = [];
    expect((await work()).statusCode).toBe(200);
    runs.push(told);
  }
  const last = new Map(runs.at(-1)?.map((statement) => [statement.text, statement]));
  return [...last.values()].filter(({ text }) => runs.every((run) => run.some((statement) => statement.text === text)));
}

function scansOf(node: PlanNode): string[] {
  const { 'Relation Name': table = '' } = node;
  const own = node['Node Type'] === 'Seq Scan' && tenantTables.has(table) ? [table] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}

function describeStatement({ text, plan }: ExplainedStatement, numbers: Map<string, number>): string {
  const known = numbers.get(text);
  if (known !== undefined) return `Query ${known}, as above.`;
  numbers.set(text, numbers.size + 1);
  return `Query ${numbers.size}:\n\n\`\`\`sql\n${layOut(text)}\n\`\`\`\n\n\`\`\`text\n${describePlan(plan, 0).join('\n')}\n\`\`\``;
}

/** Without the indentation of the source that it comes from. */
function layOut(text: string): string {
  const [first = '', ...others] = text.split('\n').filter((line) => line.trim() !== '');
  const indents = others.map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents, first.length - first.trimStart().length || Number.POSITIVE_INFINITY);
  const lines = others.map((line) => line.slice(Number.isFinite(least) ? least : 0).trimEnd());
  return [first.trim(), ...lines].join('\n');
}

function describePlan(node: PlanNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const index = node['Index Name'];
  const table = node['Relation Name'];
  const words = [
    ...(node['Subplan Name'] === undefined ? [] : [`${node['Subplan Name']}:`]),
    node['Node Type'],
    ...(node.Operation === undefined ? [] : [`(${node.Operation})`]),
    ...(node['Scan Direction'] === 'Backward' ? ['backward'] : []),
    ...(index === undefined ? [] : ['using', index]),
    ...(table === undefined ? [] : ['on', table]),
    ...(node.Alias === undefined || node.Alias === table ? [] : [node.Alias]),
    ...(node['CTE Name'] === undefined ? [] : ['of', node['CTE Name']]),
  ];
  const conditions = (['Index Cond', 'Recheck Cond', 'Filter'] as const).flatMap((name) =>
    node[name] === undefined ? [] : [`${indent}    ${name}: ${node[name]}`],
  );
  return [`${indent}${words.join(' ')}`, ...conditions, ...(node.Plans ?? []).flatMap((one) => describePlan(one, depth + 1))];
}
