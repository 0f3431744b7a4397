import type { Institution } from '../../../kernel/institution.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import { clockJob } from '../../../platform/jobs/clock-job.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import type { Logger } from '../../../platform/telemetry/logger.ts';
import { closeSome, findMonthToClose } from './close-months.ts';

/** What is booked day by day and belongs into the month of its day: scheduled transfers. */
export interface DayWork {
  /**
   * Books a piece of what is due, the oldest day first: for some seconds, so that a run ends in time.
   * @param through The last day that counts; absent: whatever is due now.
   * @returns `more` when something was booked and there may be more; `waits` when what is due through the day will be
   *   tried again soon; else `done`.
   */
  run(institution: Institution, through: string | undefined): Promise<'more' | 'waits' | 'done'>;
}

export interface DaysParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly institutions: InstitutionDirectory;
  readonly log: Pick<Logger, 'error'>;
}

/** After this a run leaves what is left to the next one, which comes within the minute. */
const longestRunMs = 45_000;

/**
 * What the days of institutions bring, in the order of days: what is due in a month is booked before the month is closed,
 * and the month is closed before anything of the next one is booked, also when an outage or a moved clock brings many at
 * once. One run at a time in the whole installation, so that the backlog of a large bank takes one place of the queue.
 */
export function runDaysJob(parts: DaysParts, work: DayWork): Job {
  let turn = 0;
  return clockJob(parts.institutions, {
    name: 'run_days',
    schedule: '* * * * *',
    runsAtStart: true,
    isAlone: true,
    endsWithinMs: 4 * longestRunMs,
    run: (institutions) => {
      // Each run begins with another one, so that those at the end have their turn also when a run is not enough for all.
      turn += 1;
      const first = institutions.length === 0 ? 0 : turn % institutions.length;
      return runDays(parts, work, [...institutions.slice(first), ...institutions.slice(0, first)]);
    },
  });
}

/** In turns, so that no institution waits for the whole backlog of another one. One that is switched off stands still. */
export async function runDays(
  parts: Omit<DaysParts, 'institutions'>,
  work: DayWork,
  institutions: readonly Institution[],
): Promise<void> {
  const endsAt = Date.now() + longestRunMs;
  let waiting = institutions.filter(({ isActive }) => isActive);
  while (waiting.length > 0) {
    const unfinished: Institution[] = [];
    for (const institution of waiting) {
      if (Date.now() >= endsAt) return;
      if (await hasMore(parts, work, institution)) unfinished.push(institution);
    }
    waiting = unfinished;
  }
}

/** One piece of work. What goes wrong in an institution is no matter of the others. */
async function hasMore(
  { sql, clock, log }: Omit<DaysParts, 'institutions'>,
  work: DayWork,
  institution: Institution,
): Promise<boolean> {
  const logFailure = (error: unknown, what: string) => {
    const { institutionId } = institution;
    log.error({ institutionId, name: error instanceof Error ? error.name : typeof error }, what);
  };
  try {
    const now = clock.now(institution);
    const monthEnd = await findMonthToClose(sql, institution, now);
    if (monthEnd === undefined) return (await work.run(institution, undefined)) === 'more';
    const outcome = await work.run(institution, monthEnd);
    if (outcome === 'more') return true;
    if (outcome === 'done') {
      const step = await closeSome(sql, { institution, monthEnd, now }).catch((error: unknown) => {
        logFailure(error, 'a month could not be closed');
      });
      if (step !== undefined) return true;
    }
    // A month that cannot be closed holds up no customer's transfer; its interest does not depend on later days.
    return (await work.run(institution, undefined)) === 'more';
  } catch (error) {
    logFailure(error, 'the days of an institution could not be run');
    return false;
  }
}
