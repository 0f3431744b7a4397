import { addDays } from '../../../kernel/calendar-date.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import { deleteOldTransferDays } from '../store/transfer-limits.ts';

interface UpkeepParts {
  readonly sql: Sql;
  readonly institutions: InstitutionDirectory;
  readonly clock: Clock;
}

/** Days that a moved clock may go back to, and no more. */
const keptDays = 40;

/** The background work of this product beside its schedules, which run with the days of institutions. */
export function moneyMovementJobs({ sql, institutions, clock }: UpkeepParts): readonly Job[] {
  return [
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
