import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';

/** `openbranch keys ...`: the keys that sign access tokens. */
export function keysCommand(): Command {
  return newCommand('keys', 'Rotate the signing keys').addCommand(rotateCommand());
}

function rotateCommand(): Command {
  const command = newCommand('rotate', 'Make a new key for signing tokens').description(
    'Makes a new key for signing access tokens. Running servers know it within a second and sign with it a few seconds later; tokens that live stay valid.',
  );
  return command.action(async () => {
    const { rotateSigningKeys } = await import('@openbranch/server/products/identity/index');
    const { keyId, activatesAt, retiring } = await onServerData(rotateSigningKeys);
    console.log(`New key ${keyId}: signs from ${activatesAt.toISOString()}.`);
    for (const old of retiring) console.log(`Old key ${old.keyId}: verifies until ${old.retiresAt.toISOString()}.`);
  });
}
