import type { Operation } from '@openbranch/contract/operation';
import { isFailure } from './error-rows.ts';
import { OpenbranchError } from './openbranch-error.ts';
import { OpenbranchNetworkError } from './openbranch-network-error.ts';

const firstBackOffMs = 200;
const longestBackOffMs = 5_000;

/**
 * How long to wait before a call is tried again; undefined when it must not be.
 *
 * @param retries how many retries there were before
 */
export function retryDelayMs(operation: Operation, error: unknown, retries: number): number | undefined {
  const isRetryable =
    error instanceof OpenbranchNetworkError
      ? error.reason !== 'unreadable' && (isRepeatable(operation) || !error.mayHaveArrived)
      : error instanceof OpenbranchError && isRepeatable(operation) && isTemporary(operation, error);
  if (!isRetryable) return undefined;
  const backOffMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** retries);
  // Jitter: clients that failed together should not come back together.
  const jitteredMs = backOffMs * (0.5 + Math.random() / 2);
  const wishMs = error instanceof OpenbranchError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return wishMs > 0 ? wishMs + jitteredMs / 4 : jitteredMs;
}

const tokenCalls: readonly string[] = ['requestToken', 'requestTokenV1'];

/** RFC 9110 section 9.2.2; a replay guard makes a POST idempotent by its trace id, and a second token does no harm. */
function isRepeatable(operation: Operation): boolean {
  return operation.method !== 'POST' || operation.hasReplayGuard === true || tokenCalls.includes(operation.id);
}

/** Quota and spike refusals are 500 in this API, so a 500 is temporary only when it is one of them and says when to come back. */
function isTemporary(operation: Operation, error: OpenbranchError): boolean {
  if ([408, 429, 503].includes(error.status)) return true;
  return error.retryAfterSeconds !== undefined && isFailure(operation, error, ['quotaExceeded', 'spikeExceeded']);
}
