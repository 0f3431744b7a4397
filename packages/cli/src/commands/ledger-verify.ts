import type { LedgerProgress, LedgerVerification } from '@openbranch/server/core/index';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { sayNowAndThen } from '../say-now-and-then.ts';

interface Flags {
  readonly institution?: string;
}

/** `openbranch ledger verify`: proves the books and names the first row that does not fit. */
export function ledgerVerifyCommand(): Command {
  const command = newCommand('verify', 'Prove that the books are in balance')
    .description(
      'Proves that every entry and the whole ledger sum to zero, that every balance is the sum of its postings, and that what is held is the sum of pending holds. Names the first row that does not fit; the exit code is 1 then.',
    )
    .option('--institution <id>', 'this institution only, five digits');
  return command.action(async ({ institution }: Flags) => {
    const { verifyLedger } = await import('@openbranch/server/core/index');
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    const broken = await onServerData(async ({ sql }) => {
      const all = (await openInstitutionDirectory(sql)).all().map(({ institutionId }) => institutionId);
      const chosen = institution === undefined ? all.sort() : all.filter((institutionId) => institutionId === institution);
      if (institution !== undefined && chosen.length === 0) throw new CommandFailure(`There is no institution ${institution}.`);
      const found: string[] = [];
      for (const institutionId of chosen) {
        const progress = sayNowAndThen(
          ({ entries, accounts }: LedgerProgress) => `${institutionId}: ${entries} entries, ${accounts} accounts so far`,
        );
        const verification = await verifyLedger(sql, institutionId, progress);
        console.log(describe(verification));
        if (verification.broken !== undefined) found.push(institutionId);
      }
      return found;
    });
    if (broken.length > 0) throw new CommandFailure(`The books do not fit: institution ${broken.join(', ')}.`);
  });
}

function describe({ institutionId, entries, postings, accounts, broken }: LedgerVerification): string {
  const seen = `${entries} entries, ${postings} postings, ${accounts} accounts`;
  if (broken === undefined) return `${institutionId}: in balance, ${seen}`;
  return `${institutionId}: BROKEN at ${broken.row}: ${broken.problem}; ${seen}`;
}
