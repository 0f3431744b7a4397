import type { Institution } from '../../../kernel/institution.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { addClockJob } from '../../../platform/jobs/clock-job.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** What the new time brings about happens at once, not when the schedule comes round. */
export async function runClockJobs(tx: Tx, { clockJobs }: SandboxParts, { institutionId }: Institution): Promise<void> {
  for (const job of clockJobs) await addClockJob(tx, job, institutionId);
}
