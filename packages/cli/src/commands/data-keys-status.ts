import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { formatTable } from '../table.ts';

/** `openbranch data-keys status [--institution 00042]` */
export function dataKeysStatusCommand(): Command {
  const command = newCommand('status', 'Show the data keys and how far re-encryption is');
  command.option('--institution <id>', 'only this institution');
  return command.action(async ({ institution }: { readonly institution?: string }) => {
    const { dataKeyStatusOf } = await import('@openbranch/server/platform/personal-data/data-key-commands');
    const all = await onServerData((platform) => dataKeyStatusOf(platform, institution));
    const rows = all.flatMap(({ institutionId, keys }) =>
      keys.map((key) => [
        institutionId,
        String(key.keyNumber),
        key.purpose,
        key.state,
        key.createdAt.toISOString(),
        key.values === undefined ? '' : String(key.values),
      ]),
    );
    console.log(formatTable(['institution', 'key', 'purpose', 'state', 'created', 'values'], rows));
    for (const { institutionId, keys } of all) {
      const left = keys.filter(({ state }) => state === 'retired').reduce((sum, { values = 0 }) => sum + values, 0);
      const done = keys.filter(({ state }) => state === 'current').reduce((sum, { values = 0 }) => sum + values, 0);
      if (left > 0) console.log(`Institution ${institutionId}: ${done} of ${done + left} values are under the new key.`);
    }
  });
}
