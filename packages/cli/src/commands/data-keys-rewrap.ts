import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { asOneLine, progressLog } from '../on-server-data.ts';
import { UsageError } from '../usage-error.ts';

const variable = 'OPENBRANCH_OLD_MASTER_KEY';

/** `openbranch data-keys rewrap`: after a change of the master key, with the server stopped. */
export function dataKeysRewrapCommand(): Command {
  const command = newCommand('rewrap', 'Wrap all data keys under a new master key').description(
    `Wraps the data keys, and the keys that sign tokens, under the master key of OPENBRANCH_MASTER_KEY. The old one comes from ${variable} or a file. Stop the servers first. Nothing else follows: passwords and application secrets are hashed under the master key, so a change of it means new ones.`,
  );
  command.option('--old-key-file <file>', `file with the old master key in base64 (default: ${variable})`);
  return command.action(async ({ oldKeyFile }: { readonly oldKeyFile?: string }) => {
    const old = oldKeyFile === undefined ? process.env[variable] : await readKeyFile(oldKeyFile);
    if (old === undefined || old.trim() === '') throw new UsageError(`set ${variable}, or name a file by --old-key-file`);
    if (process.env['OPENBRANCH_MASTER_KEY'] === undefined)
      throw new UsageError('set OPENBRANCH_MASTER_KEY to the new master key');
    const { readConfig } = await import('@openbranch/server/config');
    const { openKeyRing, withCommandPlatform } = await import('@openbranch/server/open-platform');
    const { rewrapAllDataKeys } = await import('@openbranch/server/platform/personal-data/data-key-commands');
    const count = await asOneLine(async () => {
      const next = await openKeyRing(readConfig(process.env));
      const environment = { ...process.env, OPENBRANCH_MASTER_KEY: old };
      return withCommandPlatform(environment, progressLog, ({ sql, keyRing }) => rewrapAllDataKeys(sql, keyRing, next));
    });
    console.log(`Wrapped ${count} data keys under the new master key.`);
  });
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
}
