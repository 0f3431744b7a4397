import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * The hosted pages as a person sees them. Every page and every state of it is looked at by axe in light and in dark, and
 * at the width of a small phone. With OPENBRANCH_SCREENSHOTS=FOLDER each is saved as a picture there.
 */

const executablePath = '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';
const pictures = process.env['OPENBRANCH_SCREENSHOTS'];
const schemes = ['light', 'dark'] as const;
const newPassword = 'Brand-new-42';

describe.skipIf(isMissing)(
  `the hosted pages${isMissing ? ' (skipped: the Debian package chromium is not installed)' : ''}`,
  () => {
    let app: TestApp;
    let origin: string;
    let browser: Browser;

    beforeAll(async () => {
      app = await createTestApp({ runsJobs: true, publicUrl: () => origin });
      origin = await app.http.listen({ port: 0, host: '127.0.0.1' });
      // Chromium's own sandbox does not work for root, and the pages are ours.
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    });
    afterAll(async () => {
      await browser?.close();
      await app?.close();
    });

    async function openContext(): Promise<BrowserContext> {
      const context = await browser.newContext({ viewport: { width: 480, height: 900 } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      return context;
    }

    async function openPage(path: string): Promise<Page> {
      const page = await (await openContext()).newPage();
      await page.goto(`${origin}${path}`);
      return page;
    }

    /** Sends a form that the page itself would not send. */
    async function submit(page: Page, path: string, fields: Readonly<Record<string, string>>): Promise<void> {
      const inputs = Object.entries(fields).map(([name, value]) => `add(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
      const script = `(() => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: ${JSON.stringify(path)} });
      const add = (name, value) => { const input = document.createElement('input'); Object.assign(input, { type: 'hidden', name, value }); form.append(input); };
      ${inputs.join('')}
      document.body.append(form);
      form.submit();
    })()`;
      await Promise.all([page.waitForNavigation(), page.evaluate(script)]);
    }

    test('from "forgot" to signed in, with the passcode copied from the inbox, and back out by "this was not me"', {
      timeout: 300_000,
    }, async () => {
      const customer = app.sandbox.institutions[0]?.customers.filter(({ state }) => state === 'active')[1];
      if (customer === undefined) throw new Error('The sandbox has no such customer.');
      const context = await openContext();
      const inbox = await context.newPage();
      await inbox.goto(`${origin}/inbox#key=${app.sandbox.sandboxKey}`);
      await inbox.getByRole('heading', { name: 'No message yet' }).waitFor();
      await look(inbox, 'inbox-empty');

      const page = await context.newPage();
      await page.goto(`${origin}/recover?institution=00042`);
      await look(page, 'start');
      await page.getByLabel('Login name').fill(' ');
      await page.getByRole('button', { name: 'Send the passcode' }).click();
      await page.getByRole('alert').getByText('Enter your login name.').waitFor();
      await look(page, 'start-error');
      await page.getByLabel('Login name').fill(customer.loginId);
      await page.getByRole('button', { name: 'Send the passcode' }).click();
      await page.getByRole('heading', { name: 'Enter the passcode' }).waitFor();
      await look(page, 'code');

      const message = inbox.getByRole('article').filter({ hasText: 'passcode' });
      await message.waitFor();
      await look(inbox, 'inbox-filled');
      const passcode = (await message.locator('output').textContent()) ?? '';
      expect(passcode).toMatch(/^[0-9]{6}$/u);

      await page.getByLabel('Passcode').fill(passcode === '000000' ? '111111' : '000000');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('This passcode is wrong').waitFor();
      await look(page, 'code-error');
      await inbox.bringToFront();
      await message.getByRole('button', { name: 'Copy passcode' }).click();
      await message.getByText('Copied').waitFor();
      await page.bringToFront();
      await page.getByLabel('Passcode').focus();
      await page.keyboard.press('Control+V');
      expect(await page.getByLabel('Passcode').inputValue()).toBe(passcode);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
      await look(page, 'password');

      await page.getByLabel('New password', { exact: true }).fill(newPassword);
      await page.getByLabel('New password again').fill('something-else-1');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('The two passwords are not the same').waitFor();
      await look(page, 'password-not-the-same');
      await page.getByLabel('New password', { exact: true }).fill('abcdefgh');
      await page.getByLabel('New password again').fill('abcdefgh');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('This password cannot be used.').waitFor();
      await look(page, 'password-refused');
      await page.getByLabel('New password', { exact: true }).fill(newPassword);
      await page.getByLabel('New password again').fill(newPassword);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
      await look(page, 'done');
      expect(await signIn(customer.loginId, customer.password)).toBe(401);
      expect(await signIn(customer.loginId, newPassword)).toBe(200);

      await inbox.bringToFront();
      const notice = inbox.getByRole('article').filter({ hasText: '/recover/not-me' });
      await notice.first().waitFor();
      const [other] = await Promise.all([
        context.waitForEvent('page'),
        notice.first().getByRole('link', { name: '/recover/not-me' }).click(),
      ]);
      await other.getByRole('heading', { name: 'Was it not you?' }).waitFor();
      await look(other, 'not-me');
      await other.getByRole('button', { name: 'It was not me' }).click();
      await other.getByRole('heading', { name: 'All access is stopped' }).waitFor();
      await look(other, 'not-me-done');
      expect(await signIn(customer.loginId, newPassword)).toBe(401);
      await context.close();
    });

    test('the pages beside the way: no institution, an old link, a session that is over, a failure, too many tries', {
      timeout: 300_000,
    }, async () => {
      const page = await openPage('/recover');
      await look(page, 'choose');
      await page.goto(`${origin}/recover?institution=99999`);
      await look(page, 'choose-unknown');
      await page.goto(`${origin}/recover?institution=00042&step=code`);
      await look(page, 'code-without-login');
      await page.getByLabel('Login name').fill('somebody');
      await page.getByLabel('Passcode').fill(' ');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('alert').waitFor();
      await look(page, 'code-missing');
      await page.goto(`${origin}/recover?institution=00042&step=code`);
      await page.getByLabel('Login name').fill(' ');
      await page.getByLabel('Passcode').fill('123456');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('alert').getByText('Enter your login name.').waitFor();
      await look(page, 'code-login-missing');
      const session = { institution: '00042', session: 'x', newPassword, repeatedPassword: newPassword };
      await submit(page, '/recover/complete', session);
      await page.getByRole('heading', { name: 'Please start again' }).waitFor();
      await look(page, 'start-again');
      await submit(page, '/recover/not-me', { institution: '00042', token: 'x' });
      await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
      await look(page, 'not-me-too-old');
      for (let turn = 0; turn < 100; turn += 1) {
        const payload = 'institution=00042&loginName=';
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        await app.http.inject({ method: 'POST', url: '/recover/send', remoteAddress: '127.0.0.1', headers, payload });
      }
      await submit(page, '/recover/send', { institution: '00042', loginName: 'somebody' });
      await page.getByRole('heading', { name: 'Please wait' }).waitFor();
      await look(page, 'too-often');
      const broken = await createTestApp({ sharedWith: app });
      await page.goto(`${await broken.http.listen({ port: 0, host: '127.0.0.1' })}/recover?institution=00042`);
      await broken.database.close();
      await page.getByLabel('Login name').fill('somebody');
      await page.getByRole('button', { name: 'Send the passcode' }).click();
      await page.getByRole('heading', { name: 'Please try again' }).waitFor();
      await look(page, 'failure');
      await broken.close();
      await page.context().close();
    });

    test('the inbox: key asked for, wrong key, no message fits, a mail shown as HTML', { timeout: 180_000 }, async () => {
      const page = await openPage('/inbox');
      await page.getByLabel('Sandbox key').waitFor();
      await look(page, 'inbox-key');
      await page.getByLabel('Sandbox key').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('This is not the key').waitFor();
      await look(page, 'inbox-key-wrong');
      await page.getByLabel('Sandbox key').fill(app.sandbox.sandboxKey);
      await page.keyboard.press('Enter');
      const mail = page.getByRole('article').filter({ hasText: 'E-mail' }).first();
      await mail.getByText('Show as HTML').click();
      await mail.locator('iframe').waitFor();
      await look(page, 'inbox-html');
      await page.getByLabel('Recipient').fill('nobody@example.com');
      await page.getByRole('heading', { name: 'No message fits' }).waitFor();
      await look(page, 'inbox-no-match');
      await page.context().close();
    });

    test.each(['#ffffff', '#ffd400', '#00ff00', '#7f7f7f', '#000000'])(
      'an institution may choose %s for its colour, and its pages stay readable',
      { timeout: 120_000 },
      async (accentColor) => {
        const { sql } = app.database;
        await sql`update institutions set policies = ${sql.json({ branding: { accentColor } })} where institution_id = '00077'`;
        await sql`
        insert into change_feed (topic, institution_id, subject, expires_at)
        values ('institution_changed', '00077', '00077', clock_timestamp() + interval '1 minute')`;
        await eventually(async () => {
          const answer = await app.http.inject({ method: 'GET', url: '/recover?institution=00077' });
          return answer.body.includes(`/recover/colors/${accentColor.slice(1)}.css`);
        });
        const page = await openPage('/recover?institution=00077');
        await look(page, `color-${accentColor.slice(1)}`);
        await page.context().close();
      },
    );

    async function signIn(username: string, password: string): Promise<number> {
      const application = app.sandbox.institutions[0]?.applications[1];
      const answer = await fetch(`${origin}/oauth2/v1/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${application?.clientId}:${application?.clientSecret}`).toString('base64')}`,
          transactionId: randomUUID(),
          institutionId: '00042',
        },
        body: new URLSearchParams({ grant_type: 'password', username, password }),
      });
      return answer.status;
    }
  },
);

/** axe finds nothing in either scheme, and on a small phone nothing has to be scrolled sideways (WCAG 2.2, 1.4.10). */
async function look(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 480, height: 900 };
  await page.bringToFront();
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), fullPage: true });
    expect(await violationsOn(page), `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate('document.documentElement.scrollWidth'), `width of ${name}`).toBeLessThanOrEqual(320);
  await page.setViewportSize(size);
}

/** What axe holds against a page: WCAG 2.2 up to AA, and its own good practices. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  // A script tag would be refused by the policy of the page; an evaluation is not.
  await page.evaluate(`window.axe === undefined && (() => { ${axe.source} })()`);
  const found: unknown = await page.evaluate(`axe.run(document, {
    resultTypes: ['violations'], iframes: false, rules: { 'target-size': { enabled: true } },
  }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
  return Array.isArray(found) ? found.map(String) : ['axe has said nothing'];
}
