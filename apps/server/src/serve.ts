import type { AddressInfo } from 'node:net';
import type { App } from './app.ts';
import { type Config, type Environment, readConfig } from './config.ts';
import { openKeyRing, openPool, startDatabase } from './open-platform.ts';
import { claimInstallation } from './platform/db/claim-installation.ts';
import type { LineLog } from './platform/db/line-log.ts';
import { migrate } from './platform/db/migrate.ts';
import { migrationsDirectory } from './platform/db/migrations-directory.ts';
import { migrateJobs, startJobs } from './platform/jobs/job-runner.ts';
import { createPasswordHasher } from './platform/passwords/password-hasher.ts';
import { createLogger, type Logger } from './platform/telemetry/logger.ts';
import type { SandboxFiles, SandboxSeed } from './products/sandbox/index.ts';

const version = '0.1.0';

export interface Server {
  readonly config: Config;
  readonly baseUrl: string;
  readonly sandbox: { readonly seed: SandboxSeed; readonly files: SandboxFiles } | undefined;
  /** Settles only when the server cannot go on. */
  readonly failure: Promise<Error>;
  /** No new connections, running requests end, then everything is closed. */
  stop(): Promise<void>;
}

/** Closers in the order in which things were opened; a start that fails closes what it had opened. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** One that fails does not keep the others open; the first failure is thrown when all are done. */
  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/**
 * Starts the server as the settings say.
 * @throws SetupError, one line for a person.
 */
export async function startServer(environment: Environment, progress: LineLog): Promise<Server> {
  const config = readConfig(environment);
  const closers = new Closers();
  try {
    return await open(config, progress, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function open(config: Config, progress: LineLog, closers: Closers): Promise<Server> {
  // The private database takes its time to start; meanwhile the rest of the program is loaded.
  const loading = Promise.all([import('./app.ts'), import('./products/sandbox/index.ts'), import('./core/index.ts')]);
  const running = await startDatabase(config, progress);
  closers.add(() => running.stop());
  const [{ createApp }, { createSandboxSeed, readSeedAccounts, writeDocumentKeys, writeSandboxFiles }, { createLedger }] =
    await loading;
  const keyRing = await openKeyRing(config);
  const hasher = createPasswordHasher(keyRing, config.hashWorkers);
  const { applied } = await migrate(running.target, migrationsDirectory, progress);
  if (applied.length > 0) await migrateJobs(running.target);
  const database = await openPool(config, running.target);
  closers.add(() => database.close());
  await claimInstallation(database.sql, config.mode);
  const seed = config.mode === 'sandbox' ? createSandboxSeed(keyRing, hasher) : undefined;
  if (await seed?.plant(database.sql, new Date()))
    progress.info('Seeded the sandbox: two institutions with applications and customers.');
  // The database is busy with the books while the program is put together.
  const planting = seed?.plantBooks(database.sql, new Date());
  planting?.catch(() => undefined);

  const log = createLogger({ level: config.logLevel, file: config.logFile });
  closers.add(() => flushLog(log));
  // Until the server listens on a free port of its own choice nobody can ask for the public URL.
  let baseUrl = config.publicUrl ?? '';
  const app = await createApp({
    database,
    keyRing,
    hasher,
    log,
    publicUrl: () => baseUrl,
    version,
    trustedProxies: config.trustedProxies,
    sandbox: seed,
    providers: config.providers,
    disclosureHosts: config.disclosureHosts,
  });
  closers.add(() => app.close());
  if (await planting) progress.info('Seeded accounts and two years of transactions.');
  const jobs = await startJobs(running.target, app.jobs, log);
  closers.add(() => jobs.stop());
  app.startBackground();
  closers.add(() => app.stopBackground());
  // Before the background work ends, which may take a while, nobody new is let in.
  closers.add(() => app.http.close());
  const listeningUrl = await listen(app, config);
  if (baseUrl === '') baseUrl = listeningUrl;
  const seededIds = seed?.institutions.map(({ institutionId }) => institutionId) ?? [];
  await writeDocumentKeys(config.dataDirectory, database.sql, keyRing, seededIds);
  const writeFiles = async (from: SandboxSeed) =>
    writeSandboxFiles(config.dataDirectory, from, baseUrl, await readSeedAccounts(database.sql, createLedger(), from));
  const sandbox = seed === undefined ? undefined : { seed, files: await writeFiles(seed) };
  // Closed first: whoever starts next waits for our end instead of being refused.
  closers.add(() => running.announceStop());
  log.info({ version, mode: config.mode, baseUrl }, 'started');
  return {
    config,
    baseUrl,
    sandbox,
    failure: running.failure ?? new Promise(() => undefined),
    stop: () => closers.closeAll(),
  };
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  await app.http.listen({ host, port });
  const address: AddressInfo | string | null = app.http.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
}

function flushLog(log: Logger): Promise<void> {
  return new Promise((resolve) => log.flush(() => resolve()));
}
