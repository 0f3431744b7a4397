import { run, runMigrations, Logger as WorkerLogger } from 'graphile-worker';
import { nodePostgresUrl } from '../db/connection-options.ts';
import type { DatabaseTarget } from '../db/database-target.ts';
import type { LineLog } from '../db/line-log.ts';

/** A piece of background work. It runs at least once; doing it twice must change nothing more. */
export interface Job {
  readonly name: string;
  /** Crontab of the job, in UTC; without it the job runs when somebody adds it to the queue. */
  readonly schedule?: string;
  /** Runs once whenever a process starts, on top of its schedule. */
  readonly runsAtStart?: boolean;
  /** @param payload What was added to the queue with the job. */
  run(payload: unknown): Promise<void>;
}

export interface JobRunner {
  stop(): Promise<void>;
}

/** Brings the job queue's own tables up to date. */
export async function migrateJobs(target: DatabaseTarget): Promise<void> {
  await runMigrations({ connectionString: nodePostgresUrl(target), logger: new WorkerLogger(() => () => undefined) });
}

/** Messages wait for their providers most of the time; a slow one must not keep other work from running. */
const concurrency = 10;

/** Runs jobs, scheduled and queued; of several processes on one database one takes each. */
export async function startJobs(target: DatabaseTarget, jobs: readonly Job[], log: LineLog): Promise<JobRunner> {
  const logger = new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error(`Background work: ${message}`);
    else if (level === 'warning') log.warn(`Background work: ${message}`);
  });
  const runner = await run({
    connectionString: nodePostgresUrl(target),
    concurrency,
    maxPoolSize: 5,
    noHandleSignals: true,
    logger,
    taskList: Object.fromEntries(jobs.map((job) => [job.name, (payload: unknown) => job.run(payload)])),
    crontab: jobs
      .filter(({ schedule }) => schedule !== undefined)
      .map((job) => `${job.schedule} ${job.name} ?max=3`)
      .join('\n'),
  });
  for (const { name, runsAtStart } of jobs) if (runsAtStart === true) await runner.addJob(name, {}, { maxAttempts: 3 });
  return { stop: () => runner.stop() };
}
