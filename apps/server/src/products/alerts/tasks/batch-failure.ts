import { PostgresError } from '../../../platform/db/database.ts';
import type { QueuedEvent } from '../store/alert-events.ts';

/** A batch could not be brought to its end; nothing of it was written. `cause` says why. */
export class FailedBatchError extends Error {
  override readonly name = 'FailedBatchError';
  /** What it had taken, under the lock of its lanes. */
  readonly events: readonly QueuedEvent[];

  constructor(events: readonly QueuedEvent[], cause: unknown) {
    super('A batch of alert events failed.', { cause });
    this.events = events;
  }
}

/** An event of the batch could not be read; the others were not looked at. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

/** Another lane has told the same user of the same thing, or used the same run, meanwhile: the batch is decided anew. */
export class LostRaceError extends Error {
  override readonly name = 'LostRaceError';
}

/** SQLSTATE classes of a database that is away, overloaded or about to end, and of a lost race. */
const passingStates = /^(?:08|40|53|55|57|58)/u;
/** A connection that is not there: codes of postgres.js and of the system. */
const passingCodes: ReadonlySet<unknown> = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENETDOWN', 'ENETUNREACH', 'EHOSTDOWN', 'EHOSTUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EMFILE', 'ENFILE'],
]);

/** What is no fault of the events: they wait until it is over. Whatever else fails is laid at the door of an event. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof PostgresError) return passingStates.test(failure.code);
  return failure instanceof Error && passingCodes.has(Reflect.get(failure, 'code'));
}

/** A code: texts of errors may quote what the event holds. */
export function failureCodeOf(failure: unknown): string {
  if (failure instanceof UnreadableEventError) return 'unreadable';
  const code: unknown = failure instanceof Error ? Reflect.get(failure, 'code') : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/u.test(code) ? code : 'error';
}
