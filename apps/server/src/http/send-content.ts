import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Something that is served as it is. */
export interface Content {
  readonly type: string;
  readonly body: string | Buffer;
  /** Strong: changes when one byte of the body does. */
  readonly etag: string;
}

export function toContent(type: string, body: string | Buffer): Content {
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

/** Sends `content`, or 304 to a client that has it already (RFC 9110 section 13.1.2). */
export function sendContent(request: FastifyRequest, reply: FastifyReply, content: Content, cacheControl: string): FastifyReply {
  reply.header('etag', content.etag).header('cache-control', cacheControl).header('x-content-type-options', 'nosniff');
  if (hasAlready(request.headers['if-none-match'], content.etag)) return reply.code(304).send();
  return reply.type(content.type).send(content.body);
}

/** If-None-Match compares weakly: proxies that compress mark our tags as weak (RFC 9110 section 8.8.3.2). */
function hasAlready(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false;
  const tags = condition.split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
  return tags.includes('*') || tags.includes(etag);
}
