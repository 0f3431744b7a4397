import { run, runMigrations, Logger as WorkerLogger } from 'graphile-worker';
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
  await runMigrations({ connectionString: nodePostgresUrl(target), logger: new WorkerLogger(() => () => undefined) });
}

/** Runs scheduled jobs; of several processes on one database one takes each. */
export async function startJobs(target: DatabaseTarget, jobs: readonly Job[], log: LineLog): Promise<JobRunner> {
  const logger = new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error(`Background work: ${message}`);
    else if (level === 'warning') log.warn(`Background work: ${message}`);
  });
  const runner = await run({
    connectionString: nodePostgresUrl(target),
    concurrency: 2,
    maxPoolSize: 4,
    noHandleSignals: true,
    logger,
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run()])),
    crontab: jobs.map((job) => `${job.schedule} ${job.name} ?max=3`).join('\n'),
  });
  return { stop: () => runner.stop() };
}
