import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addJob, addLoneJob } from './add-job.ts';
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

test('runs of a job that is alone never overlap and are not queued twice, so that other jobs go on beside them', async () => {
  const { sql } = own.database;
  const gate = Promise.withResolvers<void>();
  let [running, most, runs] = [0, 0, 0];
  let quickRuns = 0;
  const slow = {
    ...{ name: 'slow', schedule: '* * * * *', runsAtStart: true, isAlone: true, endsWithinMs: 60_000 },
    run: async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
    },
  };
  const quick = {
    name: 'quick',
    run: async () => {
      quickRuns += 1;
    },
  };
  const runners = [await startJobs(own.target, [slow, quick], silentLog), await startJobs(own.target, [slow, quick], silentLog)];
  await eventually(() => running === 1);
  const waiting = () => sql`select key from graphile_worker.jobs where task_identifier = 'slow' and locked_at is null`;
  // More than there are places in two processes.
  for (let turn = 0; turn < 15; turn += 1) for (const subject of ['00001', '00002']) await addLoneJob(sql, 'slow', subject, {});
  for (let turn = 0; turn < 5; turn += 1) await addJob(sql, 'quick', {});
  await eventually(() => quickRuns === 5);
  expect((await waiting()).length).toBeLessThanOrEqual(3);
  gate.resolve();
  await eventually(async () => (await sql`select 1 from graphile_worker.jobs where task_identifier = 'slow'`).length === 0);
  expect(most).toBe(1);
  expect(runs).toBeGreaterThanOrEqual(3);
  for (const runner of runners) await runner.stop();
});

test('runs that end while the runner stops are over for everybody: nobody waits for them as for runs of a dead process', async () => {
  const { sql } = own.database;
  const gate = Promise.withResolvers<void>();
  let running = 0;
  const held = {
    name: 'held',
    run: async () => {
      running += 1;
      await gate.promise;
    },
  };
  const runner = await startJobs(own.target, [held], silentLog);
  for (let turn = 0; turn < 10; turn += 1) await addJob(sql, 'held', {});
  await eventually(() => running === 10);
  gate.resolve();
  await runner.stop();
  expect(await sql`select 1 from graphile_worker.jobs where task_identifier = 'held'`).toEqual([]);
});

test('a job that is alone goes on when the process that ran it was killed, once its time is over', async () => {
  const { sql } = own.database;
  let runs = 0;
  const lone = {
    ...{ name: 'lone', isAlone: true, endsWithinMs: 20_000 },
    run: async () => {
      runs += 1;
    },
  };
  await addLoneJob(sql, 'lone', '00001', {});
  await sql`
    update graphile_worker._private_jobs as job set locked_by = 'dead', locked_at = clock_timestamp() - interval '30 seconds'
    from graphile_worker._private_tasks as task where task.id = job.task_id and task.identifier = 'lone'`;
  await sql`
    update graphile_worker._private_job_queues set locked_by = 'dead', locked_at = clock_timestamp() - interval '30 seconds'
    where queue_name = 'lone'`;
  const runner = await startJobs(own.target, [lone], silentLog);
  await eventually(async () => (await sql`select 1 from graphile_worker.jobs where task_identifier = 'lone'`).length === 0);
  await runner.stop();
  expect(runs).toBe(1);
});
