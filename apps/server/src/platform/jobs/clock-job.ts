import type { Institution } from '../../kernel/institution.ts';
import type { Tx } from '../db/database.ts';
import type { InstitutionDirectory } from '../institutions/institution-directory.ts';
import { addJob, addLoneJob } from './add-job.ts';
import type { Job } from './job-runner.ts';

/** Work that is due by the clocks of institutions. */
export interface ClockWork extends Pick<Job, 'name' | 'runsAtStart' | 'isAlone' | 'endsWithinMs'> {
  readonly schedule: string;
  run(institutions: readonly Institution[]): Promise<void>;
}

/**
 * A job that follows the clocks of institutions: by its schedule for all of them, and at once for one whose clock was
 * moved. That one is read again first: whoever moved the clock may be another process, whose news is slower than its job.
 */
export function clockJob(institutions: InstitutionDirectory, { run, ...work }: ClockWork): Job {
  return {
    ...work,
    followsClocks: true,
    run: async (payload) => {
      const institutionId = institutionIdOf(payload);
      if (institutionId === undefined) return run(institutions.all());
      await institutions.reload(institutionId);
      const institution = institutions.find(institutionId);
      return run(institution === undefined ? [] : [institution]);
    },
  };
}

export type ClockJob = Pick<Job, 'name' | 'isAlone'>;

/** Has the work done at once for an institution whose clock this transaction moves. */
export async function addClockJob(tx: Tx, { name, isAlone }: ClockJob, institutionId: string): Promise<void> {
  if (isAlone === true) await addLoneJob(tx, name, institutionId, { institutionId });
  else await addJob(tx, name, { institutionId });
}

function institutionIdOf(payload: unknown): string | undefined {
  const id: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'institutionId') : undefined;
  return typeof id === 'string' ? id : undefined;
}
