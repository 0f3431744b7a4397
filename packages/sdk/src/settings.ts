import type { Scope } from '@openbranch/contract/scopes';
import { OpenbranchUsageError } from './openbranch-usage-error.ts';

/** Told before every try of a call, token calls included. It bears no secret: no header, no body. */
export interface RequestNotice {
  readonly operationId: string;
  readonly method: string;
  readonly url: string;
  readonly traceId: string | undefined;
  /** 1 for the first try. */
  readonly attempt: number;
}

export interface ClientOptions {
  /** Where the API is, for instance `http://localhost:8080`; a path and a trailing slash are allowed. */
  readonly baseUrl: string;
  /** Five digits. */
  readonly institutionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes to ask for; all that the application is allowed by default. */
  readonly scopes?: readonly Scope[] | undefined;
  /** Act for this user (grants password and refresh_token) and not for the institution (grant client_credentials). */
  readonly user?: { readonly username: string; readonly password: string } | undefined;
  /** Opens the sandbox operations. */
  readonly sandboxKey?: string | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Longest time of one try, in milliseconds; 10,000 by default. A call ends within (maxRetries + 1) times of it. */
  readonly timeoutMs?: number | undefined;
  /** How often a call that may safely be repeated is repeated; 2 by default. */
  readonly maxRetries?: number | undefined;
  readonly onRequest?: ((notice: RequestNotice) => void) | undefined;
}

/** Options with their defaults filled in. */
export interface Settings extends ClientOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** @throws {OpenbranchUsageError} for an address, a time or a number that cannot be meant */
export function toSettings(options: ClientOptions): Settings {
  const { timeoutMs = 10_000, maxRetries = 2 } = options;
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) throw new OpenbranchUsageError('timeoutMs must be more than 0');
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new OpenbranchUsageError('maxRetries must be a whole number from 0');
  }
  return { ...options, baseUrl: toBaseUrl(options.baseUrl), fetch: options.fetch ?? globalThis.fetch, timeoutMs, maxRetries };
}

function toBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new OpenbranchUsageError('baseUrl must be an address like http://localhost:8080');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new OpenbranchUsageError('baseUrl must have no user, password, query or fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}
