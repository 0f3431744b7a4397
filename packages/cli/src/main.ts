import { applicationsCommand } from './commands/applications.ts';
import { auditCommand } from './commands/audit.ts';
import { dataKeysCommand } from './commands/data-keys.ts';
import { institutionsCommand } from './commands/institutions.ts';
import { keysCommand } from './commands/keys.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { migrateCommand } from './commands/migrate.ts';
import { serveCommand } from './commands/serve.ts';
import { runProgram } from './run-program.ts';
import type { ServerCommand } from './server-command.ts';

/**
 * Commands that work on the server's own data and not over the API, one file each in `commands/`. A file imports the server
 * inside its action, so that the other commands start without it.
 */
const serverCommands: readonly ServerCommand[] = [
  serveCommand,
  migrateCommand,
  auditCommand,
  ledgerCommand,
  keysCommand,
  dataKeysCommand,
  applicationsCommand,
  institutionsCommand,
];

process.exitCode = await runProgram(process.argv.slice(2), serverCommands);
