import type { Operation } from '@openbranch/contract/operation';
import type { Input } from './build-request.ts';
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
export function retryDelayMs(operation: Operation, input: Input, error: unknown, retries: number): number | undefined {
  const isRetryable =
    error instanceof OpenbranchNetworkError
      ? error.reason !== 'unreadable' && (isRepeatable(operation, input) || !error.mayHaveArrived)
      : error instanceof OpenbranchError &&
        (isRepeatable(operation, input) || isPasswordGrant(input)) &&
        isTemporary(operation, error);
  if (!isRetryable) return undefined;
  const backOffMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** retries);
  // Jitter: clients that failed together should not come back together.
  const jitteredMs = backOffMs * (0.5 + Math.random() / 2);
  const wishMs = error instanceof OpenbranchError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return wishMs > 0 ? wishMs + jitteredMs / 4 : jitteredMs;
}

const tokenCalls: readonly string[] = ['requestToken', 'requestTokenV1'];

/**
 * RFC 9110 section 9.2.2; a replay guard makes a POST idempotent by its trace id, and a second token does no harm. A
 * password grant may have been counted as a failed sign-in, so it is never sent twice (see `isPasswordGrant`).
 */
function isRepeatable(operation: Operation, input: Input): boolean {
  if (tokenCalls.includes(operation.id)) return !isPasswordGrant(input);
  return operation.method !== 'POST' || operation.hasReplayGuard === true;
}

/** Its lost answer may be that of a counted wrong password; a refusal for a moment was counted nowhere. */
function isPasswordGrant({ form }: Input): boolean {
  return typeof form === 'object' && form !== null && Reflect.get(form, 'grant_type') === 'password';
}

/**
 * Quota and spike refusals are 500 in this API, and in some families so is a database that is away: a 500 is temporary
 * only when it may be one of them and says when to come back.
 */
function isTemporary(operation: Operation, error: OpenbranchError): boolean {
  if ([408, 429, 503].includes(error.status)) return true;
  return error.retryAfterSeconds !== undefined && isFailure(operation, error, ['quotaExceeded', 'spikeExceeded', 'unavailable']);
}
