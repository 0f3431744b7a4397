import type { Institution } from '@openbranch/server/kernel/institution';
import { CommandFailure } from './command-failure.ts';
import { UsageError } from './usage-error.ts';

/** The institution that is named; the only one when none is. */
export function chooseInstitution(all: readonly Institution[], wanted: string | undefined): Institution {
  const found = wanted === undefined && all.length === 1 ? all[0] : all.find(({ institutionId }) => institutionId === wanted);
  if (found !== undefined) return found;
  if (wanted !== undefined) throw new CommandFailure(`There is no institution ${wanted}.`);
  throw new UsageError('--institution is needed: there are several');
}
