import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { addOutputOptions, isTable, type OutputFlags } from '../print-answer.ts';
import { formatTable } from '../table.ts';

/** `openbranch applications list`: every registered application, never a secret. */
export function applicationsListCommand(): Command {
  return addOutputOptions(newCommand('list', 'List the registered applications')).action(async (flags: OutputFlags) => {
    const { listApplications } = await import('@openbranch/server/products/identity/index');
    const applications = await onServerData(({ sql }) => listApplications(sql, new Date()));
    if (!isTable(flags)) return console.log(JSON.stringify(applications, undefined, 2));
    const rows = applications.map((one) => [
      one.name,
      one.clientId,
      one.isEnabled ? 'enabled' : 'disabled',
      one.institutionIds.join(' '),
      one.edition,
      one.grants.join(' '),
      String(one.liveSecrets),
      one.lastUsedAt?.toISOString() ?? 'never',
    ]);
    console.log(formatTable(['name', 'client id', 'state', 'institutions', 'edition', 'grants', 'secrets', 'last used'], rows));
  });
}
