import type { Institution } from '../../kernel/institution.ts';
import type { InstitutionDirectory } from '../institutions/institution-directory.ts';
import type { Job } from './job-runner.ts';

/** Work that is due by the clocks of institutions. */
export interface ClockWork {
  readonly name: string;
  readonly schedule: string;
  readonly runsAtStart?: boolean;
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

function institutionIdOf(payload: unknown): string | undefined {
  const id: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'institutionId') : undefined;
  return typeof id === 'string' ? id : undefined;
}
