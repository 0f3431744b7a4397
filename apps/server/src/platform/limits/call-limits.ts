import type { Application } from '../../kernel/application.ts';
import type { Institution } from '../../kernel/institution.ts';
import { toInstitutionDate } from '../../kernel/institution-time.ts';
import type { Sql } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';

/**
 * Spike arrest and quota of an application in an institution (contract sheet "Authentication", section 9). The spike
 * limit protects this process and is counted here alone. The quota is shared: each process counts what it has let
 * through and adds it to the database every second, so that processes may together overrun by what one second lets in.
 * A refused call is not counted.
 */
export interface CallLimits {
  take(application: Application, institution: Institution | undefined, now: Date): LimitOutcome;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export type LimitOutcome =
  | undefined
  | {
      readonly exceeded: 'spike' | 'quota';
      readonly retryAfterSeconds: number;
      readonly limit: number;
      readonly resetSeconds: number;
    };

interface Counter {
  readonly institutionId: string;
  readonly clientId: string;
  windowStart: string;
  windowEndsAt: number;
  /** Known to the database, all processes together. */
  stored: number;
  /** Let through here and not yet stored. */
  pending: number;
  spikeSecond: number;
  spikeCount: number;
}

/** Calls of one window that are to be added to the database. */
interface StoredCount {
  readonly institutionId: string;
  readonly clientId: string;
  readonly windowStart: string;
  readonly used: number;
}

const flushMs = 1000;
const hourMs = 3_600_000;
/** The day on which summer time ends. */
const longestDayHours = 25;

export function createCallLimits(sql: Sql, log: LineLog): CallLimits {
  const counters = new Map<string, Counter>();
  /** Counts of windows that ended before they were stored. */
  let ended: StoredCount[] = [];

  const counterOf = (clientId: string, institution: Institution | undefined, now: number): Counter => {
    const institutionId = institution?.institutionId ?? '';
    const key = clientId + institutionId;
    let counter = counters.get(key);
    if (counter === undefined) {
      counter = {
        institutionId,
        clientId,
        windowStart: '',
        windowEndsAt: 0,
        stored: 0,
        pending: 0,
        spikeSecond: 0,
        spikeCount: 0,
      };
      counters.set(key, counter);
    }
    if (institution !== undefined && (now >= counter.windowEndsAt || now < counter.windowEndsAt - longestDayHours * hourMs)) {
      const unstored = startWindow(counter, institution, now);
      if (unstored !== undefined) ended.push(unstored);
    }
    return counter;
  };

  const flushOnce = async (): Promise<void> => {
    // In one order everywhere, so that two processes cannot wait for each other's rows.
    const sent = [...ended, ...[...counters.values()].filter(({ pending }) => pending > 0).map(toStoredCount)].sort(byKey);
    if (sent.length === 0) return;
    ended = [];
    for (const counter of counters.values()) {
      // What is on its way to the database still counts here.
      counter.stored += counter.pending;
      counter.pending = 0;
    }
    try {
      for (const row of await addToQuotaWindows(sql, sent)) {
        const counter = counters.get(row.client_id + row.institution_id);
        if (counter?.windowStart === row.window_start) counter.stored = Number(row.used);
      }
    } catch (error) {
      // Put back, so that the next try stores them.
      for (const count of sent) {
        const counter = counters.get(count.clientId + count.institutionId);
        if (counter?.windowStart !== count.windowStart) ended.push(count);
        else {
          counter.stored -= count.used;
          counter.pending += count.used;
        }
      }
      log.warn(`Quota counts could not be stored, trying again: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  // One after the other, so that the newest answer of the database is the one that stays.
  let lastFlush: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    lastFlush = lastFlush.then(flushOnce);
    return lastFlush;
  };

  const timer = setInterval(() => void flush(), flushMs);
  return {
    take: (application, institution, now) => {
      if (application.spikePerSecond === 0 && application.quotaPerDay === 0) return undefined;
      const real = performance.now();
      const counter = counterOf(application.clientId, institution, now.getTime());
      const second = Math.floor(real / 1000);
      if (counter.spikeSecond !== second) {
        counter.spikeSecond = second;
        counter.spikeCount = 0;
      }
      if (application.spikePerSecond > 0 && counter.spikeCount >= application.spikePerSecond) {
        return { exceeded: 'spike', retryAfterSeconds: 1, limit: application.spikePerSecond, resetSeconds: 1 };
      }
      // A call that names no institution that we know (a refresh, a revocation) belongs to no quota window.
      if (
        institution !== undefined &&
        application.quotaPerDay > 0 &&
        counter.stored + counter.pending >= application.quotaPerDay
      ) {
        const resetSeconds = Math.max(1, Math.ceil((counter.windowEndsAt - now.getTime()) / 1000));
        return { exceeded: 'quota', retryAfterSeconds: resetSeconds, limit: application.quotaPerDay, resetSeconds };
      }
      counter.spikeCount += 1;
      if (institution !== undefined) counter.pending += 1;
      return undefined;
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

/**
 * The window is the institution's calendar day; it ends at its next midnight, found to the second by halving.
 * @returns What the window before it has not stored yet.
 */
function startWindow(counter: Counter, institution: Institution, now: number): StoredCount | undefined {
  const day = toInstitutionDate(new Date(now), institution.timeZone);
  let before = now;
  let after = now + 26 * hourMs;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2);
    if (toInstitutionDate(new Date(middle), institution.timeZone) === day) before = middle;
    else after = middle;
  }
  counter.windowEndsAt = after;
  if (counter.windowStart === day) return undefined;
  const unstored = counter.pending > 0 ? toStoredCount(counter) : undefined;
  counter.windowStart = day;
  counter.stored = 0;
  counter.pending = 0;
  return unstored;
}

function byKey(one: StoredCount, other: StoredCount): number {
  return one.clientId + one.institutionId + one.windowStart < other.clientId + other.institutionId + other.windowStart ? -1 : 1;
}

function toStoredCount({ institutionId, clientId, windowStart, pending }: Counter): StoredCount {
  return { institutionId, clientId, windowStart, used: pending };
}

interface QuotaRow {
  readonly institution_id: string;
  readonly client_id: string;
  readonly window_start: string;
  readonly used: bigint;
}

/** @returns The windows as they are now, counts of other processes included. */
async function addToQuotaWindows(sql: Sql, counts: readonly StoredCount[]): Promise<readonly QuotaRow[]> {
  // One statement may touch a row only once, and a clock that is moved to and fro ends one window several times.
  const byWindow = Map.groupBy(
    counts,
    ({ institutionId, clientId, windowStart }) => `${institutionId} ${clientId} ${windowStart}`,
  );
  const rows = [...byWindow.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [[first.institutionId, first.clientId, first.windowStart, same.reduce((sum, { used }) => sum + used, 0)] as const];
  });
  return sql<QuotaRow[]>`
    insert into quota_windows (institution_id, client_id, window_start, used)
    values ${sql(rows)}
    on conflict (institution_id, client_id, window_start) do update set used = quota_windows.used + excluded.used
    returning institution_id, client_id, window_start::text, used`;
}
