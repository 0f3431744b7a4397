import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { findNode24 } from './find-node24.mjs';

/** @type {NodeJS.Signals[]} */
export const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @typedef {{ code: number, signal: NodeJS.Signals | null }} Ending `code` is 128 + the signal's number when a signal ended it */

/**
 * Runs a file with Node 24 on this process's own terminal, and waits for its end.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables added to this process's own
 * @returns {Promise<number>} the exit code; 128 + the signal's number when a signal ended it
 */
export async function runOnNode24(file, args, env = {}) {
  const { ended } = startOnNode24(file, args, { env });
  return (await ended).code;
}

/**
 * The same, with a word on how it ended. With `onMessage` there is a channel between the two, by which the program tells how far
 * it is, and by whose end it sees that this process is gone, killed or not.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, onMessage?: (message: unknown) => void }} [options]
 * @returns {{ ended: Promise<Ending> }}
 */
export function startOnNode24(file, args, { env = {}, onMessage } = {}) {
  const child = spawn(findNode24(), [file, ...args], {
    stdio: onMessage === undefined ? 'inherit' : ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  if (onMessage !== undefined) child.on('message', onMessage);
  const stopForwarding = forwardSignals(child);
  /** @type {Promise<Ending>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopForwarding();
      reject(new Error(`Node 24 could not be started (${error.message}): install it from https://nodejs.org.`));
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve({ code: signal === null ? (code ?? 1) : 128 + constants.signals[signal], signal });
    });
  });
  return { ended };
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
