import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** A write for each line would cost a busy server more than making the line does. */
const buffering = { sync: false, minLength: 8192, periodicFlush: 250 };

/**
 * One JSON line a request and a few about the process. What is logged is chosen field by field; nothing that a caller
 * sends is logged but identifiers whose form has been checked. The redaction is a second line of defence.
 * Lines reach the file within 250 ms, and before the process ends by itself.
 */
export function createLogger(options: { readonly level: string; readonly file: string | undefined }): Logger {
  const destination =
    options.file === undefined
      ? pino.destination({ dest: 1, ...buffering })
      : pino.destination({ dest: options.file, mkdir: true, mode: 0o600, ...buffering });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: isoTime(),
      redact: {
        paths: ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
    },
    destination,
  );
}

/** ISO 8601 in UTC. The text up to the second is made once a second, since a busy server writes thousands of lines in one. */
function isoTime(): () => string {
  let second = Number.NaN;
  let upToSecond = '';
  return () => {
    const now = Date.now();
    const milliseconds = now % 1000;
    if (now - milliseconds !== second) {
      second = now - milliseconds;
      upToSecond = new Date(second).toISOString().slice(0, -'000Z'.length);
    }
    return `,"time":"${upToSecond}${String(milliseconds).padStart(3, '0')}Z"`;
  };
}
