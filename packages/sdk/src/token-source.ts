/** What a token call gave. */
export interface Grant {
  readonly accessToken: string;
  readonly lifetimeSeconds: number;
  readonly refreshToken: string | undefined;
}

export interface TokenSource {
  /** A token that is not about to expire. */
  readonly get: () => Promise<string>;
  /** Forgets a token that the API refused, so that the next `get` brings another one. */
  readonly drop: (token: string) => void;
}

/** A token is renewed this long before its end, so that it does not expire on its way. */
const skewMs = 30_000;

/**
 * Keeps one access token. Callers that come while it is being renewed all wait for the same request.
 *
 * @param request asks for a token; it is handed the last refresh token, if there was one
 */
export function createTokenSource(request: (refreshToken: string | undefined) => Promise<Grant>): TokenSource {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  let refreshToken: string | undefined;
  let pending: Promise<string> | undefined;

  const renew = async () => {
    const askedAt = Date.now();
    const grant = await request(refreshToken);
    const lifetimeMs = grant.lifetimeSeconds * 1000;
    // A token that lives for less than a minute is used for half of its life.
    held = { token: grant.accessToken, renewAt: askedAt + lifetimeMs - Math.min(skewMs, lifetimeMs / 2) };
    refreshToken = grant.refreshToken;
    return grant.accessToken;
  };

  return {
    get: () => {
      if (held !== undefined && Date.now() < held.renewAt) return Promise.resolve(held.token);
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    drop: (token) => {
      if (held?.token === token) held = undefined;
    },
  };
}
