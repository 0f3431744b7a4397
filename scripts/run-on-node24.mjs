import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { findNode24 } from './find-node24.mjs';

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a file with Node 24 on this process's own terminal, and waits for its end.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables added to this process's own
 * @returns {Promise<number>} the exit code; 128 + the signal's number when a signal ended it
 */
export function runOnNode24(file, args, env = {}) {
  const child = spawn(findNode24(), [file, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopForwarding();
      reject(new Error(`Node 24 could not be started (${error.message}): install it from https://nodejs.org.`));
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * Passes each kind of signal on once. This process itself waits for the child, which may need time to end gracefully.
 * What the terminal sends (Ctrl-C, hang-up) has reached the child already: a second one could make it give up its graceful end.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} undoes it
 */
function forwardSignals(child) {
  const fromTerminal = ownsTerminal();
  /** @type {Set<NodeJS.Signals>} */
  const seen = new Set();
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (seen.has(signal)) return;
    seen.add(signal);
    if (fromTerminal && signal !== 'SIGTERM') return;
    child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  return () => {
    for (const signal of forwarded) process.off(signal, forward);
  };
}

/**
 * Whether this process is in the foreground of a terminal, so that the terminal's signals reach its children too.
 *
 * @returns {boolean}
 */
function ownsTerminal() {
  try {
    // proc(5): after the command in brackets come state, ppid, pgrp, session, tty_nr, tpgid.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return process.stdin.isTTY === true;
  }
}
