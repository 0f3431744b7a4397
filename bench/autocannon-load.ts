import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

/** The load where wrk is missing. Arguments: base URL, file of requests (JSON), where to begin, connections, seconds. */
const [url = '', file = '', startAt = '0', connections = '1', seconds = '1'] = process.argv.slice(2);
const requests: object[] = JSON.parse(await readFile(file, 'utf8'));
const start = Number(startAt) % requests.length;
const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [...requests.slice(start), ...requests.slice(0, start)],
});
const { errors, timeouts, non2xx, latency } = result;
console.log(
  `RESULT ${JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    failed: errors + timeouts + non2xx,
    medianMs: latency.p50,
    p99Ms: latency.p99,
  })}`,
);
