import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Failure } from '@openbranch/contract/family';
import { gatewayFamily } from '@openbranch/contract/identity/families';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PostgresError } from '../platform/db/database.ts';
import { HasherBusyError } from '../platform/passwords/password-hasher.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { ApiRefusal, type RefusalDetails } from './api-refusal.ts';
import { UnreadableBodyError } from './body-parsers.ts';
import { HandlerTimeoutError } from './bound-handlers.ts';
import { toErrorAnswer, toJsonTwin } from './envelopes.ts';
import { type Exchange, rowInForce, rowNameOf, setRuleHeader, startExchange, wantsJsonTwin } from './exchange.ts';
import { prefersXml } from './prefers-xml.ts';

/** The only place that writes an error to the wire. */

export interface ErrorExtras extends RefusalDetails {
  readonly retryAfterSeconds?: number | undefined;
  readonly reference?: string | undefined;
  /** For humans: which limit was reached and when it begins anew. */
  readonly limit?: { readonly limit: number; readonly resetSeconds: number };
}

/** Answers the row of that name in the family's table, in the family's envelope. */
export function sendError(exchange: Exchange, reply: FastifyReply, rowName: string, extras: ErrorExtras = {}): FastifyReply {
  const row = rowInForce(exchange, rowName);
  exchange.errorCode = row.code;
  const addition = extras.detail === undefined ? '' : `: ${extras.detail}`;
  const reference = extras.reference === undefined ? '' : `, reference ${extras.reference}`;
  const shown = [
    { ...row, message: `${row.message}${addition}${reference}` },
    ...(extras.others ?? []).map((name) => rowInForce(exchange, name)),
  ] as const;
  const isTwin = exchange.family.hasJsonTwin === true && wantsJsonTwin(exchange, reply.request);
  const envelope = exchange.family.hasXmlTwin === true && prefersXml(reply.request) ? 'error-response' : exchange.family.envelope;
  const answer = isTwin ? toJsonTwin(shown) : toErrorAnswer(row.envelope ?? envelope, shown);
  if (extras.retryAfterSeconds !== undefined) reply.header('retry-after', String(extras.retryAfterSeconds));
  if (extras.limit !== undefined) {
    reply.headers({ 'x-quota-limit': extras.limit.limit, 'x-quota-remaining': 0, 'x-quota-reset': extras.limit.resetSeconds });
  }
  if (row.status === 401 && exchange.family.authentication === 'basic')
    reply.header('www-authenticate', 'Basic realm="openbranch"');
  if (row.status === 401 && exchange.family.authentication === 'bearer')
    reply.header('www-authenticate', 'Bearer realm="openbranch"');
  setRuleHeader(exchange, reply);
  return reply.code(row.status).header('content-type', answer.contentType).serializer(asIs).send(answer.body);
}

const asIs = (body: unknown): string => String(body);

export function sendFailure(exchange: Exchange, reply: FastifyReply, failure: Failure, extras?: ErrorExtras): FastifyReply {
  return sendError(exchange, reply, rowNameOf(exchange.family, failure), extras);
}

/** Turns whatever was thrown while a request ran into its declared answer. */
export function registerErrorHandler(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const exchange = request.exchange ?? startExchange(request, undefined, gatewayFamily);
    if (error instanceof ApiRefusal)
      return sendError(exchange, reply, error.row, { ...error.details, retryAfterSeconds: error.retryAfterSeconds });
    const failure = toldApart(exchange, failureOf(error));
    if (failure !== undefined && exchange.family.failures[failure] !== undefined) {
      return sendFailure(
        exchange,
        reply,
        failure,
        failure === 'overloaded' || failure === 'unavailable' ? { retryAfterSeconds: 1 } : {},
      );
    }
    return sendUnexpected(exchange, request, reply, error, log);
  });
}

/** The caller sees a reference number; what happened is in the log under it. */
function sendUnexpected(
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  log: Logger,
): FastifyReply {
  const reference = randomUUID();
  log.error({ reference, operation: exchange.operation?.id, method: request.method, err: describe(error) }, 'unexpected error');
  return sendFailure(exchange, reply, 'unexpected', { reference });
}

/** Never the parameters or details of a statement: they hold personal data. */
function describe(error: unknown): Record<string, unknown> {
  if (error instanceof PostgresError)
    return { name: error.name, code: error.code, constraint: error.constraint_name, stack: firstLinesOfStack(error) };
  if (error instanceof Error) return { name: error.name, code: Reflect.get(error, 'code'), stack: firstLinesOfStack(error) };
  return { name: typeof error };
}

/** A stack begins with the message, which may quote what the caller sent. */
function firstLinesOfStack(error: Error): string | undefined {
  return error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n');
}

const failureOfFastifyCode = new Map<unknown, Failure>([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'bodyTooLarge'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'mediaTypeInvalid'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'bodyInvalid'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'bodyInvalid'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'bodyInvalid'],
]);

/** Codes of a connection that is not there (postgres.js) and of a server that is going or coming (SQLSTATE classes 57P and 08). */
const unavailableCodes = new Set<unknown>([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
]);

/** What a family does not tell apart from other unfit bodies is one of them. */
function toldApart({ family }: Exchange, failure: Failure | undefined): Failure | undefined {
  const isUnfitBody = failure === 'bodyUnreadable' || failure === 'bodyMissing';
  return isUnfitBody && family.failures[failure] === undefined ? 'bodyInvalid' : failure;
}

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof HasherBusyError) return 'overloaded';
  if (error instanceof HandlerTimeoutError) return 'unavailable';
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (unavailableCodes.has(code) || (typeof code === 'string' && /^(?:08|57P)/u.test(code))) return 'unavailable';
  if (error instanceof UnreadableBodyError) return error.failure;
  return failureOfFastifyCode.get(code);
}

/** Answers what never became a request: a broken request line, headers beyond the parser's bound, a slow sender. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const row = gatewayFamily.errors[error.code === 'HPE_HEADER_OVERFLOW' ? 'headersTooLong' : 'requestMalformed'];
  const answer = toErrorAnswer(gatewayFamily.envelope, [row]);
  socket.end(
    `HTTP/1.1 ${row.status} ${STATUS_CODES[row.status] ?? ''}\r\ncontent-type: ${answer.contentType}\r\ncontent-length: ${Buffer.byteLength(answer.body)}\r\nconnection: close\r\n\r\n${answer.body}`,
  );
}
