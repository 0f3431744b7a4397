import type { Operation } from '@openbranch/contract/operation';
import { buildRequest, type Input, type WireRequest } from './build-request.ts';
import { isFailure } from './error-rows.ts';
import { OpenbranchError } from './openbranch-error.ts';
import { OpenbranchNetworkError } from './openbranch-network-error.ts';
import { OpenbranchUsageError } from './openbranch-usage-error.ts';
import type { CallOptions } from './operation-method.ts';
import { retryDelayMs } from './retry-delay-ms.ts';
import type { Settings } from './settings.ts';
import type { TokenSources } from './token-sources.ts';
import { toNetworkError, tryOnce } from './try-once.ts';
import { untilAborted, wait } from './wait.ts';

/**
 * Makes one call: gets a token where one is needed, sends, renews a refused token once, repeats what is safe to repeat.
 *
 * @returns the body of the answer; undefined where it is empty
 * @throws {OpenbranchError | OpenbranchNetworkError | OpenbranchUsageError} or the reason of the caller's signal
 */
export async function callOperation(
  settings: Settings,
  tokens: () => TokenSources,
  operation: Operation,
  input: Input,
  options: CallOptions,
): Promise<unknown> {
  const request = buildRequest(settings, operation, input, options);
  const endsAt = performance.now() + settings.timeoutMs * (settings.maxRetries + 1);
  const call: Call = { settings, operation, request, signal: options.signal, endsAt };
  const source = operation.family.edition === 'none' ? undefined : tokens()[operation.family.edition];
  let retries = 0;
  let isRenewed = false;
  let mayHaveArrived = false;
  for (let attempt = 1; ; attempt += 1) {
    const token = source === undefined ? undefined : await inTime(call, source.get(), mayHaveArrived);
    try {
      const proof = proofOf(settings, operation, token);
      return await tryOnce({ settings, operation, request, proof, attempt, mayHaveArrived, signal: trySignal(call) });
    } catch (error) {
      options.signal?.throwIfAborted();
      if (source !== undefined && token !== undefined && !isRenewed && isTokenRefused(operation, error)) {
        source.drop(token);
        isRenewed = true;
        continue;
      }
      const delayMs = retries < settings.maxRetries ? retryDelayMs(operation, input, error, retries) : undefined;
      if (delayMs === undefined || performance.now() + delayMs >= endsAt) throw error;
      mayHaveArrived ||= error instanceof OpenbranchNetworkError && error.mayHaveArrived;
      retries += 1;
      await wait(delayMs, options.signal);
      options.signal?.throwIfAborted();
    }
  }
}

interface Call {
  readonly settings: Settings;
  readonly operation: Operation;
  readonly request: WireRequest;
  /** The caller's own. */
  readonly signal: AbortSignal | undefined;
  /** On the clock of `performance`. */
  readonly endsAt: number;
}

/** Ends one try: the caller's wish, the time of a try, or the time of the call. */
function trySignal({ settings, signal, endsAt }: Call): AbortSignal {
  return withTimeout(signal, Math.min(settings.timeoutMs, endsAt - performance.now()));
}

/** Waits for a token within the time of the call. The request for it goes on: others may wait for it too. */
async function inTime<T>(call: Call, work: Promise<T>, mayHaveArrived: boolean): Promise<T> {
  const signal = withTimeout(call.signal, call.endsAt - performance.now());
  try {
    return await untilAborted(work, signal);
  } catch (error) {
    call.signal?.throwIfAborted();
    throw signal.aborted ? toNetworkError({ ...call, mayHaveArrived }, error) : error;
  }
}

function withTimeout(signal: AbortSignal | undefined, ms: number): AbortSignal {
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(ms)));
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

/** The headers that prove who calls. */
function proofOf(settings: Settings, operation: Operation, token: string | undefined): Readonly<Record<string, string>> {
  const needed = (name: 'clientId' | 'clientSecret' | 'sandboxKey') => {
    const value = settings[name];
    if (value === undefined || value === '') throw new OpenbranchUsageError(`${operation.id} needs ${name}`);
    return value;
  };
  switch (operation.family.authentication) {
    case 'bearer':
      return { authorization: `Bearer ${token}` };
    case 'basic':
      return { authorization: `Basic ${toBase64(`${needed('clientId')}:${needed('clientSecret')}`)}` };
    case 'sandbox-key':
      return { 'x-sandbox-key': needed('sandboxKey') };
    case 'none':
      return {};
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Some families answer 400 to a bad token, and a 401 may also mean a missing scope, which a new token would lack too. */
function isTokenRefused(operation: Operation, error: unknown): boolean {
  if (!(error instanceof OpenbranchError)) return false;
  if (isFailure(operation, error, ['tokenInvalid', 'tokenExpired'])) return true;
  return error.status === 401 && !isFailure(operation, error, ['scopeMissing']);
}
