import { constants } from 'node:os';
import type { CommandPlatform } from '@openbranch/server/open-platform';
import { CommandFailure } from './command-failure.ts';

/** What a command of the server's own data says while it works; answers alone go to standard output. */
export const progressLog = {
  info: (line: string) => console.error(line),
  warn: (line: string) => console.error(line),
  error: (line: string) => console.error(line),
};

/**
 * Runs a command on the database that the environment names, or that of the data directory, beside a running server or without.
 *
 * @throws {CommandFailure} one line for a person
 */
export async function onServerData<Value>(work: (platform: CommandPlatform) => Promise<Value>): Promise<Value> {
  const { withCommandPlatform } = await import('@openbranch/server/open-platform');
  return asOneLine(() => withCommandPlatform(process.env, progressLog, work));
}

/** Turns the errors that a person can do something about into a line; others are bugs and keep their stack. */
export async function asOneLine<Value>(work: () => Promise<Value>): Promise<Value> {
  const { SetupError } = await import('@openbranch/server/platform/db/setup-error');
  endDatabaseWithUs();
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetupError) throw new CommandFailure(error.message);
    const reason = databaseReason(error);
    if (reason === undefined) throw error;
    throw new CommandFailure(`The database gave up (${reason}): look whether it was done, and run the command again.`);
  }
}

/** A command that a signal ends takes a database that it has started with it, as any other end does. */
function endDatabaseWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** postgres.js: a lost connection has one of its own codes, a refusal of the server its five letters. */
function databaseReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const isLost = /^(CONNECTION_|CONNECT_TIMEOUT$|ECONN|EPIPE$|ENOENT$)/u.test(error.code);
  const isOfServer = error.name === 'PostgresError' && /^(08|25P03|40|53|55P03|57)/u.test(error.code);
  return isLost || isOfServer ? error.message : undefined;
}
