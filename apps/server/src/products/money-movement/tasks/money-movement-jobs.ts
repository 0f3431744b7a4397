import { addDays } from '../../../kernel/calendar-date.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { clockJob } from '../../../platform/jobs/clock-job.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import { deleteOldTransferDays } from '../store/transfer-limits.ts';
import { executeSchedules, type ScheduleParts } from './execute-schedules.ts';

/** Days that a moved clock may go back to, and no more. */
const keptDays = 40;

/** The background work of this product. */
export function moneyMovementJobs(parts: ScheduleParts): readonly Job[] {
  const { institutions, clock, sql } = parts;
  return [
    clockJob(institutions, {
      name: 'execute_schedules',
      schedule: '* * * * *',
      runsAtStart: true,
      run: (due) => executeSchedules(parts, due),
    }),
    {
      name: 'delete_old_transfer_days',
      schedule: '47 * * * *',
      run: async () => {
        for (const institution of institutions.all()) {
          const today = toInstitutionDate(clock.now(institution), institution.timeZone);
          await deleteOldTransferDays(sql, institution.institutionId, addDays(today, -keptDays));
        }
      },
    },
  ];
}
