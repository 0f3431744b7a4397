import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { ledgerCorrectCommand } from './ledger-correct.ts';
import { ledgerExportCommand } from './ledger-export.ts';
import { ledgerVerifyCommand } from './ledger-verify.ts';

/** `openbranch ledger ...`: the books of the built-in core. */
export function ledgerCommand(): Command {
  return newCommand('ledger', 'Prove, export or correct the books')
    .addCommand(ledgerVerifyCommand())
    .addCommand(ledgerExportCommand())
    .addCommand(ledgerCorrectCommand());
}
