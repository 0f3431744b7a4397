import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { PostgresError } from '../../../platform/db/database.ts';
import type { LineLog } from '../../../platform/db/line-log.ts';
import { createSleeper, type Sleeper } from '../../../platform/delivery/sleeper.ts';
import type { Compile } from '../domain/decide-outcome.ts';
import { type CompiledContent, compileContent } from '../domain/render-template.ts';
import { listPendingLanes, listQueued, type PendingLanes, postponeEvent, type QueuedEvent } from '../store/alert-events.ts';
import { type BatchParts, type BatchScope, processBatch, UnreadableEventError } from './process-batch.ts';

export interface PipelineParts extends Omit<BatchParts, 'compile'> {
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
/** Few enough that other processes find lanes too. */
const mostLanes = 16;
const pollMs = 500;
/** All lanes that have events are in other hands. */
const busyPauseMs = 10;
const pauseAfterErrorMs = 500;
/** How long an event rests that could not be processed; after these tries it stays, dead. */
const retrySeconds = [1, 5, 30, 300, 1800];
const mostCompiled = 2000;

/** Brings accepted events to their outcomes and messages. Any number of processes may run it on one database. */
export function createAlertPipeline(options: PipelineParts): AlertPipeline {
  const { sql, log, institutions, nowIn } = options;
  const parts: BatchParts = { ...options, compile: createCompile() };
  const sleepers = Array.from({ length: workers }, createSleeper);
  /** Somebody who sleeps, or else the first, who then looks once more before it sleeps. */
  const wake = (): void => (sleepers.find((one) => one.isAsleep()) ?? sleepers[0])?.wake();
  let isStopping = false;
  let running: Promise<unknown> | undefined;

  const workOn = async ({ lanes }: PendingLanes, institution: Institution): Promise<number> => {
    const chosen = shuffled(lanes).slice(0, mostLanes);
    const scope = { ...scopeIn(institution, nowIn), lanes: chosen, mostEvents };
    try {
      return await processBatch(parts, scope);
    } catch (error) {
      if (mayPass(error)) throw error;
      log.warn(`A batch of alert events failed (${codeOf(error)}); its events are tried one by one.`);
      return oneByOne(parts, log, institution, chosen, nowIn);
    }
  };

  /** @returns Whether there was something to do, and whether it could be done. */
  const round = async (): Promise<'idle' | 'busy' | 'worked'> => {
    const known = new Map(institutions().map((institution) => [institution.institutionId, institution]));
    const pending = await listPendingLanes(sql, [...known.keys()], new Date());
    let count = 0;
    for (const one of shuffled(pending)) {
      const institution = known.get(one.institutionId);
      if (institution !== undefined) count += await workOn(one, institution);
    }
    if (count > 0) return 'worked';
    return pending.length === 0 ? 'idle' : 'busy';
  };

  const work = async (sleeper: Sleeper): Promise<void> => {
    while (!isStopping) {
      try {
        const outcome = await round();
        if (outcome === 'worked') wake();
        if (outcome === 'idle') await sleeper.sleep(pollMs);
        if (outcome === 'busy') await sleeper.pause(busyPauseMs);
      } catch (error) {
        if (!isStopping) log.warn(`Alert events cannot be processed, trying again: ${codeOf(error)}.`);
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
      const [first] = await parts.sql.begin((tx) => listQueued(tx, institutionId, [lane], 1, new Date()));
      if (first === undefined) break;
      try {
        const done = await processBatch(parts, { ...scopeIn(institution, nowIn), lanes: [lane], mostEvents: 1 });
        if (done === 0) break;
      } catch (error) {
        if (mayPass(error)) throw error;
        await postpone(parts, log, institutionId, first, error);
      }
      count += 1;
    }
  }
  return count;
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
  const failure = codeOf(error);
  // What cannot be read now cannot be read later.
  const retryInSeconds = error instanceof UnreadableEventError ? undefined : retrySeconds[event.tries];
  const realNow = new Date();
  const retryAt = retryInSeconds === undefined ? undefined : new Date(realNow.getTime() + retryInSeconds * 1000);
  await postponeEvent(sql, institutionId, event, failure, { retryAt, realNow });
  if (retryInSeconds === undefined)
    log.error(`Alert event number ${event.eventSeq} of ${institutionId} was given up: ${failure}.`);
}

/** SQLSTATE classes of a database that is away, overloaded or about to end, and of a lost race. */
const passingStates = /^(?:08|40|53|55|57|58)/u;

/** What is no fault of the events. */
function mayPass(error: unknown): boolean {
  if (error instanceof PostgresError) return passingStates.test(error.code);
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string';
}

/** A code: texts of errors may quote what the event holds. */
function codeOf(error: unknown): string {
  if (error instanceof UnreadableEventError) return 'unreadable';
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/u.test(code) ? code : 'error';
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

/** Every text is taken apart once, as long as it is not changed. */
function createCompile(): Compile {
  const known = new Map<string, CompiledContent>();
  return (contentType, text) => {
    const key = `${contentType} ${text}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= mostCompiled) known.clear();
    const compiled = compileContent(contentType, text);
    known.set(key, compiled);
    return compiled;
  };
}
