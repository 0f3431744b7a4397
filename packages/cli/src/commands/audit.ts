import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { auditSealCommand } from './audit-seal.ts';
import { auditVerifyCommand } from './audit-verify.ts';

/** `openbranch audit ...`: the sealed activity log. */
export function auditCommand(): Command {
  return newCommand('audit', 'Verify or seal the activity log').addCommand(auditVerifyCommand()).addCommand(auditSealCommand());
}
