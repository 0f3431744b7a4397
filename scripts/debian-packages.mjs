import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { showProgress } from './show-progress.mjs';

/**
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} purpose what cannot be done without it
 * @property {() => boolean} isThere whether this machine has what the package brings, from wherever
 */

/** @type {DebianPackage} */
export const chromium = {
  name: 'chromium',
  purpose: 'tests of pages',
  isThere: () => ['chromium', 'chromium-browser', 'google-chrome'].some((name) => existsSync(`/usr/bin/${name}`)),
};

/** @type {DebianPackage} */
export const postgresql = {
  name: 'postgresql-15',
  purpose: 'tests against a second PostgreSQL and benchmarks with pgbench',
  isThere: () => {
    const folder = '/usr/lib/postgresql';
    const versions = existsSync(folder) ? readdirSync(folder) : [];
    return versions.some((version) => Number(version) >= 15 && existsSync(`${folder}/${version}/bin/postgres`));
  },
};

/**
 * Programs that read what `openbranch ledger export` writes.
 *
 * @type {DebianPackage[]}
 */
export const ledgerReaders = [
  { name: 'hledger', purpose: 'tests of the export for hledger', isThere: () => existsSync('/usr/bin/hledger') },
  { name: 'ofx', purpose: 'tests of the OFX export', isThere: () => existsSync('/usr/bin/ofxdump') },
  { name: 'libxml2-utils', purpose: 'tests of the camt.053 export', isThere: () => existsSync('/usr/bin/xmllint') },
];

/** @type {DebianPackage} */
export const pdfReader = {
  name: 'poppler-utils',
  purpose: 'tests of the text of statements',
  isThere: () => existsSync('/usr/bin/pdftotext'),
};

/** @type {DebianPackage} */
export const wrk = { name: 'wrk', purpose: 'benchmarks with wrk', isThere: () => existsSync('/usr/bin/wrk') };

/**
 * Installs the packages that are missing, as root on Debian; elsewhere says what will be left out and how to mend it.
 * A failure is said and is no error: what needs the package says for itself that it was skipped.
 *
 * @param {DebianPackage[]} packages
 * @param {{ mayInstall?: boolean }} [options]
 * @returns {Promise<void>}
 */
export async function ensureDebianPackages(packages, { mayInstall = true } = {}) {
  const missing = packages.filter((wanted) => !wanted.isThere());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' ');
  const skipped = `skipped: ${missing.map(({ purpose }) => purpose).join(', ')}`;
  if (!isDebian()) {
    console.log(`Without ${names}, which are installed by themselves on Debian only, these are ${skipped}.`);
  } else if (process.getuid?.() !== 0) {
    console.log(`Only root can install ${names}, so these are ${skipped}. To have them: sudo apt-get install ${names}`);
  } else if (!mayInstall) {
    console.log(`Without ${names}, which a full npm test installs, these are ${skipped}.`);
  } else if (await install(missing.map(({ name }) => name))) {
    console.log(`Installed ${names}.`);
  } else {
    console.log(`apt-get could not install ${names}, so these are ${skipped}. To see why: apt-get install ${names}`);
  }
}

function isDebian() {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * @param {string[]} names
 * @returns {Promise<boolean>}
 */
async function install(names) {
  const progress = showProgress(`Installing Debian packages with apt-get: ${names.join(' ')}`);
  try {
    if (!(await apt(['update', '-q']))) return false;
    const known = names.map((name) => (name === postgresql.name && !isKnown(name) ? 'postgresql' : name));
    if (!known.some((name) => name.startsWith('postgresql'))) return await apt([...installing, ...known]);
    if (!(await apt([...installing, 'postgresql-common']))) return false;
    return await withoutCluster(() => apt([...installing, ...known]));
  } finally {
    progress.stop();
  }
}

const installing = ['install', '-q', '-y', '--no-install-recommends'];

/** @param {string} name */
const isKnown = (name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;

/**
 * Debian starts a database cluster with the package; the tests start their own, so the machine is spared one.
 *
 * @param {() => Promise<boolean>} task
 */
async function withoutCluster(task) {
  const file = '/etc/postgresql-common/createcluster.conf';
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, `${before}\ncreate_main_cluster = false\n`);
  try {
    return await task();
  } finally {
    writeFileSync(file, before);
  }
}

/**
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env, stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
