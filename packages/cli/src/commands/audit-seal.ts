import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData, progressLog } from '../on-server-data.ts';

/** `openbranch audit seal`: seals what is new now, and not within the minute in which the server does it. */
export function auditSealCommand(): Command {
  return newCommand('seal', 'Seal what is new in the activity log now').action(async () => {
    const { sealActivities } = await import('@openbranch/server/platform/audit/seal-activities');
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    await onServerData(async ({ sql, keyRing }) => {
      const institutionIds = (await openInstitutionDirectory(sql)).all().map(({ institutionId }) => institutionId);
      const sealed = await sealActivities(sql, keyRing, institutionIds, progressLog);
      console.log(`Sealed ${sealed} rows of ${institutionIds.length} institutions.`);
    });
  });
}
