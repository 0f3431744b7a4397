import { setTimeout as delay } from 'node:timers/promises';
import type { LineLog } from '../db/line-log.ts';
import { SetupError } from '../db/setup-error.ts';
import type { DataDirectoryLock } from './data-directory-lock.ts';
import { type Postmaster, type PostmasterPlan, sendSignal, startPostmaster, stopPostmaster } from './postmaster.ts';
import { removeSocketDirectory } from './socket-directory.ts';

/** A server that is kept running. `failure` settles only when it could not be. */
export type Supervised = { readonly failure: Promise<SetupError>; currentProcessId(): number; stop(): Promise<void> };

const firstPauseMs = 100;
const longestPauseMs = 5_000;
const mostFailures = 6;
const shortLifeMs = 1_000;

/**
 * Starts the server, and starts it again when it dies. A start that fails, or a server that dies within a second, is a
 * failure; after 6 in a row it gives up, because then something is wrong that a person has to see.
 */
export async function supervise(plan: PostmasterPlan, lock: DataDirectoryLock, log: LineLog): Promise<Supervised> {
  const stopping = new AbortController();
  const failure = Promise.withResolvers<SetupError>();
  let current: Postmaster = await startPostmaster(plan, stopping.signal);
  // Covers process.exit and uncaught errors; only a kill -9 leaves an orphan, which the next start finds.
  const onExit = () => {
    if (!current.hasExited()) sendSignal(current.processId, 'SIGINT');
  };
  process.once('exit', onExit);

  const watching = keepRunning().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const reason =
      error instanceof SetupError
        ? error
        : new SetupError(`PostgreSQL could not be started again (${error}). Its log is ${plan.logFile}.`, { cause: error });
    log.error(reason.message);
    failure.resolve(reason);
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopOnce();
    return stopped;
  };
  return { failure: failure.promise, currentProcessId: () => current.processId, stop };

  async function keepRunning(): Promise<void> {
    let failures = 0;
    for (;;) {
      const since = Date.now();
      const ending = await current.exited;
      if (stopping.signal.aborted) return;
      failures = Date.now() - since < shortLifeMs ? failures + 1 : 0;
      if (failures >= mostFailures)
        throw new SetupError(`PostgreSQL dies again and again (${ending}). Its log is ${plan.logFile}.`);
      log.warn(`PostgreSQL ended unexpectedly (${ending}) and is started again.`);
      current = await startAgain(plan, failures, stopping.signal, log);
      // A stop that began meanwhile saw only the server that was gone.
      if (stopping.signal.aborted) return stopPostmaster(current);
      log.info(`PostgreSQL is running again (process ${current.processId}).`);
    }
  }

  async function stopOnce(): Promise<void> {
    stopping.abort();
    await stopPostmaster(current);
    await watching;
    process.off('exit', onExit);
    await removeSocketDirectory(plan.home, plan.socketDirectory);
    lock.release();
  }
}

/** Tries until the server runs, longer apart each time, and throws the last error after too many failures in a row. */
async function startAgain(plan: PostmasterPlan, earlierFailures: number, signal: AbortSignal, log: LineLog): Promise<Postmaster> {
  for (let failures = earlierFailures; ; failures += 1) {
    if (failures > 0) await delay(Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs), undefined, { signal });
    try {
      return await startPostmaster(plan, signal);
    } catch (error) {
      if (signal.aborted || failures + 1 >= mostFailures) throw error;
      log.warn(`${error instanceof Error ? error.message : error} It is tried again.`);
    }
  }
}
