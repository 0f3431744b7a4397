import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createApiCaller } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock } from '@openbranch/testkit/sandbox-calls';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startJobs } from '../src/platform/jobs/job-runner.ts';
import { lockLoginName } from '../src/products/customers/store/credentials.ts';

const executablePath = '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';
const newPassword = 'Brand-new-42';

let app: TestApp;
let origin: string;

beforeAll(async () => {
  app = await createTestApp({ runsJobs: true });
  origin = await app.http.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());
afterEach(async () => {
  await app.http.inject({
    method: 'POST',
    url: '/sandbox/v1/institutions/00042:reset',
    headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
  });
});

function customer(place = 0) {
  const found = app.sandbox.institutions[0]?.customers.filter(({ state }) => state === 'active')[place];
  if (found === undefined) throw new Error('The sandbox has no such customer.');
  return found;
}

function post(path: string, fields: Readonly<Record<string, string>>) {
  return app.http.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ institution: '00042', ...fields }).toString(),
  });
}

async function signIn(loginName: string, password: string): Promise<number> {
  const application = app.sandbox.institutions[0]?.applications[1];
  const answer = await app.http.inject({
    method: 'POST',
    url: '/oauth2/v1/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${application?.clientId}:${application?.clientSecret}`).toString('base64')}`,
      transactionid: randomUUID(),
      institutionid: '00042',
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams({ grant_type: 'password', username: loginName, password }).toString(),
  });
  return answer.statusCode;
}

/** Everything of an answer that a stranger sees, but for what the stranger sent. */
function seen(answer: { statusCode: number; headers: Readonly<Record<string, unknown>>; body: string }, loginName: string) {
  const { date: _date, ...headers } = answer.headers;
  return JSON.stringify([answer.statusCode, headers, answer.body.replaceAll(loginName, 'LOGIN')]);
}

describe('whoever has not proved who they are learns nothing', () => {
  test('a login name that somebody has and one that nobody has look the same at every step', async () => {
    const known = customer().loginId;
    const unknown = known.replace(/^./u, (letter) => (letter === 'z' ? 'y' : 'z'));
    for (const path of ['/recover/send', '/recover/verify']) {
      const fields = path.endsWith('send') ? { channel: 'SMS' } : { passcode: '000000' };
      for (let turn = 0; turn < 7; turn += 1) {
        const one = await post(path, { ...fields, loginName: known });
        const other = await post(path, { ...fields, loginName: unknown });
        expect(seen(one, known)).toBe(seen(other, unknown));
      }
    }
  });

  test('tries at the same moment wait for each other whether or not somebody has the login name', async () => {
    const { sql } = app.database;
    for (const loginName of [customer().loginId, 'nobody-has-this']) {
      let trying: Promise<number> | undefined;
      await sql.begin(async (tx) => {
        await lockLoginName(tx, '00042', loginName);
        trying = post('/recover/verify', { loginName, passcode: '000000' }).then(({ statusCode }) => statusCode);
        await eventually(async () => {
          const waiting = await sql`
            select 1 from pg_locks
            where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
          return waiting.length > 0;
        });
      });
      expect(await trying).toBe(400);
    }
  });

  test('who asked for a call is sent the next passcode by a call too', async () => {
    const page = await post('/recover/send', { loginName: customer().loginId, channel: 'VOICE' });
    expect(page.body.match(/name="channel" value="VOICE"/gu)).toHaveLength(2);
    const wrong = await post('/recover/verify', { loginName: customer().loginId, channel: 'VOICE', passcode: 'x' });
    expect(wrong.body.match(/name="channel" value="VOICE"/gu)).toHaveLength(2);
  });

  test('only the real one gets a message, and the log says why the other did not', async () => {
    await post('/recover/send', { loginName: 'nobody-has-this', channel: 'EMAIL' });
    await post('/recover/send', { loginName: customer().loginId, channel: 'EMAIL' });
    const message = await app.inbox.wait({ institutionIds: ['00042'], timeoutMs: 10_000 });
    expect(message).toMatchObject({ channel: 'EMAIL', to: customer().emailAddress, template: 'passcode' });
    await eventually(async () => {
      const rows = await app.database.sql`
        select 1 from activities
        where institution_id = '00042' and kind = 'passcode_refused' and details ->> 'reason' = 'unknown_login'`;
      return rows.length === 1;
    });
  });

  test('a passcode that was asked for too long ago, because no process ran, is not sent out of the blue', async () => {
    const idle = await createTestApp();
    const { loginId: loginName } = customer();
    const payload = new URLSearchParams({ institution: '00042', loginName }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await idle.http.inject({ method: 'POST', url: '/recover/send', headers, payload });
    await advanceClock(idle, '00042', 601);
    const runner = await startJobs(idle.target, idle.jobs, silentLog);
    await eventually(async () => {
      const rows = await idle.database.sql`
        select 1 from activities
        where institution_id = '00042' and kind = 'passcode_refused' and details ->> 'reason' = 'asked_too_long_ago'`;
      return rows.length === 1;
    });
    expect(await idle.database.sql`select 1 from messages where institution_id = '00042'`).toHaveLength(0);
    await runner.stop();
    await idle.close();
  });

  test('what a visitor types is text on the page, never markup', async () => {
    const evil = '"><script>alert(1)</script>';
    const answer = await post('/recover/send', { loginName: evil });
    expect(answer.body).not.toContain('<script');
    expect(answer.body).toContain('&quot;&gt;&lt;script&gt;');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test.each([
    ['/recover?institution=99999', 404, 'We do not know this institution.'],
    ['/recover', 200, 'Where do you bank?'],
    ['/recover?institution=00042&institution=00077', 200, 'Where do you bank?'],
    ['/recover/not-me?institution=00042&token=x', 200, 'Was it not you?'],
  ])('%s answers %i: %s', async (url, status, text) => {
    const answer = await app.http.inject({ method: 'GET', url });
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toContain(text);
  });

  test.each([
    ['/recover/send', { loginName: ' ' }, 'Enter your login name.'],
    ['/recover/verify', { loginName: 'a', passcode: '' }, 'Enter the passcode from our message.'],
    ['/recover/verify', { loginName: 'a', passcode: '1' }, 'This passcode is wrong or no longer good.'],
    [
      '/recover/complete',
      { session: 'x', newPassword: newPassword, repeatedPassword: 'other' },
      'The two passwords are not the same.',
    ],
    ['/recover/complete', { session: 'x', newPassword: newPassword, repeatedPassword: newPassword }, 'Please start again'],
    ['/recover/not-me', { token: 'x' }, 'This link does not work'],
  ])('%s with %o says: %s', async (path, fields, text) => {
    const answer = await post(path, fields);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.body).toContain(text);
  });

  test('one network cannot try for ever: it is asked to wait five minutes', async () => {
    const tryOnce = () =>
      app.http.inject({
        method: 'POST',
        url: '/recover/verify',
        remoteAddress: '198.51.100.7',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'institution=00042&loginName=somebody&passcode=',
      });
    for (let turn = 0; turn < 100; turn += 1) expect((await tryOnce()).statusCode).toBe(400);
    const answer = await tryOnce();
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.body).toContain('Wait five minutes');
  });

  test('a policy of the institution shows on its pages, and its colour is made readable', async () => {
    const policies = { branding: { accentColor: '#ffd400', supportText: 'Call 555-0100.' }, passcodes: { digits: 8 } };
    await app.database.sql`update institutions set policies = ${app.database.sql.json(policies)} where institution_id = '00077'`;
    await app.database.sql`
      insert into change_feed (topic, institution_id, subject, expires_at)
      values ('institution_changed', '00077', '00077', clock_timestamp() + interval '1 minute')`;
    const page = await eventually(async () => {
      const answer = await app.http.inject({ method: 'GET', url: '/recover?institution=00077&step=code' });
      return answer.body.includes('Call 555-0100.') ? answer.body : undefined;
    });
    expect(page).toContain('8 digits');
    const colors = await app.http.inject({ method: 'GET', url: '/recover/colors/ffd400.css' });
    expect(colors.body).not.toContain('#ffd400; --on-accent: #fff');
    expect((await app.http.inject({ method: 'GET', url: '/recover/colors/}body{.css' })).statusCode).toBe(404);
  });
});

describe('the activity log says from which address', () => {
  const passcodeOf = async () => {
    const message = await app.inbox.wait({ institutionIds: ['00042'], contains: 'passcode', timeoutMs: 10_000 });
    return message?.passcode ?? '';
  };
  const field = (body: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`, 'u').exec(body)?.[1] ?? '';

  test('each step of a recovery was taken; who is behind a trusted proxy has an address of their own', async () => {
    const proxied = await createTestApp({ sharedWith: app, trustedProxies: ['10.1.1.1'] });
    const from = (remoteAddress: string, path: string, fields: Readonly<Record<string, string>>) =>
      proxied.http.inject({
        method: 'POST',
        url: path,
        remoteAddress,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '203.0.113.9' },
        payload: new URLSearchParams({ institution: '00042', ...fields }).toString(),
      });
    const { loginId: loginName } = customer();
    await from('10.1.1.1', '/recover/send', { loginName: 'nobody-has-this' });
    await from('10.1.1.1', '/recover/send', { loginName });
    const passcode = await passcodeOf();
    // Not a proxy that is trusted: what it says of others does not count.
    await from('198.51.100.1', '/recover/verify', { loginName, passcode: 'wrong' });
    const session = field((await from('10.1.1.1', '/recover/verify', { loginName, passcode })).body, 'session');
    await from('10.1.1.1', '/recover/complete', { session, newPassword, repeatedPassword: newPassword });
    const notice = await app.inbox.wait({ institutionIds: ['00042'], contains: 'not-me', timeoutMs: 10_000 });
    const token = /token=([A-Za-z0-9]+)/u.exec(notice?.text ?? '')?.[1] ?? '';
    await from('10.1.1.1', '/recover/not-me', { token });
    const rows = await app.database.sql<{ kind: string; address: string | null }[]>`
      select kind, address from activities
      where institution_id = '00042' and operation in ('recoverPassword', 'disownPasswordChange')
      order by activity_id`;
    expect(rows.map(({ kind, address }) => `${kind} ${address}`).sort()).toEqual([
      'passcode_accepted 203.0.113.9',
      'passcode_refused 203.0.113.9',
      'passcode_sent 203.0.113.9',
      'passcode_wrong 198.51.100.1',
      'password_changed 203.0.113.9',
      'user_held 203.0.113.9',
    ]);
    await proxied.close();
  });
});

test('contact methods by login name, a passcode by the id of one, the new password on the page: the old refresh token is dead (acceptance check 5)', async () => {
  const api = createApiCaller(app);
  const { loginId: loginName, password } = customer();
  const before = await tokensOf(api.signIn(loginName, password));
  const partner = await api.partnerToken();
  const path = `/ux-users/v1/customers/${loginName}/contact-methods?userIdType=LOGIN_ID`;
  const listed = (await api.withToken(partner, 'GET', path)).json();
  const sent = await api.withToken(partner, 'PUT', `/v1/customers/${listed.customerId}:reset-password`, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ contactMethodId: listed.contactMethods[0].id }),
  });
  expect([sent.statusCode, sent.body]).toEqual([204, '']);
  const message = await app.inbox.wait({ institutionIds: ['00042'], contains: 'passcode', timeoutMs: 10_000 });
  const verified = await post('/recover/verify', { loginName, passcode: message?.passcode ?? '' });
  const session = /name="session" value="([^"]*)"/u.exec(verified.body)?.[1] ?? '';
  const done = await post('/recover/complete', { session, newPassword, repeatedPassword: newPassword });
  expect(done.body).toContain('Your password is changed');
  expect(await signIn(loginName, newPassword)).toBe(200);
  expect(await signIn(loginName, password)).toBe(401);
  const form = { grant_type: 'refresh_token', refresh_token: before.refreshToken };
  const refreshed = requestToken(app.http, api.application('mobile'), form, { headers: { institutionId: '00042' } });
  expect(await refusalOf(refreshed)).toEqual([400, 'CMN_90016']);
});

describe.skipIf(isMissing)(`in a browser${isMissing ? ' (skipped: the Debian package chromium is not installed)' : ''}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    // Chromium's own sandbox does not work for root, and the pages are ours.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 180_000);
  afterAll(() => browser?.close());

  async function open(options: { javaScriptEnabled: boolean; colorScheme: 'light' | 'dark' }) {
    const context = await browser.newContext({ ...options, viewport: { width: 420, height: 860 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
    });
    return { page, complaints, requests };
  }

  /** Every control has a name, and the page a language, a title and one main heading. */
  async function expectAccessible(page: Page) {
    expect(await page.locator('html[lang]').count()).toBe(1);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.getByRole('main').count()).toBe(1);
    for (const control of await page.locator('input:not([type=hidden]), button').all()) {
      const id = await control.getAttribute('id');
      const text = id === null ? await control.textContent() : await page.locator(`label[for="${id}"]`).textContent();
      expect(text?.trim()).not.toBe('');
    }
    for (const named of await page.locator('[aria-describedby]').all()) {
      for (const id of ((await named.getAttribute('aria-describedby')) ?? '').split(' '))
        expect(await page.locator(`#${id}`).count()).toBe(1);
    }
  }

  test.each([
    { javaScriptEnabled: false, colorScheme: 'light' },
    { javaScriptEnabled: true, colorScheme: 'dark' },
  ] as const)('from "forgot" to signed in, by keyboard alone (%o)', { timeout: 180_000 }, async (options) => {
    const { page, complaints, requests } = await open(options);
    const { loginId } = customer(1);
    await page.goto(`${origin}/recover?institution=00042`);
    await expectAccessible(page);
    await page.getByLabel('Login name').focus();
    await page.keyboard.type(loginId);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Enter the passcode' }).waitFor();
    await expectAccessible(page);
    const message = await app.inbox.wait({ institutionIds: ['00042'], contains: 'passcode', timeoutMs: 10_000 });
    await page.getByLabel('Passcode').focus();
    await page.keyboard.type('000000' === message?.passcode ? '111111' : '000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Passcode').focus();
    await page.keyboard.type(message?.passcode ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await expectAccessible(page);
    await page.getByLabel('New password', { exact: true }).focus();
    await page.keyboard.type('abcdefgh');
    await page.getByLabel('New password again').focus();
    await page.keyboard.type('abcdefgh');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This password cannot be used.').waitFor();
    await page.getByLabel('New password', { exact: true }).focus();
    await page.keyboard.type(newPassword);
    await page.getByLabel('New password again').focus();
    await page.keyboard.type(newPassword);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    await expectAccessible(page);
    expect(await signIn(loginId, newPassword)).toBe(200);
    expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
    // Neither login name, passcode nor session ever stands in an address.
    expect(requests.filter((url) => url.includes(loginId) || url.includes(message?.passcode ?? '?'))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
