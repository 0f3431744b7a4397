import { randomBytes } from 'node:crypto';
import { type App, type AppOptions, createApp } from '@openbranch/server/app';
import { createLedger } from '@openbranch/server/core/index';
import type { Route } from '@openbranch/server/http/route';
import { type Database, openDatabase, type Sql } from '@openbranch/server/platform/db/database';
import type { DatabaseTarget } from '@openbranch/server/platform/db/database-target';
import type { Inbox } from '@openbranch/server/platform/delivery/inbox';
import { type JobRunner, startJobs } from '@openbranch/server/platform/jobs/job-runner';
import { createKeyRing, type KeyRing } from '@openbranch/server/platform/keys/key-ring';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { createLogger } from '@openbranch/server/platform/telemetry/logger';
import {
  createSandboxSeed,
  describeSandbox,
  readSeedAccounts,
  type SandboxSeed,
} from '@openbranch/server/products/sandbox/index';
import { silentLog } from './silent-log.ts';
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
  readonly seed: SandboxSeed;
  /** What was sent. */
  readonly inbox: Inbox;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly extraRoutes?: readonly Route[];
  /** A second process on the same database, with connections of its own. */
  readonly sharedWith?: TestApp;
  readonly logFile?: string;
  readonly trustedProxies?: readonly string[];
  /** Who brings messages to people; only outside the sandbox. */
  readonly providers?: AppOptions['providers'];
  readonly delivery?: AppOptions['delivery'];
  /** Runs the background jobs too, so that messages arrive; default false. */
  readonly runsJobs?: boolean;
  /** Default `sandbox`. */
  readonly mode?: 'sandbox' | 'production';
  /** Issuer of tokens and server of the reference. Default `http://openbranch.test`. */
  readonly publicUrl?: () => string;
  /** Password hashes at the same time. Default: one a core. */
  readonly hashWorkers?: number;
  /** Customers have the accounts and transactions of the seed; default false, for tests that bring their own or need none. */
  readonly hasBooks?: boolean;
  /** The connections of the program itself; default: those of the test. */
  readonly connect?: (target: DatabaseTarget) => Promise<Database>;
  /** Changes the seeded database before the program reads it. */
  readonly prepare?: (sql: Sql, keyRing: KeyRing) => Promise<void>;
}

const defaultPublicUrl = 'http://openbranch.test';

/** Once per test file, in `beforeAll`; `close` in `afterAll`. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { sharedWith } = options;
  const publicUrl = options.publicUrl ?? (() => defaultPublicUrl);
  const { database, target, drop } = sharedWith === undefined ? await createTestDatabase() : await joinDatabase(sharedWith);
  const keyRing = sharedWith?.keyRing ?? createKeyRing(randomBytes(32));
  const hasher = createPasswordHasher(keyRing, options.hashWorkers);
  const seed = createSandboxSeed(keyRing, hasher, { hasBooks: options.hasBooks ?? false });
  if (sharedWith === undefined) await plantSeed(seed, database.sql);
  await options.prepare?.(database.sql, keyRing);
  const programs = await options.connect?.(target);
  const app = await createApp({
    database: programs ?? database,
    keyRing,
    hasher,
    log: createLogger({ level: options.logFile === undefined ? 'silent' : 'info', file: options.logFile ?? '/dev/null' }),
    publicUrl,
    version: 'test',
    trustedProxies: options.trustedProxies ?? [],
    sandbox: options.mode === 'production' ? undefined : seed,
    ...(options.providers === undefined ? {} : { providers: options.providers }),
    ...(options.delivery === undefined ? {} : { delivery: options.delivery }),
    ...(options.extraRoutes === undefined ? {} : { extraRoutes: options.extraRoutes }),
  });
  const runner: JobRunner | undefined = options.runsJobs === true ? await startJobs(target, app.jobs, silentLog) : undefined;
  if (options.runsJobs === true) app.startBackground();
  return {
    http: app.http,
    get inbox() {
      if (app.inbox === undefined) throw new Error('Only the sandbox has an inbox.');
      return app.inbox;
    },
    jobs: app.jobs,
    database,
    target,
    keyRing,
    sandbox: describeSandbox(seed, publicUrl(), await readSeedAccounts(database.sql, createLedger(), seed)),
    seed,
    close: async () => {
      await runner?.stop();
      await app.close();
      await programs?.close();
      await drop();
    },
  };
}

async function plantSeed(seed: SandboxSeed, sql: Sql): Promise<void> {
  const now = new Date();
  await seed.plant(sql, now);
  await seed.plantBooks(sql, now);
}

async function joinDatabase({ target }: TestApp) {
  const database = await openDatabase(target, { maxConnections: 5, applicationName: 'test, second process' });
  return { database, target, drop: () => database.close() };
}
