import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { lstat, open, truncate } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from '../db/setup-error.ts';
import { type AccessFiles, programEnvironment, runAs } from './cluster.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresHome } from './postgres-home.ts';
import { disarmPostmasterFile, isAlive, isPostmasterOf, readPostmasterFile } from './postmaster-file.ts';

/** A PostgreSQL server that is our child. `exited` settles, with a word on how, when it is gone. */
export type Postmaster = { readonly processId: number; readonly exited: Promise<string>; hasExited(): boolean };

/** Everything that one start of the server needs. */
export type PostmasterPlan = {
  readonly home: PostgresHome;
  readonly binaries: PostgresBinaries;
  readonly access: AccessFiles;
  readonly socketDirectory: string;
  readonly logFile: string;
  readonly durable: boolean;
};

const longestLogBytes = 10 * 1024 * 1024;
const longestWaitForOthersMs = 20_000;
const longestRecoveryMs = 15 * 60_000;

/**
 * Starts the server and waits until it takes connections. After a `kill -9` its old children may hold the shared memory
 * for a moment longer, and PostgreSQL rightly refuses to start beside them; and a server whose parent was killed before
 * it had written its file may show up only now. Both are tried again for up to 20 s.
 */
export async function startPostmaster(plan: PostmasterPlan, signal: AbortSignal): Promise<Postmaster> {
  const deadline = Date.now() + longestWaitForOthersMs;
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 500)) {
    await disarmStaleFile(plan.home);
    const attempt = await attemptStart(plan, signal);
    if (attempt.postmaster !== undefined) return attempt.postmaster;
    const isHeldByOthers = /shared memory block .* is still in use|lock file .* already exists/.test(attempt.complaint);
    if (!isHeldByOthers || Date.now() > deadline) {
      throw new SetupError(`PostgreSQL did not start: ${attempt.complaint}. Its log is ${plan.logFile}.`);
    }
    await delay(waitMs, undefined, { signal });
    await stopOrphan(plan.home.cluster);
  }
}

type Attempt = { readonly postmaster: Postmaster } | { readonly postmaster?: undefined; readonly complaint: string };

async function attemptStart(plan: PostmasterPlan, signal: AbortSignal): Promise<Attempt> {
  const logStart = await boundLog(plan.logFile);
  const server = watchExit(await spawnServer(plan));
  if (server.processId === undefined) return { complaint: await server.exited };
  const postmaster = { processId: server.processId, exited: server.exited, hasExited: server.hasExited };
  const deadline = Date.now() + longestRecoveryMs;
  while (!server.hasExited() && Date.now() < deadline && !signal.aborted) {
    const file = await readPostmasterFile(plan.home.cluster);
    if (file?.processId === server.processId && file.isReady) return { postmaster };
    await delay(3);
  }
  if (server.hasExited()) return { complaint: (await lastComplaint(plan.logFile, logStart)) ?? (await server.exited) };
  await stopPostmaster(postmaster);
  return { complaint: signal.aborted ? 'it was stopped' : 'it was still recovering after 15 minutes' };
}

function watchExit(child: ChildProcess): { processId: number | undefined; exited: Promise<string>; hasExited: () => boolean } {
  let isOver = false;
  const exited = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`));
  });
  for (const event of ['error', 'exit']) {
    child.once(event, () => {
      isOver = true;
    });
  }
  // The server must not keep a process alive that has nothing else to do.
  child.unref();
  return { processId: child.pid, exited, hasExited: () => isOver };
}

async function spawnServer(plan: PostmasterPlan): Promise<ChildProcess> {
  // Root may write the log in a folder of another user, and follows no link that was put there.
  const log = await open(plan.logFile, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    // In a session of its own: a Ctrl-C in the terminal is for us, and we stop the server when our requests are done.
    return spawn(join(plan.binaries.directory, 'bin', 'postgres'), serverArguments(plan), {
      cwd: '/',
      env: programEnvironment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...runAs(plan.home.account),
    });
  } finally {
    await log.close();
  }
}

function serverArguments(plan: PostmasterPlan): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: `"${plan.socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    hba_file: plan.access.hbaFile,
    ident_file: plan.access.identFile,
    cluster_name: 'openbranch',
    max_connections: '100',
    shared_buffers: `${sharedBuffersMiB(usableMemory())}MB`,
    // The packages have pglz alone, whose processor time is more than that of all else in a transfer on a large bank.
    wal_compression: 'off',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    autovacuum: 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // A statement or the detail of an error may hold personal data, which belongs in no log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(plan.durable ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } : fastSettings),
  };
  return ['-D', plan.home.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** An eighth of the memory, 128 MiB at least and 2 GiB at most: the rest is for Node and the files of the database. */
export function sharedBuffersMiB(memoryBytes: number): number {
  return Math.min(2048, Math.max(128, Math.floor(memoryBytes / 8 / 1024 ** 2)));
}

/** Of the machine, or what a container may have of it. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const fastSettings = {
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '5min',
  io_method: 'sync',
};

async function disarmStaleFile(home: PostgresHome): Promise<void> {
  const file = await readPostmasterFile(home.cluster);
  if (file === undefined || !isAlive(file.processId) || (await isPostmasterOf(file.processId, home.cluster))) return;
  await disarmPostmasterFile(home.cluster, home.account);
}

/** Empties a log that has grown over 10 MiB, and answers where the next start's lines will begin. */
async function boundLog(logFile: string): Promise<number> {
  const found = await lstat(logFile).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size <= longestLogBytes) return found?.size ?? 0;
  await truncate(logFile);
  return 0;
}

async function lastComplaint(logFile: string, from: number): Promise<string | undefined> {
  const handle = await open(logFile);
  try {
    const bytes = Buffer.alloc(16 * 1024);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const lines = bytes.subarray(0, bytesRead).toString('utf8').split('\n');
    const complaint = lines.findLast((line) => /FATAL:|PANIC:/.test(line)) ?? lines.findLast((line) => line !== '');
    return complaint?.replace(/^.*?(FATAL|PANIC):\s*/, '').trim();
  } finally {
    await handle.close();
  }
}

/**
 * Stops the server that an earlier, killed Openbranch left behind. It is not kept running: it may have older programs
 * or settings, and sessions of the dead process may still hold locks. What it has committed is safe either way.
 * An orphan that nobody comes back for runs on until the machine stops; it listens on a private socket only.
 * @returns the process id of the orphan, or undefined when there was none.
 */
export async function stopOrphan(cluster: string): Promise<number | undefined> {
  const file = await readPostmasterFile(cluster);
  if (file === undefined || !(await isPostmasterOf(file.processId, cluster))) return undefined;
  const { processId } = file;
  await stopProcess(processId, async (waitMs) => {
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!(await isPostmasterOf(processId, cluster))) return true;
      await delay(5);
    }
    return false;
  });
  return processId;
}

/** Stops our own server: sessions are ended and everything is written; after deadlines less and less politely. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  // The number of a server that is gone may belong to another process already.
  if (postmaster.hasExited()) return;
  const gone = postmaster.exited.then(() => true);
  await stopProcess(postmaster.processId, async (waitMs) => {
    const abort = new AbortController();
    const tooLate = delay(waitMs, false, { signal: abort.signal }).catch(() => false);
    return Promise.race([gone, tooLate]).finally(() => abort.abort());
  });
}

async function stopProcess(processId: number, isGoneWithin: (waitMs: number) => Promise<boolean>): Promise<void> {
  // PostgreSQL's fast shutdown, its immediate shutdown (the next start recovers from the log), and the kernel's.
  const steps = [
    { signal: 'SIGINT', waitMs: 15_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ] as const;
  for (const { signal, waitMs } of steps) {
    sendSignal(processId, signal);
    if (await isGoneWithin(waitMs)) return;
  }
  throw new SetupError(`PostgreSQL (process ${processId}) could not be stopped: stop it by hand.`);
}

/** Sends a signal to a process that may be gone already. */
export function sendSignal(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw new SetupError(`PostgreSQL (process ${processId}) belongs to another user and could not be stopped.`, { cause: error });
  }
}
