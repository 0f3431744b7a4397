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

const flushMs = 1000;
const hourMs = 3_600_000;

export function createCallLimits(sql: Sql, log: LineLog): CallLimits {
  const counters = new Map<string, Counter>();

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
    if (institution !== undefined && (now >= counter.windowEndsAt || now < counter.windowEndsAt - 48 * hourMs))
      startWindow(counter, institution, now);
    return counter;
  };

  const flush = async (): Promise<void> => {
    const dirty = [...counters.values()].filter((counter) => counter.institutionId !== '' && counter.pending > 0);
    if (dirty.length === 0) return;
    const sent = dirty.map((counter) => ({ counter, windowStart: counter.windowStart, used: counter.pending }));
    for (const { counter } of sent) counter.pending = 0;
    try {
      const rows = await sql<{ institution_id: string; client_id: string; window_start: string; used: bigint }[]>`
        insert into quota_windows (institution_id, client_id, window_start, used)
        values ${sql(sent.map(({ counter, windowStart, used }) => [counter.institutionId, counter.clientId, windowStart, used]))}
        on conflict (institution_id, client_id, window_start) do update set used = quota_windows.used + excluded.used
        returning institution_id, client_id, window_start::text, used`;
      for (const row of rows) {
        const counter = counters.get(row.client_id + row.institution_id);
        if (counter?.windowStart === row.window_start) counter.stored = Number(row.used);
      }
    } catch (error) {
      for (const { counter, windowStart, used } of sent) if (counter.windowStart === windowStart) counter.pending += used;
      log.warn(`Quota counts could not be stored, trying again: ${error instanceof Error ? error.message : String(error)}`);
    }
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
      if (application.quotaPerDay > 0 && counter.stored + counter.pending >= application.quotaPerDay) {
        const resetSeconds = Math.max(1, Math.ceil((counter.windowEndsAt - now.getTime()) / 1000));
        return { exceeded: 'quota', retryAfterSeconds: resetSeconds, limit: application.quotaPerDay, resetSeconds };
      }
      counter.spikeCount += 1;
      counter.pending += 1;
      return undefined;
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

/** The window is the institution's calendar day; it ends at its next midnight, found to the second by halving. */
function startWindow(counter: Counter, institution: Institution, now: number): void {
  const day = toInstitutionDate(new Date(now), institution.timeZone);
  let before = now;
  let after = now + 26 * hourMs;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2);
    if (toInstitutionDate(new Date(middle), institution.timeZone) === day) before = middle;
    else after = middle;
  }
  if (counter.windowStart !== day) counter.stored = 0;
  counter.windowStart = day;
  counter.windowEndsAt = after;
}
