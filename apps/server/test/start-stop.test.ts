import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@openbranch/testkit/eventually';
import { basicAuthorization, call, callToken } from '@openbranch/testkit/live-calls';
import {
  endProcess,
  freePort,
  makeDataDirectory,
  programs,
  type RunningProcess,
  readSandbox,
  runProgram,
  type Settings,
  serverProcessId,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import type { Sandbox } from '@openbranch/testkit/test-app';
import { createTestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modeOf } from './postgres-starts.ts';

const { npmStart } = programs;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts a server that is stopped after the test. */
async function start(settings: Settings, program: string = npmStart): Promise<RunningProcess> {
  const server = startProgram(program, [], { PORT: '0', ...settings });
  cleanups.push(() => endProcess(server));
  await untilReady(server);
  return server;
}

const institutionOf = (sandbox: Sandbox) => {
  const [institution] = sandbox.institutions;
  const [partner, mobile] = institution?.applications ?? [];
  const [customer] = institution?.customers ?? [];
  if (institution === undefined || partner === undefined || mobile === undefined || customer === undefined)
    throw new Error('The sandbox is empty.');
  return { institution, partner, mobile, customer };
};

describe('one sandbox', () => {
  let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
  let settings: Settings;

  beforeAll(async () => {
    directory = await makeDataDirectory();
    settings = { OPENBRANCH_DATA_DIR: directory.path };
  });
  afterAll(() => directory.remove());

  test('sandbox.json is for its owner only and tells a script everything', async () => {
    const server = await start(settings);
    const file = join(directory.path, 'sandbox.json');
    expect(await modeOf(file)).toBe('600');
    expect(await modeOf(join(directory.path, 'master.key'))).toBe('600');
    const sandbox = await readSandbox(directory.path);
    expect(server.stdout()).toContain(sandbox.baseUrl);
    expect(server.stdout()).toContain(file);
    expect(sandbox).toEqual({
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+$/u),
      sandboxKey: expect.stringMatching(/^\w{32,}$/u),
      institutions: expect.any(Array),
    });
    expect(sandbox.institutions).toHaveLength(2);
    for (const { institutionId, name, applications, customers } of sandbox.institutions) {
      expect([institutionId, name]).toEqual([expect.stringMatching(/^[0-9]{5}$/u), expect.any(String)]);
      expect(applications.map(({ edition }) => edition)).toEqual(['v2', 'v2', 'v1']);
      for (const application of applications) {
        expect(application).toEqual({
          name: expect.any(String),
          clientId: expect.stringMatching(/^\w{48}$/u),
          clientSecret: expect.stringMatching(/^\w{43,}$/u),
          grants: expect.any(Array),
          scopes: expect.any(Array),
          edition: expect.stringMatching(/^v[12]$/u),
        });
      }
      expect(customers).toHaveLength(10);
      expect(customers.map(({ state }) => state)).toEqual(expect.arrayContaining(['active', 'locked', 'onHold']));
      expect(customers.some(({ userType }) => userType === 'BUSINESS')).toBe(true);
      expect(customers.filter(({ parentInstitutionUserId }) => parentInstitutionUserId !== undefined)).toHaveLength(1);
    }
  });

  test('a restart keeps keys, credentials and customers', async () => {
    const before = await readSandbox(directory.path);
    await start(settings);
    const after = await readSandbox(directory.path);
    expect(after).toEqual({ ...before, baseUrl: after.baseUrl });
    const { institution, partner } = institutionOf(before);
    const answer = await callToken(after.baseUrl, partner, institution.institutionId, { grant_type: 'client_credentials' });
    expect(answer.status).toBe(200);
  });

  test('on SIGTERM a sign-in that runs gets its answer, new connections are refused, and further signals change nothing', async () => {
    const server = await start(settings);
    const sandbox = await readSandbox(directory.path);
    const { institution, mobile, customer } = institutionOf(sandbox);
    const body = new URLSearchParams({ grant_type: 'password', username: customer.loginId, password: customer.password });
    const socket = await beginRequest(sandbox.baseUrl, [
      'POST /oauth2/v1/token HTTP/1.1',
      'Host: localhost',
      `Authorization: ${basicAuthorization(mobile)}`,
      'transactionId: 4b8a4f0e-6f4c-4b0e-9a35-0d8f3f6f6a11',
      `institutionId: ${institution.institutionId}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(String(body))}`,
    ]);
    server.child.kill('SIGTERM');
    await eventually(() => isRefused(sandbox.baseUrl));
    server.child.kill('SIGTERM');
    server.child.kill('SIGINT');
    expect(server.child.exitCode).toBeNull();
    const answer = readAll(socket);
    socket.write(String(body));
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"access_token"/u);
    const { code, stdout, stderr } = await server.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/Stopping/gu)).toHaveLength(1);
    await expect(access(join(directory.path, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  test('a second start on the same data directory is refused with one line, and the first goes on', async () => {
    await start(settings);
    const { baseUrl } = await readSandbox(directory.path);
    const second = await runProgram(npmStart, [], { ...settings, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      /^Another Openbranch process \([0-9]+\) uses the data directory [^\n]*: stop it, or set OPENBRANCH_DATA_DIR to another directory\.\n$/u,
    );
    expect((await fetch(`${baseUrl}/health/ready`)).status).toBe(200);
    expect((await readSandbox(directory.path)).baseUrl).toBe(baseUrl);
  });

  test('a server whose watcher was killed ends by itself, and the next start waits for that', async () => {
    const first = startProgram(npmStart, [], { ...settings, PORT: '0' });
    await untilReady(first);
    const orphan = await serverProcessId(directory.path);
    first.child.kill('SIGKILL');
    await start(settings);
    expect(await serverProcessId(directory.path)).not.toBe(orphan);
    // Its output ends with the last process that has it.
    await first.ended;
  });

  test('when npm is told to stop, the server behind its shell stops too', async () => {
    // npm runs scripts by a shell, and hands a signal to that shell only.
    const shell = startProgram('sh', ['-c', `"${process.execPath}" "${npmStart}"; exit $?`], {
      ...settings,
      PORT: '0',
      npm_lifecycle_event: 'start',
    });
    await untilReady(shell);
    shell.child.kill('SIGTERM');
    // Its output ends with the last process that has it.
    expect((await shell.ended).stdout).toContain('Stopping: running requests end first.');
    await expect(access(join(directory.path, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  test('a taken port is one line that names PORT, and leaves nothing running', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOf(taken.address());
    const { code, stderr } = await runProgram(npmStart, [], { ...settings, PORT: String(port) });
    taken.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Port ${port} is taken: set PORT to another one.\n` });
    await expect(access(join(directory.path, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  test('a master key that does not fit the database is one line', async () => {
    const wrong = { ...settings, PORT: '0', OPENBRANCH_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
    const { code, stderr } = await runProgram(npmStart, [], wrong);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The signing keys in the database do not open with this master key: set OPENBRANCH_MASTER_KEY[^\n]*\n$/u,
    );
  });
});

test.each([
  [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535.'],
  [{ OPENBRANCH_MODE: 'x' }, 'OPENBRANCH_MODE must be "sandbox" or "production".'],
  [
    { OPENBRANCH_MODE: 'production' },
    'Production mode needs DATABASE_URL, OPENBRANCH_MASTER_KEY, OPENBRANCH_PUBLIC_URL, OPENBRANCH_SMTP_URL, OPENBRANCH_MAIL_FROM: set them and start again.',
  ],
  [
    { DATABASE_URL: 'mysql://a/b' },
    'DATABASE_URL is not a PostgreSQL address: write postgresql://user:password@host:5432/database.',
  ],
])('the settings %j end the start with one line that names what is wrong', async (settings, line) => {
  const { code, stdout, stderr } = await runProgram(npmStart, [], { OPENBRANCH_DATA_DIR: '/nowhere/at/all', ...settings });
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `${line}\n` });
});

test('production has no sandbox: no route, no file, no people', async () => {
  const directory = await makeDataDirectory();
  const database = await createTestDatabase();
  cleanups.push(directory.remove, database.drop);
  const port = await freePort();
  const server = await start({
    PORT: String(port),
    OPENBRANCH_MODE: 'production',
    OPENBRANCH_DATA_DIR: directory.path,
    DATABASE_URL: database.target.url,
    OPENBRANCH_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
    OPENBRANCH_PUBLIC_URL: 'https://api.example.org',
    OPENBRANCH_SMTP_URL: 'smtp://127.0.0.1:1',
    OPENBRANCH_MAIL_FROM: 'no-reply@example.org',
    OPENBRANCH_LOG_FILE: join(directory.path, '..', 'server.log'),
  });
  expect(server.stdout()).toContain('ready (production mode)');
  await expect(access(join(directory.path, 'sandbox.json'))).rejects.toThrow('ENOENT');
  const [{ count } = { count: undefined }] = await database.database.sql`select count(*) from institutions`;
  expect(count).toBe(0n);
  const baseUrl = `http://127.0.0.1:${port}`;
  const key = { 'x-sandbox-key': 'any' };
  const clock = await call(`${baseUrl}/sandbox/v1/institutions/00042/clock`, { headers: key });
  const unknown = await call(`${baseUrl}/no/such/route`, { headers: key });
  expect([clock.status, clock.body]).toEqual([404, unknown.body]);
  const reset = await call(`${baseUrl}/sandbox/v1/institutions/00042:reset`, { method: 'POST', headers: key });
  expect(reset.status).toBe(404);
  const document = await (await fetch(`${baseUrl}/openapi.json`)).text();
  expect(document).not.toContain('/sandbox/');
});

/** Sends the head of a request, and waits until the server is in it and wants the body. */
async function beginRequest(baseUrl: string, head: readonly string[]): Promise<Socket> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write([...head, 'Expect: 100-continue', '', ''].join('\r\n'));
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 100 Continue/u);
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

async function isRefused(baseUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, 'code') === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}
