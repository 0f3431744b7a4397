import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeEmbeddedPostgres } from '@openbranch/server/platform/postgres/embedded-postgres';
import { eventually } from './eventually.ts';
import { makeRunDirectory } from './run-directory.ts';
import type { Sandbox } from './test-app.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const lastLineOfStart = 'Stop with Ctrl-C.';
const longestStartMs = 60_000;

/** The programs that people start, as processes of their own. */
export const programs = {
  npmStart: join(root, 'scripts', 'start.mjs'),
  server: join(root, 'apps', 'server', 'src', 'main.ts'),
  command: join(root, 'packages', 'cli', 'bin', 'openbranch.mjs'),
} as const;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it has said so far. */
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<Ended>;
}

export type Settings = Readonly<Record<string, string>>;

/** Starts a program of Node's, or the shell `sh`, with nothing of this process's environment but the path; `detached` from the tester's terminal. */
export function startProgram(program: string, args: readonly string[], settings: Settings, cwd = '/'): RunningProcess {
  const { PATH = '', TMPDIR } = process.env;
  const env = { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...settings };
  const [command, words] = program === 'sh' ? [program, args] : [process.execPath, [program, ...args]];
  const child = spawn(command, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const ended = once(child, 'close').then(([code]): Ended => ({ code: typeof code === 'number' ? code : null, ...said }));
  return { child, stdout: () => said.stdout, stderr: () => said.stderr, ended };
}

/** Runs a program to its end. */
export function runProgram(program: string, args: readonly string[], settings: Settings, cwd?: string): Promise<Ended> {
  return startProgram(program, args, settings, cwd).ended;
}

/** Waits until a server, for the given time, said that it is ready. @throws Error with what it said when it ended instead. */
export async function untilReady(server: RunningProcess, times = 1): Promise<void> {
  const isReady = () => server.stdout().split(lastLineOfStart).length > times;
  const hasEnded = () => server.child.exitCode !== null || server.child.signalCode !== null;
  await eventually(() => isReady() || hasEnded(), { deadlineMs: longestStartMs });
  if (!isReady()) throw new Error(`The server ended: ${server.stdout()}${server.stderr()}`);
}

/** Tells a process to stop, with more and more force, and waits for its end. */
export async function endProcess({ child, ended }: RunningProcess): Promise<Ended> {
  child.kill('SIGTERM');
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 15_000);
  return ended.finally(() => clearTimeout(lastResort));
}

/** The path of a data directory that does not exist yet, in a folder that `remove` deletes with what runs there. */
export async function makeDataDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const run = await makeRunDirectory();
  const path = join(run.path, 'data');
  const remove = async () => {
    await removeEmbeddedPostgres(path).catch(() => undefined);
    await run.remove();
  };
  return { path, remove };
}

export async function readSandbox(dataDirectory: string): Promise<Sandbox> {
  return JSON.parse(await readFile(join(dataDirectory, 'sandbox.json'), 'utf8'));
}

/** The process that has a data directory: a server under the watch of `npm start`, for example. */
export async function serverProcessId(dataDirectory: string): Promise<number> {
  return Number(await readFile(join(dataDirectory, 'postgres.lock.pid'), 'utf8'));
}

/** A loopback port that nobody used a moment ago, for a server that must have the same one after each start. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}
