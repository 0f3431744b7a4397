import { run, runMigrations, Logger as WorkerLogger } from 'graphile-worker';
import { Pool } from 'pg';
import { nodePostgresUrl } from '../db/connection-options.ts';
import type { DatabaseTarget } from '../db/database-target.ts';
import type { LineLog } from '../db/line-log.ts';

/** A piece of background work. It runs at least once; doing it twice must change nothing more. */
export interface Job {
  readonly name: string;
  /** Crontab of the job, in UTC. */
  readonly schedule: string;
  run(): Promise<void>;
}

export interface JobRunner {
  stop(): Promise<void>;
}

/** Brings the job queue's own tables up to date. */
export async function migrateJobs(target: DatabaseTarget): Promise<void> {
  const pgPool = createPool(target, 1, () => undefined);
  await runMigrations({ pgPool, logger: new WorkerLogger(() => () => undefined) }).finally(() => pgPool.end());
}

/** Runs scheduled jobs; of several processes on one database one takes each. */
export async function startJobs(target: DatabaseTarget, jobs: readonly Job[], log: LineLog): Promise<JobRunner> {
  const logger = new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error(`Background work: ${message}`);
    else if (level === 'warning') log.warn(`Background work: ${message}`);
  });
  const pgPool = createPool(target, 4, (message) => log.warn(`Background work: a connection was lost: ${message}`));
  try {
    const runner = await run({
      pgPool,
      concurrency: 2,
      noHandleSignals: true,
      logger,
      taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run()])),
      crontab: jobs.map((job) => `${job.schedule} ${job.name} ?max=3`).join('\n'),
    });
    return { stop: () => runner.stop().finally(() => pgPool.end()) };
  } catch (error) {
    await pgPool.end();
    throw error;
  }
}

/**
 * The queue could make a pool of its own, but it leaves that one while its connections still close: a database that stops in
 * this moment would then end this process by an error that nobody hears.
 */
function createPool(target: DatabaseTarget, max: number, onLost: (message: string) => void): Pool {
  const pool = new Pool({ connectionString: nodePostgresUrl(target), max });
  const onError = ({ message }: Error): void => {
    if (!pool.ending) onLost(message);
  };
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
