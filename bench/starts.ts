import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { BenchOptions } from './bench-options.ts';
import { median } from './figures.ts';
import { freePort } from './free-port.ts';
import { renderTable } from './render-table.ts';

const root = join(import.meta.dirname, '..');
const goalSeconds = { cold: 3, warm: 2 } as const;
const longestStartMs = 30_000;

/** Times of one start, and what it takes when nobody uses it. */
interface Start {
  readonly readySeconds: number;
  readonly tokenSeconds: number;
  readonly memoryMiB: number;
}

/** (d) `npm start` of the installed tree until the first answers, with a new data directory and with the same again. */
export async function benchStarts({ rounds }: BenchOptions): Promise<string> {
  const cold: Start[] = [];
  const warm: Start[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'openbranch-start-'));
    try {
      // As root the database server is another user, who must be let through.
      await chmod(folder, 0o711);
      const dataDirectory = join(folder, 'data');
      for (const [name, starts] of [
        ['cold', cold],
        ['warm', warm],
      ] as const) {
        const start = await measureStart(dataDirectory);
        starts.push(start);
        console.log(
          `  round ${round} of ${rounds}: ${name}: ready after ${start.readySeconds.toFixed(2)} s, token after ${start.tokenSeconds.toFixed(2)} s`,
        );
      }
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  return renderStarts({ cold, warm });
}

async function measureStart(dataDirectory: string): Promise<Start> {
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, PORT: new URL(baseUrl).port, OPENBRANCH_DATA_DIR: dataDirectory };
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  // A process group of its own, so that npm, its shell and the server get the signal as from a terminal.
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    await untilReady(`${baseUrl}/health/ready`);
    const readySeconds = seconds();
    await fetchToken(baseUrl, join(dataDirectory, 'sandbox.json'));
    return { readySeconds, tokenSeconds: seconds(), memoryMiB: await largestOfGroup(child.pid ?? 0) };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + longestStartMs;
  while (Date.now() < deadline) {
    const isReady = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    if (isReady) return;
    await wait(5);
  }
  throw new Error(`npm start did not answer at ${url} within ${longestStartMs / 1000} s.`);
}

interface SandboxFile {
  readonly institutions: readonly {
    readonly institutionId: string;
    readonly applications: readonly { readonly clientId: string; readonly clientSecret: string }[];
  }[];
}

/** What a developer does first. The server answers a moment before the file with its credentials is written. */
async function fetchToken(baseUrl: string, file: string): Promise<void> {
  const sandbox: SandboxFile = JSON.parse(await readWhenThere(file));
  const [institution] = sandbox.institutions;
  const [application] = institution?.applications ?? [];
  if (institution === undefined || application === undefined) throw new Error(`${file} names no application.`);
  const { clientId, clientSecret } = application;
  const response = await fetch(`${baseUrl}/oauth2/v1/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      transactionId: crypto.randomUUID(),
      institutionId: institution.institutionId,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (response.status !== 200) throw new Error(`The first token call answers ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function readWhenThere(file: string): Promise<string> {
  const deadline = Date.now() + longestStartMs;
  for (;;) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
      return undefined;
    });
    if (text !== undefined) return text;
    await wait(5);
  }
}

/** Resident memory of the server: the largest of a process group that else has npm, its shell and the start script. */
async function largestOfGroup(group: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-e', '-o', 'pgid=,rss=']);
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/).map(Number));
  return Math.max(0, ...rows.map(([pgid, kiB]) => (pgid === group ? (kiB ?? 0) / 1024 : 0)));
}

function renderStarts(starts: Readonly<Record<keyof typeof goalSeconds, readonly Start[]>>): string {
  const names = ['cold', 'warm'] as const;
  const spread = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(', ');
  const table = renderTable(
    [
      'data directory',
      'first 200 of /health/ready, s: median',
      'round by round',
      'first token, s: median',
      'memory of the server, MiB',
    ],
    names.map((name) => [
      `${name === 'cold' ? 'new' : 'used before'}`,
      median(starts[name].map(({ readySeconds }) => readySeconds)).toFixed(2),
      spread(starts[name].map(({ readySeconds }) => readySeconds)),
      median(starts[name].map(({ tokenSeconds }) => tokenSeconds)).toFixed(2),
      median(starts[name].map(({ memoryMiB }) => memoryMiB)).toFixed(0),
    ]),
  );
  const verdicts = names.map((name) => {
    const seconds = median(starts[name].map(({ tokenSeconds }) => tokenSeconds));
    const verdict = seconds <= goalSeconds[name] ? 'met' : 'MISSED';
    return `Goal of ${goalSeconds[name]} s until the first token, ${name}: ${verdict}, ${seconds.toFixed(2)} s.`;
  });
  return [table, '', ...verdicts].join('\n');
}
