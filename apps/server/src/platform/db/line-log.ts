/** What the database layer needs of a log: one line a call. A pino logger fits. */
export type LineLog = {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
};
