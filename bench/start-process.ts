import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cores, onCores } from './cores.ts';

/** A process of a benchmark. */
export interface RunningProcess {
  readonly processId: number;
  /** Resident memory, MiB. */
  residentMiB(): Promise<number>;
  /** Processor time that all its threads have had so far, microseconds. */
  processorTimeUs(): Promise<number>;
  /** Asks it to end and waits for that. */
  stop(): Promise<void>;
}

export interface ProcessPlan {
  readonly cores: Cores;
  /** Options of Node, the file, its arguments. */
  readonly node: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it answers once it is ready. */
  readonly readyUrl: string;
}

const longestStartMs = 60_000;

/** Starts a server as a process of its own, and waits until it answers. What it says is shown only when it fails. */
export async function startProcess(plan: ProcessPlan): Promise<RunningProcess> {
  const { file, args } = onCores(plan.cores, [process.execPath, ...plan.node]);
  const env = { ...process.env, NODE_ENV: 'production', ...plan.env };
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await untilReady(child, plan.readyUrl);
  } catch (error) {
    await stop();
    throw new Error(`${plan.node.join(' ')} did not start:\n${said}`, { cause: error });
  }
  const processId = child.pid ?? 0;
  return {
    processId,
    residentMiB: () => residentMiB(processId),
    processorTimeUs: () => processorTimeUs(processId),
    stop,
  };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + longestStartMs;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await answers(url)) return;
    await wait(20);
  }
  throw new Error(child.exitCode === null ? 'It does not answer.' : `It ended with code ${child.exitCode}.`);
}

/** Whether something answers there, whatever the status below 500. */
async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status < 500;
    },
    () => false,
  );
}

/** Resident memory of a process, MiB (proc(5), VmRSS); NaN where there is no /proc. */
async function residentMiB(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Nanoseconds on a processor are the first number of each thread's schedstat; NaN where there is no /proc. */
async function processorTimeUs(processId: number): Promise<number> {
  const tasks = `/proc/${processId}/task`;
  const threads = await readdir(tasks).catch(() => []);
  const texts = await Promise.all(threads.map((thread) => readFile(`${tasks}/${thread}/schedstat`, 'utf8').catch(() => '0')));
  return texts.length === 0 ? Number.NaN : texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1000, 0);
}
