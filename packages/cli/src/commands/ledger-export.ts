import { once } from 'node:events';
import type { Command } from 'commander';
import { chooseInstitution } from '../choose-institution.ts';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { sayNowAndThen } from '../say-now-and-then.ts';
import { UsageError } from '../usage-error.ts';

interface Flags {
  readonly format: string;
  readonly institution?: string;
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `openbranch ledger export`: writes the books for another program. */
export function ledgerExportCommand(): Command {
  const command = newCommand('export', 'Write the books for another program')
    .description(
      'Writes what is booked to standard output: the books of the institution as a journal for hledger, or a statement of each account as OFX or camt.053. Account numbers and texts are in it as they are.',
    )
    .requiredOption('--format <format>', 'hledger, ofx or camt053')
    .option('--institution <id>', 'five digits; needed when there are several')
    .option('--account <number>', 'this account only')
    .option('--from <date>', 'from this day on, YYYY-MM-DD')
    .option('--to <date>', 'up to this day');
  return command.action(async (flags: Flags) => {
    const { createLedger, exportFormats, exportLedger, isExportFormat } = await import('@openbranch/server/core/index');
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    const { systemClock } = await import('@openbranch/server/platform/institutions/clock');
    const { administer } = await import('@openbranch/server/platform/transactions/administer');
    const { toInstitutionDate } = await import('@openbranch/server/kernel/institution-time');
    const { format } = flags;
    if (!isExportFormat(format)) throw new UsageError(`--format takes ${exportFormats.join(', ')}, not ${format}`);
    const [from, to] = [toDay('--from', flags.from), toDay('--to', flags.to)];
    await onServerData(async ({ sql }) => {
      const institution = chooseInstitution((await openInstitutionDirectory(sql)).all(), flags.institution);
      const { institutionId } = institution;
      const account =
        flags.account === undefined ? undefined : await createLedger().findAccountByNumber(sql, institutionId, flags.account);
      if (flags.account !== undefined && account === undefined) throw new CommandFailure('There is no such account.');
      await administer(sql, 'ledger export', ({ audit }) =>
        audit([institutionId], 'ledger_exported', { details: { format, isOneAccount: account !== undefined } }),
      );
      const now = systemClock.now(institution);
      const request = {
        institutionId,
        accountKey: account?.accountKey,
        from,
        to,
        now,
        today: toInstitutionDate(now, institution.timeZone),
      };
      await exportLedger(sql, format, request, createWriter());
    });
  });
}

/** Waits for whoever reads, so that nothing piles up here. */
function createWriter(): (text: string) => Promise<void> {
  let characters = 0;
  const say = sayNowAndThen((written: number) => `${Math.round(written / 1_000_000)} million characters so far`);
  return async (text) => {
    characters += text.length;
    say(characters);
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  };
}

/** A day that there is. */
function toDay(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== text)
    throw new UsageError(`${flag} takes a day like 2026-03-31, not ${text}`);
  return text;
}
