/** A request that the load generator sends as it is. */
export interface PreparedRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A trace id for which the load puts a fresh one into every request that it sends. */
export const traceIdMark = '00000000-0000-4000-8000-000000000000';

/** The bytes of HTTP/1.1; everything in it is ASCII. */
export function toBytes({ method, path, headers, body }: PreparedRequest, host: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`content-length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/** Sends one request by itself, to see that the answer is what the benchmark believes. */
export async function sendOnce(baseUrl: string, { method, path, headers, body }: PreparedRequest): Promise<string> {
  const response = await fetch(baseUrl + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${method} ${path} answers ${response.status}: ${text}`);
  return text;
}
