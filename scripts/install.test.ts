import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const install = join(import.meta.dirname, 'install.mjs');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openbranch-install-'));
  write('package.json', { name: 'tree', workspaces: ['packages/*'], dependencies: { one: '1.0.0' } });
  write('package-lock.json', {
    packages: { '': { dependencies: { one: '1.0.0' } }, 'node_modules/one': { version: '1.0.0' }, 'packages/part': {} },
  });
  write('packages/part/package.json', { name: 'part' });
  // It stands for npm: it writes down that it ran, and installs the one package that the lock file names.
  writeFileSync(
    join(root, 'npm-cli.js'),
    `const fs = require('node:fs');
     fs.appendFileSync('runs', process.argv[2] + '\\n');
     if (fs.existsSync('npm-says')) { console.error(fs.readFileSync('npm-says', 'utf8')); process.exit(1); }
     fs.rmSync('node_modules', { recursive: true, force: true });
     setTimeout(() => {
       fs.mkdirSync('node_modules/one', { recursive: true });
       fs.writeFileSync('node_modules/.package-lock.json', '{"packages":{"node_modules/one":{"version":"1.0.0"}}}');
     }, 300);`,
  );
});

afterEach(() => rmSync(root, { recursive: true }));

test('what is installed is not installed again until the lock file or a dependency changes', async () => {
  const first = await ensureInstalled();
  expect(first).toContain('Installing packages with npm ci');
  expect(await ensureInstalled()).toBe('');
  write('packages/part/package.json', { name: 'part', scripts: { start: 'changed' } });
  expect(await ensureInstalled()).toBe('');
  write('package-lock.json', {
    packages: { '': { dependencies: { one: '1.0.0' } }, 'node_modules/one': { version: '1.0.1' }, 'packages/part': {} },
  });
  expect(await ensureInstalled()).toContain('package-lock.json or a package.json changed');
  expect(runs()).toEqual(['ci', 'ci']);
});

test('an installation made by hand is taken as it is', async () => {
  mkdirSync(join(root, 'node_modules'));
  write('node_modules/.package-lock.json', { packages: { 'node_modules/one': { version: '1.0.0' } } });
  expect(await ensureInstalled()).toBe('');
  expect(runs()).toEqual([]);
});

test('of several processes that start at once, one installs and the others wait for it', async () => {
  await Promise.all([ensureInstalled(), ensureInstalled(), ensureInstalled()]);
  expect(runs()).toEqual(['ci']);
  expect(existsSync(join(root, '.install.lock'))).toBe(false);
});

test('the lock of a process that was killed is taken over', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.once('close', resolve));
  writeFileSync(join(root, '.install.lock'), JSON.stringify([dead.pid]));
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(join(root, '.install.lock'), longAgo, longAgo);
  expect(await ensureInstalled()).toContain('waiting');
  expect(runs()).toEqual(['ci']);
});

test('a failure is one line that says what to do, and the next start tries again', async () => {
  writeFileSync(join(root, 'npm-says'), 'npm error code ENOTFOUND\nnpm error request to a registry failed');
  await expect(ensureInstalled()).rejects.toThrow(/could not be installed. The package registry cannot be reached/);
  rmSync(join(root, 'npm-says'));
  await ensureInstalled();
  expect(runs()).toEqual(['ci', 'ci']);
});

test('a lock file that does not fit package.json is refused', async () => {
  write('packages/part/package.json', { name: 'part', dependencies: { two: '2.0.0' } });
  writeFileSync(join(root, 'npm-says'), 'npm error code EUSAGE\nnpm error not in sync');
  await expect(ensureInstalled()).rejects.toThrow(/package.json and package-lock.json disagree. Run npm install/);
  expect(runs()).toEqual(['ci']);
});

function write(file: string, content: unknown): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(content));
}

function runs(): string[] {
  const file = join(root, 'runs');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Runs it in a process of its own, and answers what a person sees. */
async function ensureInstalled(): Promise<string> {
  const script = `import { ensureInstalled } from ${JSON.stringify(install)}; await ensureInstalled(${JSON.stringify(root)});`;
  const env = { ...process.env, npm_execpath: join(root, 'npm-cli.js') };
  const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  return stderr;
}
