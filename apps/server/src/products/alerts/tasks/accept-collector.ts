import type { Sql } from '../../../platform/db/database.ts';
import { PostgresError } from '../../../platform/db/database.ts';
import { mayPass } from '../../../platform/db/may-pass.ts';
import { acceptEvents, type NewEvent } from '../store/alert-events.ts';

/** Takes an event. When it is done, the event is kept for good. */
export type AcceptEvent = (institutionId: string, event: NewEvent) => Promise<void>;

interface Waiting {
  readonly event: NewEvent;
  readonly resolve: () => void;
  readonly reject: (failure: unknown) => void;
}

/** What comes at the same time for one institution. */
interface Group {
  waiting: Waiting[];
  isCalled: boolean;
  flights: number;
}

const longestWaitMs = 2;
const mostOfAGroup = 64;

/**
 * Events that come at the same time are taken in one statement, and so share its way to the database and its flush to the
 * disk. When nothing is under way an event goes at once; else it waits for others, for two milliseconds or until they are
 * many.
 */
export function createAcceptCollector(sql: Sql): AcceptEvent {
  const groups = new Map<string, Group>();

  const send = async (institutionId: string, group: Group): Promise<void> => {
    const sent = group.waiting;
    group.waiting = [];
    if (sent.length === 0) return;
    group.flights += 1;
    await acceptGroup(sql, institutionId, sent);
    group.flights -= 1;
    if (group.flights === 0 && group.waiting.length === 0) groups.delete(institutionId);
  };
  const call = (institutionId: string, group: Group): void => {
    if (group.isCalled) return;
    group.isCalled = true;
    const go = (): void => {
      group.isCalled = false;
      void send(institutionId, group);
    };
    // At the end of this turn: what was read from other connections in it comes along.
    if (group.flights === 0) setImmediate(go);
    else setTimeout(go, longestWaitMs);
  };

  return (institutionId, event) =>
    new Promise((resolve, reject) => {
      const group = groups.get(institutionId) ?? { waiting: [], isCalled: false, flights: 0 };
      groups.set(institutionId, group);
      group.waiting.push({ event, resolve, reject });
      if (group.waiting.length >= mostOfAGroup) void send(institutionId, group);
      else call(institutionId, group);
    });
}

/** Never fails: everybody who waits is told for himself. */
async function acceptGroup(sql: Sql, institutionId: string, group: readonly Waiting[]): Promise<void> {
  try {
    await acceptEvents(
      sql,
      institutionId,
      group.map(({ event }) => event),
    );
  } catch (failure) {
    if (group.length === 1 || !isOfAnEvent(failure)) for (const { reject } of group) reject(failure);
    else for (const one of group) await acceptGroup(sql, institutionId, [one]);
    return;
  }
  for (const { resolve } of group) resolve();
}

/** Nothing of a statement that failed is kept. A deadlock is of two groups that have several events in common. */
function isOfAnEvent(failure: unknown): boolean {
  const isLostRace = failure instanceof PostgresError && failure.code.startsWith('40');
  return isLostRace || !mayPass(failure);
}
