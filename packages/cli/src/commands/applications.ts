import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { applicationsCreateCommand } from './applications-create.ts';
import { applicationsListCommand } from './applications-list.ts';
import { applicationsRotateSecretCommand } from './applications-rotate-secret.ts';
import { applicationsDisableCommand, applicationsEnableCommand } from './applications-switch.ts';

/** `openbranch applications ...`: the registered clients of the API. */
export function applicationsCommand(): Command {
  return newCommand('applications', 'Register applications, rotate their secrets, switch them off')
    .addCommand(applicationsListCommand())
    .addCommand(applicationsCreateCommand())
    .addCommand(applicationsRotateSecretCommand())
    .addCommand(applicationsDisableCommand())
    .addCommand(applicationsEnableCommand());
}
