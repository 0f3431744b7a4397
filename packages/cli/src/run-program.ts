import { OpenbranchError, OpenbranchNetworkError, OpenbranchUsageError } from '@openbranch/sdk';
import { CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import { CommandFailure } from './command-failure.ts';
import type { ServerCommand } from './server-command.ts';
import { toPrintable } from './to-printable.ts';
import { UsageError } from './usage-error.ts';

/** 0 is success. A bug is not caught: Node shows its stack. */
const exitCodes = { refused: 1, failed: 1, usage: 2, unreachable: 3 } as const;

/**
 * Runs one command line.
 *
 * @param args without the program's own name
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], serverCommands: readonly ServerCommand[]): Promise<number> {
  // The reader of a pipe may leave early (`| head`): that is no failure.
  process.stdout.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    // Alone, the command tells what there is.
    await buildProgram(serverCommands).parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has written its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof OpenbranchError) return fail(describeRefusal(error), exitCodes.refused);
    if (error instanceof OpenbranchNetworkError) return fail(`${error.message}${trace(error)}`, exitCodes.unreachable);
    if (error instanceof CommandFailure) return fail(error.message, exitCodes.failed);
    if (error instanceof UsageError || error instanceof OpenbranchUsageError) return fail(error.message, exitCodes.usage);
    throw error;
  }
}

function describeRefusal(error: OpenbranchError): string {
  const where = error.operationId === 'requestToken' || error.operationId === 'requestTokenV1' ? 'token call: ' : '';
  const later = error.retryAfterSeconds === undefined ? '' : `, try again in ${error.retryAfterSeconds} s`;
  return `${where}${error.status} ${error.code ?? 'without a code'}: ${error.message}${later}${trace(error)}`;
}

function trace({ traceId }: { readonly traceId: string | undefined }): string {
  return traceId === undefined ? '' : ` (trace ${traceId})`;
}

function fail(line: string, exitCode: number): number {
  console.error(`openbranch: ${toPrintable(line)}`);
  return exitCode;
}
