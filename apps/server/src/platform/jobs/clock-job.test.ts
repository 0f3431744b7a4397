import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInstitutionDirectory } from '../institutions/institution-directory.ts';
import { clockJob } from './clock-job.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.database.sql`insert into institutions (institution_id, name) values ('00001', 'One'), ('00002', 'Two')`;
});
afterAll(() => own.drop());

test('work that follows clocks sees a clock that another process has just moved, and only that institution', async () => {
  const { sql } = own.database;
  const seen: [string, number][][] = [];
  const job = clockJob(await openInstitutionDirectory(sql), {
    name: 'look',
    schedule: '0 0 1 1 *',
    run: async (institutions) =>
      void seen.push(institutions.map(({ institutionId, clockOffsetMs }): [string, number] => [institutionId, clockOffsetMs])),
  });
  await sql`update institutions set clock_offset_ms = 5000 where institution_id = '00002'`;
  await job.run({ institutionId: '00002' });
  await job.run({ institutionId: '00099' });
  await job.run({});
  expect(seen.map((institutions) => institutions.toSorted())).toEqual([
    [['00002', 5000]],
    [],
    [
      ['00001', 0],
      ['00002', 5000],
    ],
  ]);
});
