import { existsSync } from 'node:fs';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueueMessage } from '../src/platform/delivery/create-queue-message.ts';
import { createMessageBox } from '../src/platform/delivery/message-box.ts';
import { openPersonalData } from '../src/platform/personal-data/open-personal-data.ts';

const executablePath = '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';

describe.skipIf(isMissing)(`the inbox page${isMissing ? ' (skipped: the Debian package chromium is not installed)' : ''}`, () => {
  let app: TestApp;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    app = await createTestApp({ runsJobs: true });
    origin = await app.http.listen({ port: 0, host: '127.0.0.1' });
    // Chromium's own sandbox does not work for root, and the page is ours.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  async function open(path: string, colorScheme: 'light' | 'dark' = 'light') {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1000, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: { url: string; referer: string | undefined }[] = [];
    page.on('request', (request) => requests.push({ url: request.url(), referer: request.headers()['referer'] }));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${origin}${path}`);
    return { page, complaints, requests };
  }

  async function send(recipient: string, passcode: string, name = 'Sample Valley Credit Union') {
    const institution = { institutionId: '00042', name };
    const queue = createQueueMessage(createMessageBox(app.keyRing, openPersonalData(app.database.sql, app.keyRing)));
    const values = { passcode, minutes: '10' };
    await app.database.sql.begin(async (tx) => {
      await queue(tx, { institution, now: new Date(), channel: 'EMAIL', recipient, template: 'passcode', values });
    });
  }

  const live = (page: Page) => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

  test('asks for the key once, says what to do while empty, and shows a message as it arrives, ready to copy', async () => {
    const { page, complaints } = await open('/inbox');
    await page.getByLabel('Sandbox key').fill(app.sandbox.sandboxKey);
    await page.keyboard.press('Enter');
    await live(page);
    await page.getByRole('heading', { name: 'No message yet' }).waitFor();
    await send('pat.demo@example.com', '048213');
    const message = page.getByRole('article').filter({ hasText: 'pat.demo@example.com' });
    await message.waitFor();
    expect(await page.getByRole('heading', { name: 'No message yet' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Copy passcode 048213' }).press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('048213');
    await page.reload();
    await message.waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)(
    'takes the key from a link and leaves it in no address, request or other host (%s)',
    async (scheme) => {
      const { page, complaints, requests } = await open(`/inbox#key=${app.sandbox.sandboxKey}`, scheme);
      await live(page);
      expect(page.url()).toBe(`${origin}/inbox`);
      expect(requests.filter(({ url }) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
      expect(requests.filter(({ url, referer }) => `${url} ${referer}`.includes(app.sandbox.sandboxKey))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('a wrong key is said so, and the right one can follow', async () => {
    const { page } = await open('/inbox#key=wrong');
    await page.getByText('This is not the key of this sandbox.').waitFor();
    await page.getByLabel('Sandbox key').fill(app.sandbox.sandboxKey);
    await page.getByRole('button', { name: 'Open the inbox' }).click();
    await live(page);
    await page.context().close();
  });

  test('finds the messages of a recipient by keyboard, and says when none fits', async () => {
    await send('find.me@example.com', '101010');
    await send('other@example.com', '202020');
    const { page } = await open(`/inbox#key=${app.sandbox.sandboxKey}`);
    await page.getByRole('article').filter({ hasText: 'other@example.com' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('find.me@example.com');
    await page.getByRole('article').filter({ hasText: 'other@example.com' }).waitFor({ state: 'detached' });
    // Between two keys no message may fit; what counts is what shows once the whole address is there.
    await eventually(async () => (await page.getByRole('article').count()) === 1);
    expect(await page.getByRole('article').textContent()).toContain('find.me@example.com');
    await page.keyboard.type('x');
    await page.getByRole('heading', { name: 'No message fits' }).waitFor();
    await page.context().close();
  });

  test('shows a mail as HTML in a frame that can do nothing, and runs nothing that a message holds', async () => {
    await send('evil@example.com', '303030', '<img src=x onerror="document.title=1"><script>document.title=2</script>');
    const { page, complaints } = await open(`/inbox#key=${app.sandbox.sandboxKey}`);
    const message = page.getByRole('article').filter({ hasText: 'evil@example.com' });
    await message.getByText('Show as HTML').click();
    await page.frameLocator('iframe').getByText('303030').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    expect(await page.title()).toBe('Inbox · Openbranch sandbox');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('the server stops although pages are open', async () => {
    const other = await createTestApp({ sharedWith: app });
    const url = await other.http.listen({ port: 0, host: '127.0.0.1' });
    const { page } = await open('/inbox');
    await page.goto(`${url}/inbox#key=${app.sandbox.sandboxKey}`);
    await live(page);
    // Until the test's own time is over, if a page kept it.
    await other.close();
    await page.context().close();
  });
});
