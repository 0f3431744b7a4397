import { createLedger, runDaysJob } from '../src/core/index.ts';
import { openDatabase } from '../src/platform/db/database.ts';
import { systemClock } from '../src/platform/institutions/clock.ts';
import { openInstitutionDirectory } from '../src/platform/institutions/institution-directory.ts';
import { createRunWrite } from '../src/platform/transactions/unit-of-work.ts';
import { createScheduleWork } from '../src/products/money-movement/index.ts';

/** A process that does nothing but execute schedules, for tests that kill it. Argument: database. */
const [url = ''] = process.argv.slice(2);
const { sql } = await openDatabase({ url }, { maxConnections: 3, applicationName: 'schedules-process' });
const institutions = await openInstitutionDirectory(sql);
const log = { error: (...parts: unknown[]) => console.error(...parts) };
const schedules = createScheduleWork({
  sql,
  core: createLedger(),
  clock: systemClock,
  runWrite: createRunWrite(sql, { apply: async () => undefined }),
  queueMessage: () => Promise.reject(new Error('Nothing of this fails.')),
  canSend: () => false,
  log,
});
const job = runDaysJob({ sql, clock: systemClock, institutions, log }, schedules);
process.stdout.write('ready\n');
await job.run();
