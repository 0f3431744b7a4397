import type { ActivityVerification } from '@openbranch/server/platform/audit/verify-activities';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { sayNowAndThen } from '../say-now-and-then.ts';

interface Flags {
  readonly institution?: string;
}

/** `openbranch audit verify`: walks along the sealed log and names the first row that does not fit. */
export function auditVerifyCommand(): Command {
  const command = newCommand('verify', 'Walk along the sealed activity log')
    .description(
      'Walks along the sealed activity log of every institution and names the first row that was changed, moved or removed; the exit code is 1 then. Rows of the last minute may not be sealed yet and are only counted.',
    )
    .option('--institution <id>', 'this institution only, five digits');
  return command.action(async ({ institution }: Flags) => {
    const { verifyActivities } = await import('@openbranch/server/platform/audit/verify-activities');
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    const broken = await onServerData(async ({ sql, keyRing }) => {
      const all = (await openInstitutionDirectory(sql)).all().map(({ institutionId }) => institutionId);
      const chosen = institution === undefined ? all.sort() : all.filter((institutionId) => institutionId === institution);
      if (institution !== undefined && chosen.length === 0) throw new CommandFailure(`There is no institution ${institution}.`);
      const found: string[] = [];
      for (const institutionId of chosen) {
        const verification = await verifyActivities(
          sql,
          keyRing,
          institutionId,
          sayNowAndThen((rows: number) => `${institutionId}: ${rows} rows so far`),
        );
        console.log(describe(verification));
        if (verification.broken !== undefined) found.push(institutionId);
      }
      return found;
    });
    if (broken.length > 0) throw new CommandFailure(`The activity log is broken: institution ${broken.join(', ')}.`);
  });
}

function describe({ institutionId, batches, rows, unsealedRows, broken }: ActivityVerification): string {
  const unsealed = `${unsealedRows} not sealed yet`;
  if (broken === undefined) return `${institutionId}: intact, ${rows} rows in ${batches} batches, ${unsealed}`;
  const row = broken.activityId === undefined ? 'no row' : `row ${broken.activityId}`;
  return `${institutionId}: BROKEN at ${row}: ${broken.problem}; ${rows} rows in ${batches} batches before fit, ${unsealed}`;
}
