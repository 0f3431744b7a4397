import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * One JSON line a request and a few about the process. What is logged is chosen field by field; nothing that a caller
 * sends is logged but identifiers whose form has been checked. The redaction is a second line of defence.
 */
export function createLogger(options: { readonly level: string; readonly file: string | undefined }): Logger {
  const destination =
    options.file === undefined
      ? pino.destination({ dest: 1, sync: false })
      : pino.destination({ dest: options.file, sync: false, mkdir: true });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
    },
    destination,
  );
}
