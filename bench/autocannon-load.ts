import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';
import { type PreparedRequest, traceIdMark } from './http-request.ts';

/** The load where wrk is missing. Arguments: base URL, file of requests (JSON), where to begin, connections, seconds. */
const [url = '', file = '', startAt = '0', connections = '1', seconds = '1'] = process.argv.slice(2);
const prepared: PreparedRequest[] = JSON.parse(await readFile(file, 'utf8'));
const requests = prepared.map((request) => ({ ...request, setupRequest: withFreshTraceId }));
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
    // The nearest that it tells.
    p95Ms: latency.p97_5,
    p99Ms: latency.p99,
  })}`,
);

function withFreshTraceId(request: PreparedRequest): PreparedRequest {
  const traceId = randomUUID();
  const headers = Object.entries(request.headers).map(([name, value]) => [name, value === traceIdMark ? traceId : value]);
  return { ...request, headers: Object.fromEntries(headers) };
}
