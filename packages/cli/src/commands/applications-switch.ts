import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';

/** `openbranch applications disable`: no token any more, and those it has open nothing. */
export function applicationsDisableCommand(): Command {
  return switchCommand('disable', 'Switch an application and all of its tokens off', false);
}

/** `openbranch applications enable`: undoes `disable`. */
export function applicationsEnableCommand(): Command {
  return switchCommand('enable', 'Switch an application on again', true);
}

function switchCommand(name: string, summary: string, isEnabled: boolean): Command {
  return newCommand(name, summary)
    .argument('<client-id>', 'the application')
    .action(async (clientId: string) => {
      const { setApplicationEnabled } = await import('@openbranch/server/products/identity/index');
      const outcome = await onServerData(({ sql }) => setApplicationEnabled(sql, clientId, isEnabled));
      if (!outcome.ok) throw new CommandFailure(`There is no application ${clientId}: see openbranch applications list.`);
      console.log(`${outcome.value.name} is ${isEnabled ? 'enabled' : 'disabled'}.`);
    });
}
