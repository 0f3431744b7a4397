import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';

/** `openbranch data-keys rotate --institution 00042` */
export function dataKeysRotateCommand(): Command {
  const command = newCommand('rotate', 'Make a new data key for an institution').description(
    'Makes a new key for the personal data of an institution. Running servers know it within a second; what is under older keys they encrypt again in the background, and `openbranch data-keys status` shows how much is left.',
  );
  command.requiredOption('--institution <id>', 'the institution, five digits');
  return command.action(async ({ institution }: { readonly institution: string }) => {
    const { rotateDataKeyOf } = await import('@openbranch/server/platform/personal-data/data-key-commands');
    const keyNumber = await onServerData((platform) => rotateDataKeyOf(platform, institution));
    console.log(`Key ${keyNumber} encrypts the personal data of institution ${institution} from now on.`);
  });
}
