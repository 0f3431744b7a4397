import type { Sql } from '../db/database.ts';
import { type ClaimedBulk, claimBulk, lanesWithBulk } from './bulk-store.ts';
import { channels } from './channel.ts';
import type { Lane, SendingLanes } from './sending-lanes.ts';
import { createSleeper } from './sleeper.ts';

/** Claims what is due and was handed over by nobody: what did not fit, what is tried again, what a dead process held. */
export interface BulkClaims {
  start(): void;
  /** Something of the lane is due. */
  note(lane: Lane): void;
  /** There may be room again. */
  wakeForRoom(): void;
  stop(): Promise<void>;
}

export interface ClaimParts {
  readonly sql: Sql;
  readonly institutionIds: () => readonly string[];
  readonly lanes: Pick<SendingLanes<never>, 'roomOf' | 'isHungry'>;
  readonly leaseMs: number;
  readonly onClaimed: (lane: Lane, claimed: readonly ClaimedBulk[], leasedAtMs: number) => void;
  readonly onFailure: (error: unknown) => void;
  readonly pauseAfterErrorMs: number;
}

/** How many a statement claims at most: fewer when less room is left. */
const claimedAtOnce = 256;
/** A notice of other processes is not sent for each message: whoever is idle looks. */
const pollMs = 500;

export function createBulkClaims(parts: ClaimParts): BulkClaims {
  const { sql, institutionIds, lanes } = parts;
  const sleeper = createSleeper();
  /** Lanes of which more is due than fitted into our hands. */
  const left = new Map<string, Lane>();
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let isStopping = false;
  let running: Promise<void> | undefined;
  const isLeftHungry = (): boolean => [...left.values()].some(lanes.isHungry);

  const claimOf = async (lane: Lane): Promise<void> => {
    const limit = isStopping ? 0 : Math.min(claimedAtOnce, lanes.roomOf(lane));
    if (limit === 0) return;
    const leasedAtMs = performance.now();
    const claimed = await claimBulk(sql, lane, limit, parts.leaseMs);
    if (claimed.length === limit) left.set(nameOf(lane), lane);
    else left.delete(nameOf(lane));
    parts.onClaimed(lane, claimed, leasedAtMs);
  };

  /** Asks for all lanes every now and then, and in between for those of which something is known to be left. */
  const listDue = async (): Promise<readonly Lane[]> => {
    if (performance.now() - polledAtMs < pollMs) return [...left.values()];
    polledAtMs = performance.now();
    const all = institutionIds().flatMap((institutionId) => channels.map((channel): Lane => ({ institutionId, channel })));
    return lanesWithBulk(
      sql,
      all.filter((lane) => lanes.roomOf(lane) > 0),
    );
  };

  const work = async (): Promise<void> => {
    while (!isStopping) {
      try {
        for (const lane of rotated(await listDue())) await claimOf(lane);
        if (!isLeftHungry()) await sleeper.sleep(pollMs);
      } catch (error) {
        if (!isStopping) parts.onFailure(error);
        await sleeper.sleep(parts.pauseAfterErrorMs);
      }
    }
  };

  return {
    start: () => {
      running ??= work();
    },
    note: (lane) => {
      left.set(nameOf(lane), lane);
      sleeper.wake();
    },
    wakeForRoom: () => {
      if (isLeftHungry()) sleeper.wake();
    },
    stop: async () => {
      isStopping = true;
      sleeper.wake();
      await running;
    },
  };
}

function nameOf({ institutionId, channel }: Lane): string {
  return `${institutionId} ${channel}`;
}

/** From a place of its own each time, so that nobody is always the first. */
function rotated<Value>(values: readonly Value[]): Value[] {
  const first = Math.floor(Math.random() * values.length);
  return [...values.slice(first), ...values.slice(0, first)];
}
