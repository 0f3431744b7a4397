import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Inbox } from '../platform/delivery/inbox.ts';
import { singleHeader } from './header-checks.ts';
import { inboxDocument, inboxPagePolicy, inboxStyles } from './inbox-document.ts';
import { inboxScript } from './inbox-script.ts';
import { sendContent, toContent } from './send-content.ts';

export interface InboxPageOptions {
  readonly inbox: Inbox;
  readonly isSandboxKey: (key: string) => boolean;
}

const heartbeatMs = 15_000;
/** Clients keep what they got but ask each time whether it is still good. */
const revalidate = 'no-cache';

/**
 * The page at `/inbox`, which shows messages as they arrive, and the stream that tells it of them. The page itself holds
 * nothing; what it shows it fetches with the sandbox key, like any caller.
 */
export function registerInboxPage(app: FastifyInstance, { inbox, isSandboxKey }: InboxPageOptions): void {
  const document = toContent('text/html; charset=utf-8', inboxDocument);
  const styles = toContent('text/css; charset=utf-8', inboxStyles);
  const script = toContent('text/javascript; charset=utf-8', inboxScript);
  app.get('/inbox', (request, reply) => {
    reply.header('content-security-policy', inboxPagePolicy).header('referrer-policy', 'no-referrer');
    return sendContent(request, reply, document, revalidate);
  });
  app.get('/inbox/inbox.css', (request, reply) => sendContent(request, reply, styles, revalidate));
  app.get('/inbox/inbox.js', (request, reply) => sendContent(request, reply, script, revalidate));

  const streams = new Set<ServerResponse>();
  // A stream has no end of its own: it would keep the server from stopping.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
    await inbox.close();
  });
  app.get('/inbox/events', (request, reply) => {
    if (!hasSandboxKey(request, isSandboxKey)) return reply.code(401).send();
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    stream.write('retry: 1000\n\n');
    const unsubscribe = inbox.subscribe((arrival) => stream.write(`data: ${JSON.stringify(arrival)}\n\n`));
    const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs);
    streams.add(stream);
    stream.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      streams.delete(stream);
    });
    return reply;
  });
}

function hasSandboxKey(request: FastifyRequest, isSandboxKey: (key: string) => boolean): boolean {
  const key = singleHeader(request.raw, 'x-sandbox-key');
  return key !== undefined && isSandboxKey(key);
}
