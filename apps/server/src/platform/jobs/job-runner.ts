import { setTimeout as delay } from 'node:timers/promises';
import { run, runMigrations, Logger as WorkerLogger } from 'graphile-worker';
import { Pool } from 'pg';
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
  /**
   * Its runs never overlap, in the whole installation, and one that waits for its turn is not queued again: however much
   * there is to do, it takes one place among the runs of all jobs. For work that may take long; it needs `endsWithinMs`,
   * for a run that has died keeps the place until then.
   */
  readonly isAlone?: boolean;
  /** A run that is not over by then has died with its process, and another process takes it; default four hours. */
  readonly endsWithinMs?: number;
  /**
   * Follows the clocks of institutions: when a sandbox moves one, the job runs at once with `{ institutionId }`, on top of
   * its schedule.
   */
  readonly followsClocks?: boolean;
  /** @param payload What was added to the queue with the job. */
  run(payload?: unknown): Promise<void>;
}

export interface JobRunner {
  stop(): Promise<void>;
}

/** Brings the job queue's own tables up to date. */
export async function migrateJobs(target: DatabaseTarget): Promise<void> {
  const pgPool = createPool(target, 1, () => undefined);
  await runMigrations({ pgPool, logger: new WorkerLogger(() => () => undefined) }).finally(() => pgPool.end());
}

/** How long the last words of a runner may wait for a connection. */
const longestEndMs = 5_000;
const pauseMs = 10;

/** Messages wait for their providers most of the time; a slow one must not keep other work from running. */
const concurrency = 10;

/** Runs jobs, scheduled and queued; of several processes on one database one takes each. */
export async function startJobs(target: DatabaseTarget, jobs: readonly Job[], log: LineLog): Promise<JobRunner> {
  const logger = new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error(`Background work: ${message}`);
    else if (level === 'warning') log.warn(`Background work: ${message}`);
  });
  const pgPool = createPool(target, 5, (message) => log.warn(`Background work: a connection was lost: ${message}`));
  const all = [...jobs, freeLostRuns(pgPool, jobs)];
  try {
    const runner = await run({
      pgPool,
      concurrency,
      noHandleSignals: true,
      logger,
      taskList: Object.fromEntries(all.map((job) => [job.name, (payload: unknown) => job.run(payload)])),
      crontab: all
        .filter(({ schedule }) => schedule !== undefined)
        .map((job) => `${job.schedule} ${job.name} ?max=3${job.isAlone === true ? `&queue=${job.name}&jobKey=${job.name}` : ''}`)
        .join('\n'),
    });
    try {
      for (const { name, runsAtStart, isAlone } of all) {
        if (runsAtStart !== true) continue;
        await runner.addJob(name, {}, { maxAttempts: 3, ...(isAlone === true && { queueName: name, jobKey: name }) });
      }
    } catch (error) {
      await runner.stop();
      throw error;
    }
    return { stop: () => runner.stop().finally(() => endPool(pgPool)) };
  } catch (error) {
    await pgPool.end();
    throw error;
  }
}

/**
 * A process that is killed leaves its jobs locked. Each worker of the queue has one job at a time, under a name of its
 * own: to let go of the worker is to let go of the job. What was given up is kept for a week, to be looked at.
 */
function freeLostRuns(pgPool: Pool, jobs: readonly Job[]): Job {
  return {
    name: 'free_lost_runs',
    schedule: '* * * * *',
    runsAtStart: true,
    run: async () => {
      for (const { name, endsWithinMs } of jobs) {
        if (endsWithinMs === undefined) continue;
        await pgPool.query(
          `select graphile_worker.force_unlock_workers(array_agg(locked_by)) from graphile_worker.jobs
           where task_identifier = $1 and locked_at < clock_timestamp() - $2::double precision * interval '1 millisecond'`,
          [name, endsWithinMs],
        );
      }
      await pgPool.query(
        `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs
         where attempts >= max_attempts and locked_at is null and updated_at < clock_timestamp() - interval '7 days'`,
      );
    },
  };
}

/**
 * The queue does not wait for its own word that the last runs have ended. Without it they would look like runs of a process
 * that has died, and keep the place of a job that is alone.
 */
async function endPool(pool: Pool): Promise<void> {
  for (let waitedMs = 0; pool.waitingCount > 0 && waitedMs < longestEndMs; waitedMs += pauseMs) await delay(pauseMs);
  await pool.end();
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
