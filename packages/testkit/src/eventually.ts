import { setTimeout as delay } from 'node:timers/promises';

export type EventuallyOptions = {
  /** Milliseconds until it gives up. Default 20,000: what a busy machine needs, not what is promised. */
  readonly deadlineMs?: number;
  /** Milliseconds between two tries. Default 10. */
  readonly pauseMs?: number;
};

/**
 * Runs a check again and again until it answers something else than false, null or undefined and does not throw.
 * @returns what the check answered. @throws the check's last error, or one that says what it last answered.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { deadlineMs = 20_000, pauseMs = 10 }: EventuallyOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const last = await attempt(check);
    if (last.ok) return last.value;
    if (Date.now() >= deadline) throw last.error;
    await delay(pauseMs);
  }
}

type Attempt<T> = { ok: true; value: Exclude<T, false | null | undefined> } | { ok: false; error: unknown };

async function attempt<T>(check: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    const value = await check();
    if (isMet(value)) return { ok: true, value };
    return { ok: false, error: new Error(`The awaited condition did not come true; the check last answered ${value}.`) };
  } catch (error) {
    return { ok: false, error };
  }
}

function isMet<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}
