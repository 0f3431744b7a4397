import { randomBytes } from 'node:crypto';
import { type App, createApp } from '@openbranch/server/app';
import type { Route } from '@openbranch/server/http/route';
import type { Database } from '@openbranch/server/platform/db/database';
import type { DatabaseTarget } from '@openbranch/server/platform/db/database-target';
import { createKeyRing, type KeyRing } from '@openbranch/server/platform/keys/key-ring';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { createLogger } from '@openbranch/server/platform/telemetry/logger';
import { createSandboxSeed, describeSandbox } from '@openbranch/server/products/sandbox/index';
import { createTestDatabase } from './test-database.ts';

export type Sandbox = ReturnType<typeof describeSandbox>;

/** The real program on a database of its own, seeded like a fresh sandbox. Only the clock and the secrets are its own. */
export interface TestApp {
  readonly http: App['http'];
  readonly jobs: App['jobs'];
  readonly database: Database;
  readonly target: DatabaseTarget;
  readonly keyRing: KeyRing;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly extraRoutes?: readonly Route[];
  /** A second process on the same database. */
  readonly sharedWith?: TestApp;
  readonly logFile?: string;
  readonly trustedProxies?: readonly string[];
  /** Default `sandbox`. */
  readonly mode?: 'sandbox' | 'production';
}

const publicUrl = 'http://openbranch.test';

/** Once per test file, in `beforeAll`; `close` in `afterAll`. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { sharedWith } = options;
  const own = sharedWith === undefined ? await createTestDatabase() : undefined;
  const database = sharedWith?.database ?? own?.database;
  const target = sharedWith?.target ?? own?.target;
  if (database === undefined || target === undefined) throw new Error('There is no test database.');
  const keyRing = sharedWith?.keyRing ?? createKeyRing(randomBytes(32));
  const hasher = createPasswordHasher(keyRing);
  const seed = createSandboxSeed(keyRing, hasher);
  if (sharedWith === undefined) await seed.plant(database.sql, new Date());
  const app = await createApp({
    database,
    keyRing,
    hasher,
    log: createLogger({ level: options.logFile === undefined ? 'silent' : 'info', file: options.logFile ?? '/dev/null' }),
    publicUrl: () => publicUrl,
    version: 'test',
    trustedProxies: options.trustedProxies ?? [],
    sandbox: options.mode === 'production' ? undefined : seed,
    ...(options.extraRoutes === undefined ? {} : { extraRoutes: options.extraRoutes }),
  });
  return {
    http: app.http,
    jobs: app.jobs,
    database,
    target,
    keyRing,
    sandbox: describeSandbox(seed, publicUrl),
    close: async () => {
      await app.close();
      await own?.drop();
    },
  };
}
