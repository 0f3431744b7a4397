import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import { clockJob } from '../../../platform/jobs/clock-job.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import { lastClosedMonth, nextMonthEnd } from './month-ends.ts';
import { closeMonthOf, lockOpenAccounts, lockProgress, saveProgress } from './month-rows.ts';

/** So many accounts are closed in one transaction; nobody waits long for a balance. */
const batchSize = 2_000;

/** Closes the months that are over in institutions, each exactly once, as their clocks say. */
export function closeMonthsJob(sql: Sql, clock: Clock, directory: InstitutionDirectory): Job {
  return clockJob(directory, {
    name: 'close_months',
    schedule: '5 * * * *',
    runsAtStart: true,
    run: async (institutions) => {
      for (const institution of institutions) await closeMonths(sql, clock, institution);
    },
  });
}

/** Month after month, each in transactions of limited size that note how far they came. @returns The months closed. */
export async function closeMonths(sql: Sql, clock: Clock, institution: Institution, limit = batchSize): Promise<number> {
  const now = clock.now(institution);
  // An institution that is new begins with the month of its first day, wherever its clock was moved since.
  const real = new Date(now.getTime() - Math.max(institution.clockOffsetMs, 0));
  const today = toInstitutionDate(now, institution.timeZone);
  const begin = lastClosedMonth(toInstitutionDate(real, institution.timeZone));
  for (let months = 0; ; ) {
    const step = await sql.begin((tx) => closeStep(tx, { institution, today, begin, now, limit }));
    if (step === 'nothing') return months;
    if (step === 'month') months += 1;
  }
}

interface Step {
  readonly institution: Institution;
  readonly today: string;
  readonly begin: string;
  readonly now: Date;
  readonly limit: number;
}

async function closeStep(
  tx: Tx,
  { institution: { institutionId }, today, begin, now, limit }: Step,
): Promise<'nothing' | 'batch' | 'month'> {
  const progress = await lockProgress(tx, institutionId, begin);
  const monthEnd = nextMonthEnd(progress.closedThrough);
  if (monthEnd >= today) return 'nothing';
  const accountKeys = await lockOpenAccounts(tx, institutionId, monthEnd, progress.doneAccountKey, limit);
  if (accountKeys.length > 0) await closeMonthOf(tx, { institutionId, monthEnd, bookedAt: now, accountKeys });
  const last = accountKeys.at(-1);
  const isMonthDone = last === undefined || accountKeys.length < limit;
  await saveProgress(
    tx,
    institutionId,
    isMonthDone
      ? { closedThrough: monthEnd, doneAccountKey: 0n }
      : { closedThrough: progress.closedThrough, doneAccountKey: last },
  );
  return isMonthDone ? 'month' : 'batch';
}
