import { existsSync } from 'node:fs';
import { openApiDocument } from '@openbranch/contract/openapi';
import { operations } from '@openbranch/contract/operations';
import { postmanCollection } from '@openbranch/contract/postman';
import { products } from '@openbranch/contract/products';
import fastify, { type FastifyInstance } from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerReference } from '../src/http/reference.ts';

const executablePath = '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';

describe.skipIf(isMissing)(
  `the reference page${isMissing ? ' (skipped: the Debian package chromium is not installed)' : ''}`,
  () => {
    let app: FastifyInstance;
    let origin: string;
    let browser: Browser;

    beforeAll(async () => {
      app = fastify();
      registerReference(app, {
        // Its host is not the one that the reader comes by, as behind a proxy.
        document: () => openApiDocument({ operations, serverUrl: 'https://bank.example', mode: 'sandbox', version: '1.2.3' }),
        collection: () => postmanCollection({ operations }),
      });
      app.get('/v1/customers/:customerId', () => ({ fullName: 'Stone, Avery' }));
      origin = await app.listen({ port: 0, host: '127.0.0.1' });
      // Chromium's own sandbox does not work for root, and the page is ours.
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    }, 300_000);

    afterAll(async () => {
      await browser?.close();
      await app?.close();
    });

    async function open(path: string, colorScheme: 'light' | 'dark') {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1400, height: 1000 } });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(`${origin}${path}`);
      return { page, complaints, requests };
    }

    /** Opens the operation by its link in the list at the side, as a reader does. */
    async function visit(page: Page, summary: string) {
      const list = page.getByRole('complementary');
      await list.getByRole('link', { name: `${summary} HTTP Method` }).click();
      await page.getByRole('main').getByRole('heading', { name: summary, exact: true }).waitFor();
    }

    const all = Object.values(operations);
    const oneOfEach = Object.keys(products).flatMap((product) => all.find((operation) => operation.product === product) ?? []);

    test.each([
      ['every operation', 'light', all],
      ['an operation of every product', 'dark', oneOfEach],
    ] as const)(
      'shows %s and asks no other host (%s)',
      async (_what, scheme, visited) => {
        const { page, complaints, requests } = await open('/docs', scheme);
        await page.getByRole('heading', { name: 'Openbranch API' }).waitFor();
        for (const { title } of Object.values(products)) {
          const closed = page.getByRole('button', { name: `Open Group - ${title}` });
          if ((await closed.count()) > 0) await closed.click();
        }
        for (const operation of visited) await visit(page, operation.summary);
        expect(await page.locator(`body.${scheme}-mode`).count()).toBe(1);
        expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
        expect(complaints).toEqual([]);
      },
      600_000,
    );

    test('sends a try to the host that the reader came by', async () => {
      const { page, complaints, requests } = await open('/docs#tag/customers/GET/v1/customers/{customerId}', 'light');
      await page
        .getByRole('button', { name: /Test Request.*customers/u })
        .first()
        .click();
      await page.getByRole('button', { name: /^Send/u }).first().click();
      await page.getByText('Stone, Avery').first().waitFor();
      expect(requests.some((url) => url.startsWith(`${origin}/v1/customers/`))).toBe(true);
      expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
      expect(complaints).toEqual([]);
    }, 300_000);
  },
);
