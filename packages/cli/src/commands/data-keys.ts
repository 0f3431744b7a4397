import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { dataKeysDestroyCommand } from './data-keys-destroy.ts';
import { dataKeysRotateCommand } from './data-keys-rotate.ts';
import { dataKeysStatusCommand } from './data-keys-status.ts';

/** `openbranch data-keys ...`: the keys that personal data is encrypted under. */
export function dataKeysCommand(): Command {
  return newCommand('data-keys', 'Rotate or destroy the keys of personal data')
    .addCommand(dataKeysStatusCommand())
    .addCommand(dataKeysRotateCommand())
    .addCommand(dataKeysDestroyCommand());
}
