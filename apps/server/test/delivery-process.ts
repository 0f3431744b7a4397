import { openDatabase } from '../src/platform/db/database.ts';
import { openDelivery } from '../src/platform/delivery/delivery.ts';
import { startJobs } from '../src/platform/jobs/job-runner.ts';
import { createKeyRing } from '../src/platform/keys/key-ring.ts';
import { openPersonalData } from '../src/platform/personal-data/open-personal-data.ts';

/** A process that does nothing but deliver, for tests that kill it. Arguments: database, master key, URL of the service. */
const [url = '', masterKey = '', webhookUrl = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined, error: (line: string) => console.error(line) };
const target = { url };
const { sql } = await openDatabase(target, { maxConnections: 3, applicationName: 'delivery-process' });
const keyRing = createKeyRing(Buffer.from(masterKey, 'base64'));
const delivery = await openDelivery({
  sql,
  keyRing,
  personalData: openPersonalData(sql, keyRing),
  log,
  providers: { mail: undefined, webhook: { url: webhookUrl, secret: 'a-secret-of-the-webhook-that-is-long-enough' } },
  institutionIds: () => ['00042'],
  tryTimeoutMs: 400,
});
await startJobs(target, delivery.jobs, log);
process.stdout.write('ready\n');
