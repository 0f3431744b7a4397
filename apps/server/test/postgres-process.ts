// A process of its own that starts the private server of a data directory, says so in one line of JSON, and waits.
// Tests kill it. Arguments: the data directory, and `exit` to end at once without stopping the server.
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';

const [, , dataDirectory = '', then = 'wait'] = process.argv;
const lines: string[] = [];
const keep = (line: string) => lines.push(line);

try {
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: { info: keep, warn: keep, error: keep } });
  console.log(JSON.stringify({ url: postgres.connection.url, serverProcessId: postgres.processId, lines }));
  if (then === 'exit') process.exit(0);
  // The signals are caught first, then the line above lets the test go on.
  process.once('SIGTERM', () => postgres.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), lines }));
  process.exit(1);
}
