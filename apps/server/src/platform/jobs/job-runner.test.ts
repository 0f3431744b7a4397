import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateJobs, startJobs } from './job-runner.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

test('a job that is asked for runs once, in one of the processes', async () => {
  const runs: string[] = [];
  const job = (name: string) => ({
    name: 'count',
    schedule: '0 0 1 1 *',
    run: async () => {
      runs.push(name);
    },
  });
  await migrateJobs(own.target);
  const runners = [
    await startJobs(own.target, [job('first')], silentLog),
    await startJobs(own.target, [job('second')], silentLog),
  ];
  await own.database.sql`select graphile_worker.add_job('count')`;
  await eventually(() => runs.length > 0);
  await eventually(async () => (await own.database.sql`select 1 from graphile_worker.jobs`).length === 0);
  expect(runs).toHaveLength(1);
  for (const runner of runners) await runner.stop();
});

test('what goes wrong in background work is told to the log', async () => {
  const errors: string[] = [];
  const fails = { name: 'fails', schedule: '0 0 1 1 *', run: () => Promise.reject(new Error('out of order')) };
  const runner = await startJobs(own.target, [fails], { ...silentLog, error: (line: string) => errors.push(line) });
  await own.database.sql`select graphile_worker.add_job('fails', max_attempts := 1)`;
  await eventually(() => errors.some((line) => line.startsWith('Background work:') && line.includes('out of order')));
  await runner.stop();
});

test('what a killed process had in hand is done by another one once the time of such a job is over', async () => {
  const runs: string[] = [];
  const job = (name: string, endsWithinMs?: number) => ({
    name,
    ...(endsWithinMs === undefined ? {} : { endsWithinMs }),
    run: async () => void runs.push(name),
  });
  for (const name of ['short', 'running', 'long']) {
    await own.database.sql`select graphile_worker.add_job(${name})`;
    await own.database.sql`
      update graphile_worker._private_jobs as job
      set locked_by = ${`worker of ${name}`}, locked_at = clock_timestamp() - interval '30 seconds'
      from graphile_worker._private_tasks as task where task.id = job.task_id and task.identifier = ${name}`;
  }
  const runner = await startJobs(own.target, [job('short', 20_000), job('running', 60_000), job('long')], silentLog);
  const isDone = async () => {
    const left = await own.database.sql`
      select 1 from graphile_worker.jobs where task_identifier in ('short', 'free_lost_runs') and attempts < max_attempts`;
    return runs.length > 0 && left.length === 0;
  };
  await eventually(isDone, { deadlineMs: 20_000 });
  await runner.stop();
  expect(runs).toEqual(['short']);
});
