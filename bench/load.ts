import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Cores, onCores } from './cores.ts';
import { type PreparedRequest, toBytes } from './http-request.ts';

/** Sends prepared requests in turn over a number of connections, each waiting for its answer. */
export interface Load {
  /** Sends for that long, going on where it stopped the last time. @throws Error when a request fails. */
  run(seconds: number): Promise<LoadResult>;
  remove(): Promise<void>;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly failed: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface LoadPlan {
  readonly baseUrl: string;
  readonly requests: readonly PreparedRequest[];
  readonly connections: number;
  readonly cores: Cores;
}

const run = promisify(execFile);
const hasWrk = existsSync('/usr/bin/wrk');
export const loadGenerator = hasWrk ? 'wrk' : 'autocannon';

/** Writes the requests to a file, from which the load generator, a process of its own, reads them. */
export async function prepareLoad(plan: LoadPlan): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'openbranch-load-'));
  const file = join(folder, 'requests');
  await writeFile(file, hasWrk ? toReplayFile(plan) : JSON.stringify(plan.requests));
  let sent = 0;
  return {
    run: async (seconds) => {
      const { stdout } = await runOn(plan.cores, hasWrk ? wrk(plan, file, sent, seconds) : cannon(plan, file, sent, seconds));
      const result = parseResult(stdout);
      sent += result.requests;
      if (result.failed > 0) throw new Error(`${result.failed} of ${result.requests} requests to ${plan.baseUrl} failed.`);
      return result;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function toReplayFile({ requests, baseUrl }: LoadPlan): string {
  const { host } = new URL(baseUrl);
  return requests
    .map((request) => toBytes(request, host))
    .map((bytes) => `${bytes.length}\n${bytes}`)
    .join('');
}

function runOn(cores: Cores, command: readonly string[]) {
  const { file, args } = onCores(cores, command);
  return run(file, [...args]);
}

function wrk({ baseUrl, connections }: LoadPlan, file: string, startAt: number, seconds: number): string[] {
  const script = join(import.meta.dirname, 'replay.lua');
  const settings = ['--threads=1', `--connections=${connections}`, `--duration=${seconds}s`, '--timeout=10s', '--latency'];
  return ['wrk', ...settings, '--script', script, baseUrl, '--', file, String(startAt), randomBytes(4).toString('hex')];
}

function cannon({ baseUrl, connections }: LoadPlan, file: string, startAt: number, seconds: number): string[] {
  const script = join(import.meta.dirname, 'autocannon-load.ts');
  return [process.execPath, script, baseUrl, file, String(startAt), String(connections), String(seconds)];
}

function parseResult(output: string): LoadResult {
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`The load generator gave no result:\n${output}`);
  const result: LoadResult = JSON.parse(line);
  return result;
}
