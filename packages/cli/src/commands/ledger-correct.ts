import type { Command } from 'commander';
import { chooseInstitution } from '../choose-institution.ts';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { UsageError } from '../usage-error.ts';

interface Flags {
  readonly reason: string;
  readonly institution?: string;
}

const refusals = {
  unknown: 'There is no such entry.',
  correctedBefore: 'The entry is undone already.',
  accountClosed: 'That would leave money or a debt on a closed account: undo what closed it first.',
} as const;

/** `openbranch ledger correct ENTRY`: undoes what was booked by mistake. */
export function ledgerCorrectCommand(): Command {
  const command = newCommand('correct', 'Undo an entry by a new one')
    .description(
      'Books an entry with the opposite amounts under today, and takes back what the first one changed: a loan that it closed is open again, a contribution may be made again. Both stay to be seen. The numbers of entries stand in `ledger export --format hledger` and in the activity log.',
    )
    .argument('<entry>', 'the number of the entry')
    .requiredOption('--reason <text>', 'what customers read beside it; at most 80 characters')
    .option('--institution <id>', 'five digits; needed when there are several');
  return command.action(async (entry: string, { reason, institution: wanted }: Flags) => {
    const entryId = toEntryId(entry);
    if (!/^[\x20-\x7e]{1,80}$/u.test(reason.trim())) throw new UsageError('--reason takes 1 to 80 printable ASCII characters');
    const { createLedger } = await import('@openbranch/server/core/index');
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    const { systemClock } = await import('@openbranch/server/platform/institutions/clock');
    const { administer } = await import('@openbranch/server/platform/transactions/administer');
    const { toInstitutionDate } = await import('@openbranch/server/kernel/institution-time');
    await onServerData(async ({ sql }) => {
      const institution = chooseInstitution((await openInstitutionDirectory(sql)).all(), wanted);
      const { institutionId } = institution;
      const now = systemClock.now(institution);
      const transactionDate = toInstitutionDate(now, institution.timeZone);
      const correctionId = await administer(sql, 'ledger correct', async ({ tx, audit }) => {
        const correction = { institutionId, entryId, bookedAt: now, transactionDate, reason: reason.trim() };
        const outcome = await createLedger().correct(tx, correction);
        if (typeof outcome === 'string') throw new CommandFailure(refusals[outcome]);
        const details = { entryId: String(entryId), correctionId: String(outcome.entryId) };
        await audit([institutionId], 'ledger_corrected', { details });
        return outcome.entryId;
      });
      console.log(`${institutionId}: entry ${entryId} is undone by entry ${correctionId}`);
    });
  });
}

function toEntryId(text: string): bigint {
  if (/^[0-9]{1,18}$/u.test(text)) return BigInt(text);
  throw new UsageError(`an entry is a whole number, not ${text}`);
}
