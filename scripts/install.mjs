// Installs the packages that the lock file names, when they are not there yet. It needs nothing but Node 18 and npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root as repository } from './find-node24.mjs';
import { withInstallLock } from './install-lock.mjs';
import { showProgress } from './show-progress.mjs';

/** Fields of a package.json that decide what is installed; a changed script is no reason to install again. */
const decisive = /** @type {const} */ ([
  'name',
  'bin',
  'workspaces',
  'overrides',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]);

/** @typedef {Partial<Record<typeof decisive[number], unknown>>} Manifest */
/** @typedef {string | string[]} Platforms */
/** @typedef {{ version?: string, optional?: boolean, os?: Platforms, cpu?: Platforms, libc?: Platforms } & Manifest} LockEntry */

/**
 * Makes sure that node_modules holds what package-lock.json says. Says what it does; says nothing when all is there.
 * Several processes may call it at once on one tree: one installs, the others wait.
 *
 * @param {string} [root] the folder of package.json
 * @returns {Promise<void>}
 * @throws {Error} with one line that says what to do
 */
export async function ensureInstalled(root = repository) {
  const wanted = fingerprint(root);
  if (stampOf(root) === wanted) return;
  await withInstallLock(root, async (tellPid) => {
    if (stampOf(root) === wanted) return;
    if (!wasInstalledByHand(root)) await install(root, tellPid);
    writeFileSync(stampFile(root), `${wanted}\n`);
  });
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.openbranch-installed');

/** @param {string} root */
function stampOf(root) {
  try {
    return readFileSync(stampFile(root), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * A hash of everything that decides what is installed.
 *
 * @param {string} root
 */
function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  hash.update(readFileSync(join(root, 'package-lock.json')));
  for (const [folder, manifest] of manifests(root))
    hash.update(JSON.stringify([folder, decisive.map((field) => manifest[field])]));
  return hash.digest('hex');
}

/**
 * The root's package.json and those of the workspaces, by their folder ('' for the root).
 *
 * @param {string} root
 * @returns {[string, Manifest][]}
 */
function manifests(root) {
  /** @param {string} folder @returns {Manifest} */
  const read = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const own = read('');
  const patterns = Array.isArray(own.workspaces) ? own.workspaces : [];
  const folders = patterns.flatMap((pattern) => {
    const parent = String(pattern).replace(/\/\*$/, '');
    return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [];
  });
  const workspaces = folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).sort();
  return [['', own], ...workspaces.map((folder) => /** @type {[string, Manifest]} */ ([folder, read(folder)]))];
}

/**
 * Whether someone ran `npm install` or `npm ci` here and node_modules fits the lock file, so that nothing is left to do.
 *
 * @param {string} root
 */
function wasInstalledByHand(root) {
  try {
    const present = packagesOf(root, 'node_modules/.package-lock.json');
    const fits = Object.entries(packagesOf(root, 'package-lock.json')).every(([path, entry]) =>
      isPresent(path, entry, present[path]),
    );
    return fits && agreesWithManifests(root);
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Record<string, LockEntry>}
 */
const packagesOf = (root, file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {};

/**
 * Whether the lock file was written for the package.json files as they are now.
 *
 * @param {string} root
 */
function agreesWithManifests(root) {
  const locked = packagesOf(root, 'package-lock.json');
  return manifests(root).every(([folder, manifest]) => agreesWithLock(manifest, locked[folder]));
}

/** @param {string} path @param {LockEntry} wanted @param {LockEntry | undefined} present */
function isPresent(path, wanted, present) {
  if (!path.includes('node_modules/')) return true;
  if (present !== undefined) return present.version === wanted.version;
  const isForThisMachine = [wanted.os].flat().includes(process.platform) && [wanted.cpu].flat().includes(process.arch);
  return wanted.optional === true && !(isForThisMachine && wanted.libc === undefined);
}

/** @param {Manifest} manifest @param {LockEntry | undefined} locked */
function agreesWithLock(manifest, locked) {
  /** @param {unknown} field */
  const sorted = (field) => JSON.stringify(Object.entries(field ?? {}).sort());
  return (
    locked !== undefined &&
    sorted(manifest.dependencies) === sorted(locked.dependencies) &&
    sorted(manifest.devDependencies) === sorted(locked.devDependencies) &&
    sorted(manifest.optionalDependencies) === sorted(locked.optionalDependencies)
  );
}

/**
 * Runs `npm ci` and shows that it is busy.
 *
 * @param {string} root
 * @param {(pid: number) => void} tellPid
 */
async function install(root, tellPid) {
  const isFirst = !existsSync(join(root, 'node_modules'));
  rmSync(stampFile(root), { force: true });
  const progress = showProgress(
    `Installing packages with npm ci, because ${isFirst ? 'this is the first run here' : 'package-lock.json or a package.json changed'}`,
    () => `${countPackages(root)} packages in place`,
  );
  let result = await runNpm(root, ['ci', ...quiet], tellPid);
  // npm 11 refuses a lock file that was written where the registry lacked an optional package for some other platform. What the
  // lock file does say is all that is needed here, and `npm install --no-save` follows it and leaves it as it is.
  if (isRefusal.test(result.output) && agreesWithManifests(root))
    result = await runNpm(root, ['install', '--no-save', ...quiet], tellPid);
  progress.stop();
  if (result.code !== 0) throw new Error(explain(result.output));
  console.error(`Installed ${countPackages(root)} packages in ${progress.seconds()} s.`);
}

const isRefusal = /code EUSAGE[\s\S]*sync/;

const quiet = [
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--loglevel=error',
];

/**
 * @param {string} root
 * @param {string[]} args
 * @param {(pid: number) => void} tellPid
 * @returns {Promise<{ code: number, output: string }>}
 */
function runNpm(root, args, tellPid) {
  const running = process.env['npm_execpath'] ?? '';
  // Under npm, the very same npm is used; else the one on the path.
  const [command, first] = basename(running) === 'npm-cli.js' ? [process.execPath, [running]] : ['npm', []];
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) tellPid(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const stopWatching = endTogether(child);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: `npm error could not be started: ${error.message}` }));
    child.once('close', (code) => {
      stopWatching();
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * When this process is told to end, npm ends first: half an installation with nobody at its lock would be a trap.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endTogether(child) {
  const watched = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    child.kill(signal);
    child.once('close', () => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of watched) process.once(signal, end);
  return () => {
    for (const signal of watched) process.off(signal, end);
  };
}

/** @param {string} root */
function countPackages(root) {
  const folder = join(root, 'node_modules');
  /** @param {string} path */
  const list = (path) => (existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.')) : []);
  return list(folder).reduce((sum, name) => sum + (name.startsWith('@') ? list(join(folder, name)).length : 1), 0);
}

/**
 * One line for a person from npm's many.
 *
 * @param {string} output
 */
function explain(output) {
  /** @type {[RegExp, string][]} */
  const known = [
    [/could not be started/, 'npm was not found. Install npm 10 or newer and try again.'],
    [
      /code EUSAGE[\s\S]*sync/,
      'package.json and package-lock.json disagree. Run npm install, look at the change of package-lock.json, and try again.',
    ],
    [
      /code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)/,
      'The package registry cannot be reached. Check the network, the proxy, and npm config get registry.',
    ],
    [/code (EACCES|EPERM|EROFS)/, 'The folder node_modules cannot be written. Check who owns it.'],
    [/code ENOSPC/, 'The disk is full.'],
  ];
  const log = join(mkdtempSync(join(tmpdir(), 'openbranch-install-')), 'npm.log');
  writeFileSync(log, output);
  const first = /npm error (?!code )(.*)/.exec(output)?.[1] ?? 'npm ci failed.';
  const reason = known.find(([pattern]) => pattern.test(output))?.[1] ?? first;
  return `Packages could not be installed. ${reason} npm's own words: ${log}`;
}
