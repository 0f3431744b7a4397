import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { asOneLine, progressLog } from '../on-server-data.ts';

/** `openbranch migrate`: brings the database up to this version of the server. */
export function migrateCommand(): Command {
  const command = newCommand('migrate', 'Bring the database up to this version').description(
    'Applies the migrations that the database lacks, and says which. The server does the same when it starts; several may do it at once.',
  );
  return command.action(async () => {
    const { migrateDatabase } = await import('@openbranch/server/open-platform');
    const applied = await asOneLine(() => migrateDatabase(process.env, progressLog));
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
  });
}
