import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@openbranch/testkit/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';

const module = JSON.stringify(new URL('keep-running.mjs', import.meta.url).href);
const patience = { shortLifeMs: 200, failures: 3, deathsAMinute: 5, pauseMs: 20, longestPauseMs: 50 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openbranch-keep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const starts = () => readFileSync(join(folder, 'starts'), 'utf8').length;

test('a program that is killed is started again, and SIGTERM ends both for good', async () => {
  const watcher = watch(`
    process.on('SIGTERM', () => process.exit(0));
    if (run === 1) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 250);
    else console.log('second');
    process.send('ready');
    setInterval(() => {}, 1000);`);
  await eventually(() => watcher.stdout().includes('second'));
  watcher.child.kill('SIGTERM');
  expect(await watcher.ended).toEqual({
    code: 0,
    stdout: 'second\n',
    stderr: 'The server ended unexpectedly (SIGKILL) and is started again.\n',
  });
  expect(starts()).toBe(2);
});

test('a first start that fails is not repeated', async () => {
  expect(await watch(`console.error('PORT is wrong.'); process.exit(1);`).ended).toEqual({
    code: 1,
    stdout: '',
    stderr: 'PORT is wrong.\n',
  });
  expect(starts()).toBe(1);
});

test('a program that ends by itself is not started again', async () => {
  expect(await watch(`process.send('ready'); process.disconnect();`).ended).toMatchObject({ code: 0, stderr: '' });
  expect(starts()).toBe(1);
});

test('a program that dies again and again is given up, with its exit code', async () => {
  const { code, stderr } = await watch(`process.send('ready', () => process.exit(7));`).ended;
  expect(code).toBe(7);
  expect(stderr.split('\n').at(-2)).toBe('The server dies again and again (exit code 7): it is not started any more.');
  expect(starts()).toBe(patience.failures);
});

test('a later start that fails is repeated, since the reason may pass', async () => {
  const watcher = watch(`
    if (run === 2) process.exit(1);
    process.send('ready');
    if (run === 1) setTimeout(() => process.exit(1), 250);
    else process.disconnect();`);
  expect(await watcher.ended).toMatchObject({ code: 0 });
  expect(starts()).toBe(3);
});

test('SIGTERM between two runs ends the watch', async () => {
  const slow = { ...patience, failures: 9, pauseMs: 10_000, longestPauseMs: 10_000 };
  const watcher = watch(`process.send('ready', () => process.kill(process.pid, 'SIGKILL'));`, slow);
  await eventually(() => watcher.stderr().includes('is started again'));
  watcher.child.kill('SIGTERM');
  expect(await watcher.ended).toMatchObject({ code: 137 });
  expect(starts()).toBe(1);
});

test('a program whose watcher is killed notices it', async () => {
  const watcher = watch(`
    process.once('disconnect', () => { console.log('alone'); process.exit(0); });
    process.send('ready'); console.log('here'); setInterval(() => {}, 1000);`);
  await eventually(() => watcher.stdout().includes('here'));
  watcher.child.kill('SIGKILL');
  expect((await watcher.ended).stdout).toBe('here\nalone\n');
});

/** Watches over a program that notes each of its starts; `run` is their number. */
function watch(program: string, limits = patience) {
  const [file, notes] = [join(folder, 'program.mjs'), JSON.stringify(join(folder, 'starts'))];
  const note = `import { appendFileSync, readFileSync } from 'node:fs'; appendFileSync(${notes}, 's'); const run = readFileSync(${notes}).length;`;
  writeFileSync(file, `${note}\n${program}`);
  const watcher = `import { keepRunning } from ${module}; process.exitCode = await keepRunning(${JSON.stringify(file)}, [], ${JSON.stringify(limits)});`;
  // A session of its own, so that no terminal of the tester takes part.
  const child = spawn(process.execPath, ['--input-type=module', '--eval', watcher], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return { child, ended, stdout: () => said.stdout, stderr: () => said.stderr };
}
