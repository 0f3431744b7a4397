import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { showProgress } from './show-progress.mjs';

const beatMs = 2_000;
/** A lock whose holder is gone is taken over after this time without a beat. */
const silentMs = 10_000;
/** After this time a process that still bears the holder's number is taken for another one. */
const abandonedMs = 600_000;

/**
 * Runs a task while no other process on this tree does. The holder touches its lock file every two seconds; a lock that is no
 * longer touched, and whose processes have ended, is taken over.
 *
 * @param {string} root
 * @param {(tellPid: (pid: number) => void) => Promise<void>} task is handed a function that names a child process, which must
 *   have ended too before the lock may be taken over
 * @returns {Promise<void>}
 */
export async function withInstallLock(root, task) {
  const file = join(root, '.install.lock');
  await acquire(file);
  const release = () => rmSync(file, { force: true });
  const beat = setInterval(() => {
    const now = new Date();
    // A holder that was stopped for minutes (a laptop asleep) may find that its lock was taken.
    if (existsSync(file)) utimesSync(file, now, now);
  }, beatMs);
  process.once('exit', release);
  try {
    await task((pid) => writeFileSync(file, JSON.stringify([process.pid, pid])));
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
async function acquire(file) {
  /** @type {ReturnType<typeof showProgress> | undefined} */
  let progress;
  while (!tryCreate(file)) {
    progress ??= showProgress('Another process is installing packages here: waiting for it');
    takeOverIfAbandoned(file);
    await wait(200);
  }
  progress?.stop();
}

/** @param {string} file */
function tryCreate(file) {
  try {
    writeFileSync(file, JSON.stringify([process.pid]), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new Error(`Packages could not be installed: ${file} cannot be written. Check who owns the folder.`);
  }
}

/** @param {string} file */
function takeOverIfAbandoned(file) {
  try {
    const { ino, mtimeMs } = statSync(file);
    const age = Date.now() - mtimeMs;
    if (age < silentMs || (age < abandonedMs && holders(file).some(isAlive))) return;
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    // Between the look and the renaming another process may have taken over: its lock is given back.
    if (statSync(aside).ino !== ino) linkSync(aside, file);
    rmSync(aside);
  } catch {
    // The lock went away meanwhile: the next try of creating it settles who has it.
  }
}

/**
 * @param {string} file
 * @returns {number[]}
 */
function holders(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
