import type { Operation } from '@openbranch/contract/operation';
import type { WireRequest } from './build-request.ts';
import { findErrorName } from './error-rows.ts';
import { isOperationId } from './is-operation-id.ts';
import { OpenbranchError } from './openbranch-error.ts';
import { OpenbranchNetworkError } from './openbranch-network-error.ts';
import { OpenbranchUsageError } from './openbranch-usage-error.ts';
import { parseXml } from './parse-xml.ts';
import { readRefusal } from './read-refusal.ts';
import type { Settings } from './settings.ts';
import { shapeXml } from './shape-xml.ts';

interface Sent {
  readonly settings: Settings;
  readonly operation: Operation;
  readonly request: WireRequest;
  /** Whether an earlier try may have reached the server. */
  readonly mayHaveArrived: boolean;
}

interface Try extends Sent {
  readonly proof: Readonly<Record<string, string>>;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a request once and reads the answer.
 *
 * @throws {OpenbranchError} when the API refuses
 * @throws {OpenbranchNetworkError} when no usable answer comes; also for an aborted signal, which the caller knows of
 */
export async function tryOnce(one: Try): Promise<unknown> {
  const { settings, operation, request } = one;
  settings.onRequest?.({
    operationId: operation.id,
    method: operation.method,
    url: request.url,
    traceId: request.traceId,
    attempt: one.attempt,
  });
  const { response, text } = await exchange(one);
  if (!response.ok) throw toRefusal(operation, request, response, text);
  const { body, alternative } = operation.success;
  if ((body === undefined && alternative === undefined) || text === '') return undefined;
  try {
    return readBody(operation, text);
  } catch {
    throw new OpenbranchNetworkError(`${operation.id}: the answer (HTTP ${response.status}) cannot be read`, {
      operationId: operation.id,
      reason: 'unreadable',
      mayHaveArrived: true,
      traceId: request.traceId,
    });
  }
}

async function exchange(one: Try): Promise<{ response: Response; text: string }> {
  const { settings, request, proof, signal } = one;
  const init: RequestInit = {
    method: one.operation.method,
    headers: toHeaders({ ...request.headers, ...proof }),
    // The API never redirects: a redirect could carry the token elsewhere.
    redirect: 'manual',
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  };
  try {
    const response = await settings.fetch(request.url, init);
    return { response, text: await response.text() };
  } catch (error) {
    // A try that ran out of time was under way.
    throw signal.aborted ? toNetworkError({ ...one, mayHaveArrived: true }, signal.reason) : toNetworkError(one, error);
  }
}

/** The error of an unfit header would quote its value, which may be a secret. */
function toHeaders(values: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(values)) {
    try {
      headers.set(name, value);
    } catch {
      throw new OpenbranchUsageError(`header ${name} has a name or value that HTTP does not allow`);
    }
  }
  return headers;
}

function readBody(operation: Operation, text: string): unknown {
  const { body, xmlRoot } = operation.success;
  if (xmlRoot === undefined) {
    const answer: unknown = JSON.parse(text);
    return answer;
  }
  const document = parseXml(text);
  const root: unknown = typeof document === 'object' && document !== null ? Reflect.get(document, xmlRoot) : undefined;
  if (root === undefined) throw new Error(`no element ${xmlRoot}`);
  return shapeXml(body, root);
}

function toRefusal(operation: Operation, request: WireRequest, response: Response, text: string): Error {
  const { status } = response;
  const { code, message } = readRefusal(text);
  if (!isOperationId(operation.id)) return new Error(`unknown operation ${operation.id}`);
  return new OpenbranchError(message ?? `the server answered HTTP ${status} without a reason`, {
    operationId: operation.id,
    status,
    code,
    errorName: findErrorName(operation, { status, code, message }),
    traceId: request.traceId,
    retryAfterSeconds: readRetryAfter(response.headers.get('retry-after')),
  });
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/u.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** Codes of errors before a connection stood: the request cannot have arrived. */
const unconnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Names the host and the reason, and nothing of the request. */
export function toNetworkError({ settings, operation, request, mayHaveArrived }: Sent, error: unknown): OpenbranchNetworkError {
  const { host } = new URL(settings.baseUrl);
  const known = { operationId: operation.id, traceId: request.traceId, cause: error };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new OpenbranchNetworkError(`no answer from ${host} in time`, { ...known, reason: 'timeout', mayHaveArrived });
  }
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  return new OpenbranchNetworkError(`no answer from ${host}${code === undefined ? '' : ` (${code})`}`, {
    ...known,
    reason: 'connection',
    mayHaveArrived: mayHaveArrived || code === undefined || !unconnected.includes(code),
  });
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}
