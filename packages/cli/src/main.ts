import { dataKeysCommand } from './commands/data-keys.ts';
import { runProgram } from './run-program.ts';
import type { ServerCommand } from './server-command.ts';

/**
 * Commands that work on the server's own data and not over the API, one file each in `commands/`. A file imports the server
 * inside its action, so that the other commands start without it.
 */
const serverCommands: readonly ServerCommand[] = [dataKeysCommand];

process.exitCode = await runProgram(process.argv.slice(2), serverCommands);
