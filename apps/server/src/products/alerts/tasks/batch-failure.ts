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

/** A code: texts of errors may quote what the event holds. */
export function failureCodeOf(failure: unknown): string {
  if (failure instanceof UnreadableEventError) return 'unreadable';
  const code: unknown = failure instanceof Error ? Reflect.get(failure, 'code') : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/u.test(code) ? code : 'error';
}
