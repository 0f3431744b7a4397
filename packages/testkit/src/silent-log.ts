/** A log for tests that want none. */
export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
