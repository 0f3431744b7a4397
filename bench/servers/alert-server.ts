import { createApp } from '@openbranch/server/app';
import { openDatabase } from '@openbranch/server/platform/db/database';
import { createKeyRing } from '@openbranch/server/platform/keys/key-ring';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { createLogger } from '@openbranch/server/platform/telemetry/logger';
import { createSandboxSeed } from '@openbranch/server/products/sandbox/index';

/** The program with the inbox as the sink of its messages, and with or without the pipeline of alerts. */
const { PORT, DATABASE_URL = '', MASTER_KEY = '', ISSUER = '', RUNS_PIPELINE } = process.env;
const database = await openDatabase({ url: DATABASE_URL }, { maxConnections: 10, applicationName: 'bench alerts' });
const keyRing = createKeyRing(Buffer.from(MASTER_KEY, 'base64'));
const hasher = createPasswordHasher(keyRing);
const app = await createApp({
  database,
  keyRing,
  hasher,
  log: createLogger({ level: 'warn', file: '/dev/null' }),
  publicUrl: () => ISSUER,
  version: 'bench',
  trustedProxies: [],
  sandbox: createSandboxSeed(keyRing, hasher),
});
if (RUNS_PIPELINE === 'yes') app.startBackground();
// An end by the signal itself would leave no profile.
process.once('SIGTERM', () => process.exit(0));
await app.http.listen({ port: Number(PORT), host: '127.0.0.1' });
