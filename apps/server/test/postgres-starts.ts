import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { makeRunDirectory } from '@openbranch/testkit/run-directory';
import { afterEach } from 'vitest';
import { openDatabase } from '../src/platform/db/database.ts';
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../src/platform/postgres/embedded-postgres.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs something after the test, the latest first. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A folder, deleted after the test, that every user can walk through. */
export async function temporaryDirectory(): Promise<string> {
  const run = await makeRunDirectory();
  afterTest(() => run.remove());
  return run.path;
}

/** The path of a data directory that does not exist yet; what a test leaves there is stopped and deleted. */
export async function newDataDirectory(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'data');
  afterTest(() => removeEmbeddedPostgres(directory).catch(() => undefined));
  return directory;
}

export type StartOptions = { readonly lines?: string[]; readonly durable?: boolean };

/** Starts a server in this process; it is stopped after the test. `lines` gets what it logs. */
export async function start(
  dataDirectory: string,
  { lines = [], durable = false }: StartOptions = {},
): Promise<EmbeddedPostgres> {
  const keep = (line: string) => lines.push(line);
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: { info: keep, warn: keep, error: keep }, durable });
  afterTest(() => postgres.stop());
  return postgres;
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<unknown[]> {
  const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'test' });
  return [...(await sql.unsafe(text).finally(close))];
}

/** What the process of `startProcess` said: the server that it started, or why it could not. */
export type Said = { url: string; serverProcessId: number; error?: string; lines: string[] };

export type StartedProcess = { readonly child: ChildProcessByStdio<null, Readable, null>; readonly said: Said };

export const processScript = join(import.meta.dirname, 'postgres-process.ts');

/** Starts a server in a process of its own, killed after the test. */
export async function startProcess(
  dataDirectory: string,
  then = 'wait',
  account: { uid?: number; gid?: number } = {},
): Promise<StartedProcess> {
  const options = { cwd: '/', ...account };
  const child = spawn(process.execPath, [processScript, dataDirectory, then], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterTest(() => kill(child));
  const [line] = await once(createInterface(child.stdout), 'line');
  const said: Said = JSON.parse(line);
  return { child, said };
}

/** Kills a child and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The permission bits of a file, octal. */
export async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
