import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '@openbranch/contract/operations';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeApi, type Routes, startFakeApi, v1TokenRoute, v2TokenRoute, v2Tokens } from '../../sdk/test/fake-api.ts';
import { kebabCase } from '../src/kebab-case.ts';

const launcher = fileURLToPath(new URL('../bin/openbranch.mjs', import.meta.url));
const customerId = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const unlockRoute = `PUT /v1/customers/${customerId}:unlock-user`;
const statusRoute = 'GET /v1/user-status/ann';
const clockRoute = '/sandbox/v1/institutions/00042/clock';

let api: FakeApi | undefined;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openbranch-cli-'));
});
afterEach(async () => {
  await api?.close();
  api = undefined;
  await rm(folder, { recursive: true });
});

const start = async (routes: Routes = {}) => {
  api = await startFakeApi({ [v2TokenRoute]: v2Tokens(), ...routes });
  return api;
};

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the command in an empty folder with nothing of this process's environment. */
function run(args: readonly string[], { env = {}, input = '' }: Run = {}) {
  const child = spawn(process.execPath, [launcher, ...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.end(input);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const connection = (baseUrl: string) => ({
  OPENBRANCH_BASE_URL: baseUrl,
  OPENBRANCH_INSTITUTION_ID: '00042',
  OPENBRANCH_CLIENT_ID: 'key',
  OPENBRANCH_CLIENT_SECRET: 'the-client-secret',
});

const customer = (loginId: string) => ({
  customerId,
  institutionUserId: 'A'.repeat(32),
  loginId,
  password: `password-of-${loginId}`,
  memberNumber: '1000200030',
  userType: 'RETAIL',
  role: 'PRIMARY',
  state: 'active',
});

const application = (name: string, edition: string, grants: readonly string[]) => ({
  name,
  clientId: `id-of-${name}`,
  clientSecret: `secret-of-${name}`,
  grants,
  scopes: ['institution-users:read'],
  edition,
});

async function writeSandbox(baseUrl: string) {
  const applications = [
    application('legacy', 'V1', ['client_credentials', 'password']),
    application('partner', 'V2', ['client_credentials']),
    application('mobile', 'V2', ['password', 'refresh_token']),
  ];
  const institutions = [
    { institutionId: '00042', name: 'First', applications, customers: [customer('ann')] },
    { institutionId: '00043', name: 'Second', applications, customers: [customer('bob')] },
  ];
  await mkdir(join(folder, '.openbranch'));
  await writeFile(
    join(folder, '.openbranch', 'sandbox.json'),
    JSON.stringify({ baseUrl, sandboxKey: 'the-sandbox-key', institutions }),
  );
}

const basic = (name: string) => `Basic ${Buffer.from(`id-of-${name}:secret-of-${name}`).toString('base64')}`;
const status = {
  institutionUserId: 'A'.repeat(32),
  locked: true,
  additionalInfo: { failedLoginCount: 5, failedPasswordResetCount: 0 },
};
const clock = () => ({ status: 200, body: { institutionId: '00042', now: '2030-01-01T00:00:00Z', offsetSeconds: 0 } });

test('the help is short and names every operation', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  expect(stdout.split('\n').length).toBeLessThan(100);
  for (const { id, product } of Object.values(operations)) if (product !== 'sandbox') expect(stdout).toContain(kebabCase(id));
  expect(stdout).toContain('sandbox clock advance|get|set');
  expect((await run([])).stdout).toBe(stdout);
});

test('the help of a command tells options, method, path, scopes and an example', async () => {
  const { code, stdout } = await run(['get-user-status', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('GET /v1/user-status/{institutionUserId}');
  expect(stdout).toContain('Scopes: institution-users:read');
  expect(stdout).toMatch(/--user-id-type <value> +What the path value is/u);
  expect(stdout).toContain(
    'openbranch get-user-status --institution-user-id "$INSTITUTION_USER_ID" --user-id-type INSTITUTION_USER_ID',
  );
});

test('an answer is JSON where no terminal is, and a table when asked for', async () => {
  const api = await start({ [statusRoute]: () => ({ status: 200, body: status }) });
  const args = ['get-user-status', '--institution-user-id', 'ann', '--user-id-type', 'LOGIN_ID'];
  const env = connection(api.baseUrl);
  const json = await run(args, { env });
  expect(JSON.parse(json.stdout)).toEqual(status);
  expect(api.seen.at(-1)?.url).toBe('/v1/user-status/ann?userIdType=LOGIN_ID');
  const table = await run([...args, '--table'], { env });
  expect(table.stdout).toBe(
    [
      'NAME                                     VALUE',
      `institutionUserId                        ${'A'.repeat(32)}`,
      'locked                                   true',
      'additionalInfo.failedLoginCount          5',
      'additionalInfo.failedPasswordResetCount  0',
      '',
    ].join('\n'),
  );
});

test('an empty answer says done, and nothing on standard output', async () => {
  const api = await start({ [unlockRoute]: () => ({ status: 204 }) });
  const ran = await run(['unlock-user', '--customer-id', customerId, '--trace-id', '0f8fad5b-d9cb-469f-a165-70867728950e'], {
    env: connection(api.baseUrl),
  });
  expect(ran).toEqual({ code: 0, stdout: '', stderr: 'done\n' });
  expect(api.seen.at(-1)?.headers['correlationid']).toBe('0f8fad5b-d9cb-469f-a165-70867728950e');
});

test('a refusal is one line with status, code, message and trace id, and exit code 1', async () => {
  const refusal = { status: 400, message: 'user is not locked\u001b[2J', code: 'UXU_99999' };
  const api = await start({ [unlockRoute]: () => ({ status: 400, body: refusal }) });
  const { code, stdout, stderr } = await run(['customers', 'unlock-user', '--customer-id', customerId], {
    env: connection(api.baseUrl),
  });
  const traceId = api.seen.at(-1)?.headers['correlationid'];
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `openbranch: 400 UXU_99999: user is not locked?[2J (trace ${traceId})\n`,
  });
});

test('a server that cannot be reached is one line and exit code 3', async () => {
  const { baseUrl, close } = await startFakeApi({});
  await close();
  const { code, stderr } = await run(['get-key-set', '--base-url', baseUrl]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^openbranch: no answer from 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\n$/u);
});

test.each([
  [['unlock-user'], "required option '--customer-id <value>' not specified"],
  [['unlock-usr'], "unknown command 'unlock-usr'"],
  [['get-user-status', '--institution-user-id', 'ann', '--user-id-type', 'NAME'], 'Allowed choices are INSTITUTION_USER_ID'],
  [
    ['unlock-user', '--customer-id', customerId],
    'no server: give --base-url, set OPENBRANCH_BASE_URL, or name a sandbox file by --sandbox',
  ],
  [['unlock-user', '--customer-id', customerId, '--base-url', 'http://localhost:1'], 'no institution: give --institution'],
  [['unlock-user', '--customer-id', customerId, '--sandbox', 'none.json'], 'none.json is not there'],
  [
    ['advance-clock', '--seconds', 'soon', '--base-url', 'http://localhost:1', '--institution', '00042'],
    'no sandbox key: set OPENBRANCH_SANDBOX_KEY',
  ],
  [['get-key-set', '--base-url', 'localhost'], 'baseUrl must be an address like http://localhost:8080'],
])('a wrong use is told and has exit code 2: %j', async (args, said) => {
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toContain(said);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('the sandbox file alone is enough: first institution, first application of the right edition', async () => {
  const token = '<token><di_fiid>00042</di_fiid><access_token>t</access_token><expires_in>1799</expires_in></token>';
  const api = await start({ [unlockRoute]: () => ({ status: 204 }), [v1TokenRoute]: () => ({ status: 200, body: token }) });
  await writeSandbox(api.baseUrl);
  expect(await run(['unlock-user', '--customer-id', customerId])).toMatchObject({ code: 0 });
  expect(api.seenAt(v2TokenRoute)[0]?.headers).toMatchObject({ authorization: basic('partner'), institutionid: '00042' });
  const v1 = await run(['request-token-v1', '--grant-type', 'client_credentials', '--institution', '00043']);
  expect(JSON.parse(v1.stdout)).toEqual({ di_fiid: '00042', access_token: 't', expires_in: '1799' });
  expect(api.seenAt(v1TokenRoute)[0]?.headers).toMatchObject({ authorization: basic('legacy'), di_fiid: '00043' });
});

test('a call as a user takes institution, password and application from the sandbox file', async () => {
  const api = await start({ [unlockRoute]: () => ({ status: 204 }) });
  await writeSandbox(api.baseUrl);
  expect(await run(['unlock-user', '--customer-id', customerId, '--as', 'bob'])).toMatchObject({ code: 0 });
  const [token] = api.seenAt(v2TokenRoute);
  expect(token?.headers).toMatchObject({ authorization: basic('mobile'), institutionid: '00043' });
  expect(token?.body).toBe('grant_type=password&username=bob&password=password-of-bob');
});

test('an application of the sandbox is chosen by its name', async () => {
  const api = await start({ [unlockRoute]: () => ({ status: 204 }) });
  await writeSandbox(api.baseUrl);
  expect(await run(['unlock-user', '--customer-id', customerId, '--application', 'mobile'])).toMatchObject({ code: 0 });
  expect(api.seenAt(v2TokenRoute)[0]?.headers.authorization).toBe(basic('mobile'));
  const unknown = await run(['unlock-user', '--customer-id', customerId, '--application', 'till']);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has no application till: it has legacy, partner, mobile'),
  });
});

test('secrets of the sandbox file go to no other server', async () => {
  const api = await start();
  await writeSandbox('http://127.0.0.1:1');
  const ran = await run(['unlock-user', '--customer-id', customerId, '--base-url', api.baseUrl, '--institution', '00042']);
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('no shared key: give --client-id') });
  expect(api.seen).toHaveLength(0);
});

test('a secret can come on standard input', async () => {
  const api = await start({ [unlockRoute]: () => ({ status: 204 }), 'DELETE /oauth2/v1/revoke': () => ({ status: 204 }) });
  const env = { ...connection(api.baseUrl), OPENBRANCH_CLIENT_SECRET: '' };
  const secret = ['unlock-user', '--customer-id', customerId, '--client-secret', '-'];
  expect(await run(secret, { env, input: 'from-stdin\n' })).toMatchObject({ code: 0 });
  expect(api.seenAt(v2TokenRoute)[0]?.headers.authorization).toBe(`Basic ${Buffer.from('key:from-stdin').toString('base64')}`);
  await run(['revoke-token', '--token', '-'], { env: connection(api.baseUrl), input: 'a-token' });
  expect(api.seen.at(-1)?.body).toBe('token=a-token');
  const both = await run(['revoke-token', '--token', '-', '--client-secret', '-'], { env });
  expect(both).toMatchObject({ code: 2, stderr: 'openbranch: only one value can be read from standard input\n' });
});

test('the clock of the sandbox is read, set and advanced', async () => {
  const api = await start({ [`GET ${clockRoute}`]: clock, [`PUT ${clockRoute}`]: clock, [`POST ${clockRoute}:advance`]: clock });
  await writeSandbox(api.baseUrl);
  expect(JSON.parse((await run(['sandbox', 'clock', 'get'])).stdout)).toEqual(clock().body);
  await run(['sandbox', 'clock', 'set', '2030-01-01T00:00:00Z']);
  await run(['sandbox', 'clock', 'advance', '1h30m']);
  await run(['advance-clock', '--seconds', '5']);
  expect(api.seen.map(({ body }) => body)).toEqual(['', '{"now":"2030-01-01T00:00:00Z"}', '{"seconds":5400}', '{"seconds":5}']);
  expect(api.seen.every(({ headers }) => headers['x-sandbox-key'] === 'the-sandbox-key')).toBe(true);
  expect(await run(['sandbox', 'clock', 'advance', 'soon'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a whole number'),
  });
});

test('switches, policy and reset of the sandbox', async () => {
  const one = { key: 'debug.rules', topic: 'x', values: [false, true], defaultValue: false, value: true };
  const at = '/sandbox/v1/institutions/00043';
  const api = await start({
    [`GET ${at}/switches`]: () => ({ status: 200, body: { switches: [one, { ...one, key: 'quota.http', register: 'CR-49' }] } }),
    [`PUT ${at}/switches/debug.rules`]: () => ({ status: 200, body: one }),
    [`PUT ${at}/policies/lockout`]: ({ body }) => ({ status: 200, body }),
    [`GET ${at}/policies/lockout`]: () => ({ status: 200, body: { maxFailed: 5, autoUnlockMinutes: 0 } }),
    [`POST ${at}:reset`]: () => ({ status: 204 }),
  });
  await writeSandbox(api.baseUrl);
  const second = ['--institution', '00043'];
  const list = await run(['sandbox', 'switches', 'list', '--table', ...second]);
  expect(list.stdout.split('\n').map((line) => line.split(/ {2,}/u)[0])).toEqual(['KEY', 'debug.rules', 'quota.http', '']);
  await run(['sandbox', 'switches', 'set', 'debug.rules', 'true', ...second]);
  await run(['sandbox', 'policy', 'set', 'lockout', '--max-failed', '3', '--auto-unlock-minutes', '0', ...second]);
  expect(api.seen.slice(-2).map(({ body }) => body)).toEqual(['{"value":true}', '{"maxFailed":3,"autoUnlockMinutes":0}']);
  expect((await run(['sandbox', 'policy', 'get', 'lockout', ...second])).stdout).toContain('"maxFailed": 5');
  expect(await run(['sandbox', 'reset', ...second])).toMatchObject({ code: 0, stderr: 'done\n' });
});

test('a value that travels in two places is given once', async () => {
  const id = 'A'.repeat(32);
  const at = `/v1/institution-disclosures/${id}`;
  const api = await start({ [`PUT ${at}`]: ({ body }) => ({ status: 200, body }) });
  await writeSandbox(api.baseUrl);
  const named = ['--institution-disclosure-id', id, '--institution-disclosure-name', 'IB'];
  expect((await run(['documents', 'update-institution-disclosure', ...named])).stderr).toBe('');
  expect(JSON.parse(String(api.seen.at(-1)?.body))).toMatchObject({
    institutionDisclosureId: id,
    institutionDisclosureName: 'IB',
  });
});

test('sandbox show tells what the sandbox file knows, secrets only when asked for', async () => {
  await writeSandbox('http://localhost:8080');
  const plain = await run(['sandbox', 'show', '--table']);
  expect(plain.stdout).toMatch(/Institution 00043, Second[\s\S]*partner +V2 +client_credentials +id-of-partner[\s\S]*bob/u);
  const json = await run(['sandbox', 'show']);
  for (const text of [plain.stdout, json.stdout]) expect(text).not.toMatch(/secret-of|password-of|the-sandbox-key/u);
  const open = await run(['sandbox', 'show', '--secrets', '--table']);
  expect(open.stdout).toMatch(/the-sandbox-key[\s\S]*secret-of-partner[\s\S]*password-of-ann/u);
});

test('the command runs where the system has an older Node', async () => {
  // Where it has not, this says the same as the tests above.
  const child = spawn('node', [launcher, '--help'], { env: { PATH: process.env['PATH'] } });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  expect(code).toBe(0);
});
