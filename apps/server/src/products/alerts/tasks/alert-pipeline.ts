import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { LineLog } from '../../../platform/db/line-log.ts';
import { mayPass } from '../../../platform/db/may-pass.ts';
import { createSleeper, type Sleeper } from '../../../platform/delivery/sleeper.ts';
import { listPendingLanes, type PendingLanes, postponeEvent, type QueuedEvent } from '../store/alert-events.ts';
import { FailedBatchError, failureCodeOf, LostRaceError, UnreadableEventError } from './batch-failure.ts';
import { type BatchParts, type BatchScope, processBatch } from './process-batch.ts';

export interface PipelineParts extends BatchParts {
  readonly log: LineLog;
  readonly institutions: () => readonly Institution[];
  /** Clock of an institution. */
  readonly nowIn: (institution: Institution) => Date;
}

export interface AlertPipeline {
  start(): void;
  /** An event was accepted here. */
  wake(): void;
  /** When the batches that run have ended. */
  stop(): Promise<void>;
}

/** While one batch waits for the database, another one is decided. */
const workers = 2;
const mostEvents = 512;
/** When there is much to do: few enough that other processes find lanes too. */
const mostLanes = 16;
/** From so many on there is much to do. */
const manyEvents = mostEvents / 2;
const pollMs = 500;
/** After a small batch: what comes in the next moment goes together, because a batch costs much and an event little. */
const gatherMs = 100;
/** All lanes that have events are in other hands. */
const busyPauseMs = 25;
const pauseAfterErrorMs = 500;
/** How long an event rests that could not be processed; after these tries it stays, dead. */
const retrySeconds = [1, 5, 30, 300, 1800];

/** Brings accepted events to their outcomes and messages. Any number of processes may run it on one database. */
export function createAlertPipeline(parts: PipelineParts): AlertPipeline {
  const { sql, log, institutions, nowIn } = parts;
  const sleepers = Array.from({ length: workers }, createSleeper);
  /** Who waits for more events to come will look anyway. Else somebody who sleeps, or the first before it sleeps. */
  const wake = (): void => {
    if (gathering === 0) (sleepers.find((one) => one.isAsleep()) ?? sleepers[0])?.wake();
  };
  let gathering = 0;
  let isMuch = false;
  let isStopping = false;
  let running: Promise<unknown> | undefined;

  const workOn = async ({ lanes }: PendingLanes, institution: Institution): Promise<number> => {
    const chosen = shuffled(lanes).slice(0, isMuch ? mostLanes : undefined);
    const scope = { ...scopeIn(institution, nowIn), lanes: chosen, mostEvents };
    try {
      return await processBatch(parts, scope);
    } catch (error) {
      if (!(error instanceof FailedBatchError) || mayPass(error.cause)) throw error;
      // The lanes are looked at again at once.
      if (error.cause instanceof LostRaceError) return 0;
      log.warn(`A batch of alert events failed (${failureCodeOf(error.cause)}); its events are tried one by one.`);
      return oneByOne(parts, log, institution, chosen, nowIn);
    }
  };

  /** @returns Whether there was something to do, and how much of it was done. */
  const round = async (): Promise<'idle' | 'busy' | 'little' | 'much'> => {
    const known = new Map(institutions().map((institution) => [institution.institutionId, institution]));
    const pending = await listPendingLanes(sql, [...known.keys()], new Date());
    let count = 0;
    let most = 0;
    const failures: unknown[] = [];
    for (const one of shuffled(pending)) {
      const institution = known.get(one.institutionId);
      if (institution === undefined) continue;
      try {
        const done = await workOn(one, institution);
        count += done;
        most = Math.max(most, done);
      } catch (error) {
        // What is wrong in one institution holds back no other.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    isMuch = most >= manyEvents;
    if (count > 0) return isMuch ? 'much' : 'little';
    return pending.length === 0 ? 'idle' : 'busy';
  };

  const gather = async (sleeper: Sleeper): Promise<void> => {
    gathering += 1;
    await sleeper.pause(isStopping ? 0 : gatherMs);
    gathering -= 1;
  };

  const work = async (sleeper: Sleeper): Promise<void> => {
    while (!isStopping) {
      try {
        const outcome = await round();
        if (outcome === 'much') wake();
        if (outcome === 'little') await gather(sleeper);
        if (outcome === 'idle') await sleeper.sleep(pollMs);
        if (outcome === 'busy') await sleeper.pause(busyPauseMs);
      } catch (error) {
        if (!isStopping) log.warn(`Alert events cannot be processed, trying again: ${failureCodeOf(causeOf(error))}.`);
        await sleeper.pause(isStopping ? 0 : pauseAfterErrorMs);
      }
    }
  };

  return {
    start: () => {
      running ??= Promise.all(sleepers.map(work));
    },
    wake,
    stop: async () => {
      isStopping = true;
      for (const sleeper of sleepers) sleeper.wake();
      await running;
    },
  };
}

/** Each event of the lanes in a batch of its own, so that one which cannot be processed keeps back no other. */
async function oneByOne(
  parts: BatchParts,
  log: LineLog,
  institution: Institution,
  lanes: readonly number[],
  nowIn: PipelineParts['nowIn'],
): Promise<number> {
  const { institutionId } = institution;
  let count = 0;
  for (const lane of lanes) {
    for (let left = mostEvents; left > 0; left -= 1) {
      try {
        const done = await processBatch(parts, { ...scopeIn(institution, nowIn), lanes: [lane], mostEvents: 1 });
        if (done === 0) break;
      } catch (error) {
        if (!(error instanceof FailedBatchError) || mayPass(error.cause)) throw error;
        if (error.cause instanceof LostRaceError) continue;
        for (const event of error.events) await postpone(parts, log, institutionId, event, error.cause);
      }
      count += 1;
    }
  }
  return count;
}

function causeOf(error: unknown): unknown {
  return error instanceof FailedBatchError ? error.cause : error;
}

function scopeIn(institution: Institution, nowIn: PipelineParts['nowIn']): Omit<BatchScope, 'lanes' | 'mostEvents'> {
  const { institutionId, timeZone, policies } = institution;
  const now = nowIn(institution);
  return { institutionId, defaultLocale: policies.alerts.defaultLocale, now, day: toInstitutionDate(now, timeZone) };
}

async function postpone(
  { sql }: BatchParts,
  log: LineLog,
  institutionId: string,
  event: QueuedEvent,
  error: unknown,
): Promise<void> {
  const failure = failureCodeOf(error);
  // What cannot be read now cannot be read later.
  const retryInSeconds = error instanceof UnreadableEventError ? undefined : retrySeconds[event.tries];
  const realNow = new Date();
  const retryAt = retryInSeconds === undefined ? undefined : new Date(realNow.getTime() + retryInSeconds * 1000);
  await postponeEvent(sql, institutionId, event, failure, { retryAt, realNow });
  if (retryInSeconds === undefined)
    log.error(`Alert event number ${event.eventSeq} of ${institutionId} was given up: ${failure}.`);
}

function shuffled<Value>(values: readonly Value[]): Value[] {
  const result = [...values];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    const [one, two] = [result[index], result[other]];
    if (one !== undefined && two !== undefined) [result[index], result[other]] = [two, one];
  }
  return result;
}
