import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = join(import.meta.dirname, 'on-node24.mjs');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openbranch-node24-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a program gets its arguments, and its exit code is handed on', async () => {
  const { output, code } = await ended(start(`console.log(process.argv.slice(2).join()); process.exitCode = 7;`, ['a', 'b c']));
  expect(output).toBe('a,b c\n');
  expect(code).toBe(7);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s reaches the program once, which ends in its own time', async (signal) => {
  const child = start(
    `let seen = 0; process.on('${signal}', () => { seen += 1; setTimeout(() => { console.log('seen', seen); process.exit(3); }, 200); });
     setInterval(() => {}, 1000); console.log('ready');`,
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill(signal);
  child.kill(signal);
  expect(await ended(child)).toEqual({ output: 'seen 1\n', code: 3 });
});

test('a program that a signal ended is told by 128 and its number', async () => {
  expect((await ended(start(`process.kill(process.pid, 'SIGKILL');`))).code).toBe(137);
});

function start(program: string, args: string[] = []): ChildProcessWithoutNullStreams {
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  // A session of its own, so that no terminal of the tester takes part.
  return spawn(process.execPath, [script, file, ...args], { detached: true });
}

function ended(child: ChildProcessWithoutNullStreams): Promise<{ output: string; code: number | null }> {
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ output, code })));
}
