import { createApp } from '../src/app.ts';
import { openDatabase } from '../src/platform/db/database.ts';
import { createKeyRing } from '../src/platform/keys/key-ring.ts';
import { createPasswordHasher } from '../src/platform/passwords/password-hasher.ts';
import { createLogger } from '../src/platform/telemetry/logger.ts';

/**
 * A server process whose alerts go to a webhook, for tests that kill it. Arguments: database, master key, URL of the
 * service, port (0: a free one).
 */
const [url = '', masterKey = '', webhookUrl = '', port = '0'] = process.argv.slice(2);
const database = await openDatabase({ url }, { maxConnections: 8, applicationName: 'alert-process' });
const keyRing = createKeyRing(Buffer.from(masterKey, 'base64'));
let baseUrl = '';
const app = await createApp({
  database,
  keyRing,
  hasher: createPasswordHasher(keyRing),
  log: createLogger({ level: 'silent', file: '/dev/null' }),
  publicUrl: () => baseUrl,
  version: 'test',
  trustedProxies: [],
  sandbox: undefined,
  providers: { mail: undefined, webhook: { url: webhookUrl, secret: 'a-secret-of-the-webhook-that-is-long-enough' } },
  delivery: { tryTimeoutMs: 1000, maxBulkAttempts: 3, bulkRetrySeconds: () => 0.2 },
});
baseUrl = await app.http.listen({ port: Number(port), host: '127.0.0.1' });
app.startBackground();
process.stdout.write(`${baseUrl}\n`);
