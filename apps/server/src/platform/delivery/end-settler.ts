import type { Sleeper } from './sleeper.ts';
import { createSleeper } from './sleeper.ts';

/** Writes the ends of tries, many in a statement, each institution by itself. None is lost while this process lives. */
export interface EndSettler<End> {
  add(institutionId: string, ends: readonly End[]): void;
  /** Writes what is left; gives up, loudly, only after some failures in a row. */
  stop(): Promise<void>;
}

export interface SettlerParts<End> {
  readonly settle: (institutionId: string, ends: readonly End[]) => Promise<void>;
  /** Whether more tries of an institution run, whose ends may come in the next moment. */
  readonly isBusy: () => boolean;
  readonly onFailure: (error: unknown) => void;
  /** The leases will end, and others try these messages again. */
  readonly onLost: (institutionId: string, count: number) => void;
  readonly pauseAfterErrorMs: number;
}

const mostAtOnce = 512;
/** Ends are gathered this long, or until there are that many. */
const gatherMs = 25;
const gathered = 256;
const lastTries = 10;

interface Queue<End> {
  ends: End[];
  /** Half as many after a failure, so that one end which cannot be written stands alone before long. */
  atOnce: number;
  failures: number;
  readonly sleeper: Sleeper;
  running: Promise<void> | undefined;
}

export function createEndSettler<End>(parts: SettlerParts<End>): EndSettler<End> {
  const queues = new Map<string, Queue<End>>();
  let isStopping = false;

  const settleSome = async (institutionId: string, queue: Queue<End>): Promise<void> => {
    const some = queue.ends.splice(0, queue.atOnce);
    try {
      await parts.settle(institutionId, some);
      queue.atOnce = Math.min(2 * queue.atOnce, mostAtOnce);
      queue.failures = 0;
    } catch (error) {
      // Once more, after those that came meanwhile.
      queue.ends.push(...some);
      queue.atOnce = Math.max(1, Math.floor(some.length / 2));
      queue.failures += 1;
      parts.onFailure(error);
      await queue.sleeper.pause(parts.pauseAfterErrorMs);
    }
  };

  const work = async (institutionId: string, queue: Queue<End>): Promise<void> => {
    while (queue.ends.length > 0) {
      if (!isStopping && queue.ends.length < gathered && parts.isBusy()) await queue.sleeper.sleep(gatherMs);
      await settleSome(institutionId, queue);
      if (!isStopping || queue.failures < lastTries) continue;
      parts.onLost(institutionId, queue.ends.splice(0).length);
    }
    queue.running = undefined;
  };

  return {
    add: (institutionId, ends) => {
      const queue = queues.get(institutionId) ?? newQueue<End>();
      queues.set(institutionId, queue);
      queue.ends.push(...ends);
      queue.running ??= work(institutionId, queue);
      if (queue.ends.length >= gathered) queue.sleeper.wake();
    },
    stop: async () => {
      isStopping = true;
      for (const { sleeper } of queues.values()) sleeper.wake();
      await Promise.all([...queues.values()].map(({ running }) => running));
    },
  };
}

function newQueue<End>(): Queue<End> {
  return { ends: [], atOnce: mostAtOnce, failures: 0, sleeper: createSleeper(), running: undefined };
}
