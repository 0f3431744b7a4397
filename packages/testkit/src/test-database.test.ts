import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

test('each test database has the job queue and our record of migrations, and sees nothing of another', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await one.database.sql`create table only_here (id integer)`;
    const [here] = await one.database.sql<{ jobs: string | null; mine: string | null }[]>`
      select to_regclass('graphile_worker.jobs')::text as jobs, to_regclass('only_here')::text as mine`;
    const [there] = await two.database.sql<{ mine: string | null }[]>`select to_regclass('only_here')::text as mine`;
    expect(here).toEqual({ jobs: 'graphile_worker.jobs', mine: 'only_here' });
    expect(there).toEqual({ mine: null });
  } finally {
    await Promise.all([one.drop(), two.drop()]);
  }
});
