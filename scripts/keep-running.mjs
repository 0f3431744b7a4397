import { setTimeout as delay } from 'node:timers/promises';
import { forwarded, startOnNode24 } from './run-on-node24.mjs';

/**
 * When to start again, and when to give up.
 *
 * @typedef {object} Patience
 * @property {number} shortLifeMs who dies earlier than this after being ready has failed
 * @property {number} failures so many failures in a row are the last
 * @property {number} deathsAMinute so many deaths in one minute, failures or not, are the last
 * @property {number} pauseMs before the next start after one failure; doubles with each further one
 * @property {number} longestPauseMs
 */

/** @type {Patience} */
const defaultPatience = { shortLifeMs: 500, failures: 10, deathsAMinute: 30, pauseMs: 100, longestPauseMs: 5_000 };

/**
 * Runs a program with Node 24 that says `ready` over its channel, and starts it again when a signal or a crash ends it that nobody
 * asked for. It ends with the program when this process was told to stop, when the program ended by itself, when its first start
 * failed, and when it dies too often.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {Patience} [patience]
 * @returns {Promise<number>} the exit code of the program's last run
 */
export async function keepRunning(file, args, patience = defaultPatience) {
  const stop = watchForStop();
  /** @type {number[]} */
  const deaths = [];
  let failures = 0;
  let hasEverBeenReady = false;
  try {
    for (;;) {
      let readyAt = Number.POSITIVE_INFINITY;
      const { ended } = startOnNode24(file, args, {
        onMessage: (message) => (readyAt = message === 'ready' ? Date.now() : readyAt),
      });
      const { code, signal } = await ended;
      hasEverBeenReady ||= readyAt <= Date.now();
      if (stop.signal.aborted || code === 0 || (signal === null && !hasEverBeenReady)) return code;
      const minuteAgo = Date.now() - 60_000;
      deaths.push(Date.now());
      failures = Date.now() - readyAt >= patience.shortLifeMs ? 0 : failures + 1;
      const ending = signal ?? `exit code ${code}`;
      if (failures >= patience.failures || deaths.filter((at) => at > minuteAgo).length >= patience.deathsAMinute) {
        console.error(`The server dies again and again (${ending}): it is not started any more.`);
        return code;
      }
      console.error(`The server ended unexpectedly (${ending}) and is started again.`);
      await pause(failures, patience, stop.signal);
      if (stop.signal.aborted) return code;
    }
  } finally {
    stop.end();
  }
}

/**
 * @param {number} failures
 * @param {Patience} patience
 * @param {AbortSignal} signal
 */
async function pause(failures, { pauseMs, longestPauseMs }, signal) {
  if (failures === 0) return;
  await delay(Math.min(pauseMs * 2 ** (failures - 1), longestPauseMs), undefined, { signal }).catch(() => undefined);
}

/** Notes that this process was told to stop; between two runs nobody else would hear it. */
function watchForStop() {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  for (const name of forwarded) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of forwarded) process.off(name, onSignal);
    },
  };
}
