import { addDays } from '../../../kernel/calendar-date.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import { deleteOldTransferDays } from '../store/transfer-limits.ts';
import { executeSchedules, type ScheduleParts } from './execute-schedules.ts';

/** Days that a moved clock may go back to, and no more. */
const keptDays = 40;

/** The background work of this product. */
export function moneyMovementJobs(parts: ScheduleParts): readonly Job[] {
  const { institutions, clock, sql } = parts;
  return [
    {
      name: 'execute_schedules',
      schedule: '* * * * *',
      runsAtStart: true,
      run: async (payload) => executeSchedules(parts, await namedInstitutions(parts, payload)),
    },
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

/** The one whose clock was moved, as it is in the database; else all. */
async function namedInstitutions({ institutions }: ScheduleParts, payload: unknown) {
  const named: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'institutionId') : undefined;
  if (typeof named !== 'string') return institutions.all();
  await institutions.reload(named);
  return institutions.all().filter(({ institutionId }) => institutionId === named);
}
