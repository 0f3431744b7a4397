import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { UsageError } from '../usage-error.ts';

/** `openbranch data-keys destroy --institution 00042 --yes` */
export function dataKeysDestroyCommand(): Command {
  const command = newCommand('destroy', 'Make the personal data of an institution unreadable for ever').description(
    'Destroys every data key of an institution. Nobody can read its personal data again, in the database or in copies of it, unless a copy of the table data_keys from before is kept. Other data stay.',
  );
  command.requiredOption('--institution <id>', 'the institution, five digits').option('--yes', 'really do it');
  return command.action(async ({ institution, yes }: { readonly institution: string; readonly yes?: boolean }) => {
    if (yes !== true) {
      throw new UsageError(
        `the personal data of institution ${institution} would be lost for ever: repeat the command with --yes`,
      );
    }
    const { destroyDataKeysOf } = await import('@openbranch/server/platform/personal-data/data-key-commands');
    const count = await onServerData((platform) => destroyDataKeysOf(platform, institution));
    console.log(`Destroyed ${count} keys: the personal data of institution ${institution} cannot be read any more.`);
  });
}
