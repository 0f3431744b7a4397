import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface SeenRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `cut` ends the connection without an answer, `hang` never answers. */
export type Reply = Answer | 'cut' | 'hang';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Keyed by `PUT /path`; `count` is 1 for the first request to the route. */
export type Routes = Readonly<Record<string, (request: SeenRequest, count: number) => Reply | Promise<Reply>>>;

export interface FakeApi {
  readonly baseUrl: string;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** The requests to one route. */
  readonly seenAt: (route: string) => readonly SeenRequest[];
  readonly close: () => Promise<void>;
}

export const v2TokenRoute = 'POST /oauth2/v1/token';
export const v1TokenRoute = 'POST /v1/oauth/token';

/** V2 tokens `token-1`, `token-2` and so on, which live as long as told. */
export function v2Tokens(lifetimeSeconds = 1799, more: Readonly<Record<string, string>> = {}): Routes[string] {
  return (_, count) => ({
    status: 200,
    body: { access_token: `token-${count}`, expires_in: String(lifetimeSeconds), token_type: 'Bearer', ...more },
  });
}

/** A small server that speaks the wire of the API, told what to answer. */
export async function startFakeApi(routes: Routes): Promise<FakeApi> {
  const seen: SeenRequest[] = [];
  const seenAt = (route: string) => seen.filter(({ method, url }) => `${method} ${url.replace(/\?.*$/u, '')}` === route);
  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming);
    seen.push(request);
    const route = `${request.method} ${request.url.replace(/\?.*$/u, '')}`;
    const handler = routes[route] ?? (() => ({ status: 404, body: { code: 'CMN_90011', message: `no route ${route}` } }));
    send(outgoing, await handler(request, seenAt(route).length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { baseUrl: `http://127.0.0.1:${port}`, port, seen, seenAt, close };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const { method = '', url = '', headers } = incoming;
  return { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function send(outgoing: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'cut') {
    outgoing.destroy();
    return;
  }
  const text = reply.body === undefined || typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  outgoing.writeHead(reply.status, reply.headers).end(text);
}
