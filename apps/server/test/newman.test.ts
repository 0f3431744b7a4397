import { postmanEnvironment } from '@openbranch/contract/postman';
import { createListeningApp, type ListeningApp } from '@openbranch/testkit/listening-app';
import newman from 'newman';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postmanValues } from '../src/products/sandbox/index.ts';

let server: ListeningApp;

beforeAll(async () => {
  server = await createListeningApp({ runsJobs: true, hasBooks: true });
});

afterAll(() => server.app.close());

test('the Postman collection that the server gives runs on a fresh sandbox without a failure, twice', async () => {
  const { app, baseUrl } = server;
  const collection: object = Object(await (await fetch(`${baseUrl}/postman.json`)).json());
  const environment = postmanEnvironment(postmanValues(app.seed, baseUrl));
  // It says that it leaves the institution as it was.
  for (const _run of ['on a fresh sandbox', 'again']) {
    const { stats, failures } = await run(collection, environment);
    expect(failures).toEqual([]);
    expect(stats.requests.total).toBeGreaterThan(20);
    expect(stats.assertions.total).toBeGreaterThan(2 * stats.requests.total);
    expect([stats.requests.failed, stats.assertions.failed, stats.testScripts.failed]).toEqual([0, 0, 0]);
  }
}, 300_000);

async function run(collection: object, environment: object) {
  const summary = await new Promise<Parameters<Parameters<typeof newman.run>[1]>[1]>((resolve, reject) => {
    newman.run({ collection, environment, reporters: [] }, (error, done) => (error === null ? resolve(done) : reject(error)));
  });
  const failures = summary.run.failures.map(({ error, source }) => `${source?.name}: ${error.name}: ${error.message}`);
  return { stats: summary.run.stats, failures };
}
