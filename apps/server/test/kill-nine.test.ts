import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { type Acknowledged, type Load, startLoad } from './sign-in-load.ts';

const kills = 20;
/** In these rounds PostgreSQL is killed too, before the server. */
const roundsOfPostgres = [5, 10, 15];
/** Answers that the load must have got before the next kill. */
const answersBetween = 20;
/** Whoever dies earlier is taken for a server that cannot live; `npm start` waits longer and longer then. */
const shortestLifeMs = 600;
const institutionId = '00042';
const maxFailed = 6;

let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
let server: RunningProcess;
let settings: Record<string, string>;

beforeAll(async () => {
  directory = await makeDataDirectory();
  // The same port after each start: callers must find the server again, and its tokens name it.
  settings = { OPENBRANCH_DATA_DIR: directory.path, PORT: String(await freePort()) };
  server = startProgram(programs.npmStart, [], settings);
  await untilReady(server);
});

afterAll(async () => {
  await endProcess(server);
  await directory.remove();
});

test('killed 20 times under load, the server starts again by itself, and nothing that it had acknowledged is lost', {
  timeout: 1_200_000,
}, async () => {
  const { baseUrl, institutions } = await readSandbox(directory.path);
  const active = (institutions.find((one) => one.institutionId === institutionId)?.customers ?? []).filter(
    ({ state, userType, parentInstitutionUserId: parent }) => state === 'active' && userType === 'RETAIL' && parent === undefined,
  );
  const [refreshUser, ...users] = active;
  if (refreshUser === undefined) throw new Error('The sandbox has no active customer.');
  expect(users).toHaveLength(4);
  const application = await createApplication();
  await command('institutions', 'set-lockout', institutionId, '--max-failed', String(maxFailed));
  const target = { baseUrl, institutionId, application, maxFailed };
  const token = await eventually(async () => {
    const answer = await callToken(baseUrl, application, institutionId, { grant_type: 'client_credentials' });
    return answer.status === 200 ? textIn(answer, 'access_token') : undefined;
  });

  const load = startLoad(target, users, token, refreshUser);
  const processIds = new Set([await serverProcessId(directory.path)]);
  for (let round = 1; round <= kills; round += 1) {
    await liveAWhile(load);
    if (roundsOfPostgres.includes(round)) await killPostgres(load);
    processIds.add(await killServer(round));
  }
  await liveAWhile(load);
  const models = await load.stop();

  expect(processIds.size).toBe(kills + 1);
  expect(server.child.exitCode).toBeNull();
  expect(server.stderr().match(/The server ended unexpectedly \(SIGKILL\) and is started again\./gu)).toHaveLength(kills);
  // Otherwise the kills have hit nobody.
  expect(load.lost()).toBeGreaterThanOrEqual(kills);
  await withDatabase(async (sql) => {
    for (const [institutionUserId, model] of models) {
      const [row] = await sql<{ failed_login_count: number; is_locked: boolean }[]>`
          select failed_login_count, is_locked from credentials
          where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
      expect(model.states()).toContainEqual({ failedLoginCount: row?.failed_login_count, isLocked: row?.is_locked });
    }
    expect(await missingRows(sql, load.acknowledged)).toEqual([]);
  });
  expect(await command('audit', 'seal')).toMatch(/^Sealed \d+ rows of 2 institutions\.$/mu);
  expect(await command('audit', 'verify')).toMatch(/^00042: intact, \d+ rows in \d+ batches, 0 not sealed yet$/mu);
});

/** An application with every grant and no limit, so that nothing but the kills disturbs the load. */
async function createApplication(): Promise<{ clientId: string; clientSecret: string }> {
  const grants = ['--grant', 'client_credentials', 'password', 'refresh_token'];
  const limits = ['--quota-per-day', '0', '--spike-per-second', '0'];
  const create = ['applications', 'create', '--name', 'load', '--institution', institutionId, '--scope', 'all'];
  return JSON.parse(await command(...create, ...grants, ...limits));
}

async function command(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(programs.command, args, settings);
  if (code !== 0) throw new Error(`openbranch ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** Until the load has got its answers, and the server has lived long enough not to count as a failed start. */
async function liveAWhile(load: Load): Promise<void> {
  const before = load.acknowledged.length;
  const since = Date.now();
  const isEnough = () => load.acknowledged.length - before >= answersBetween && Date.now() - since > shortestLifeMs;
  await Promise.race([eventually(isEnough, { deadlineMs: 120_000 }), load.failure]);
}

/** @returns the process id of the server that came after it. */
async function killServer(round: number): Promise<number> {
  const killed = await serverProcessId(directory.path);
  process.kill(killed, 'SIGKILL');
  await untilReady(server, round + 1);
  return serverProcessId(directory.path);
}

/** The server lives on, and its database is back by itself. */
async function killPostgres(load: Load): Promise<void> {
  const before = await serverProcessId(directory.path);
  const [line] = (await readFile(join(directory.path, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(line), 'SIGKILL');
  await liveAWhile(load);
  expect(await serverProcessId(directory.path)).toBe(before);
}

async function withDatabase(work: (sql: Sql) => Promise<void>): Promise<void> {
  const [, url = ''] = (await readFile(join(directory.path, 'postgres-connection'), 'utf8')).split('\n');
  const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'test' });
  await work(sql).finally(close);
}

/** Acknowledged answers that have not exactly one activity row. */
async function missingRows(sql: Sql, acknowledged: readonly Acknowledged[]): Promise<readonly Acknowledged[]> {
  expect(acknowledged.length).toBeGreaterThan(kills * answersBetween);
  const rows = await sql<{ trace_id: string; kind: string; count: bigint }[]>`
    select trace_id, kind, count(*) from activities where institution_id = ${institutionId} and trace_id is not null
    group by trace_id, kind`;
  const counts = new Map(rows.map((row) => [`${row.trace_id} ${row.kind}`, row.count]));
  return acknowledged.filter(({ traceId, kind }) => counts.get(`${traceId} ${kind}`) !== 1n);
}
