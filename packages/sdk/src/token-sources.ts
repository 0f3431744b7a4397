import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import type { Input } from './build-request.ts';
import { isOpenbranchError } from './openbranch-error.ts';
import { OpenbranchNetworkError } from './openbranch-network-error.ts';
import type { Settings } from './settings.ts';
import { createTokenSource, type Grant, type TokenSource } from './token-source.ts';

/** One token of each edition: an operation takes only its own. */
export type TokenSources = { readonly [Edition in 'v1' | 'v2']: TokenSource };

type Call = (operation: Operation, input: Input) => Promise<unknown>;

/** @param call makes a token call, retries included */
export function createTokenSources(settings: Settings, call: Call): TokenSources {
  const { user, scopes } = settings;
  const wanted = scopes === undefined ? {} : { scopes: scopes.join(',') };
  const first =
    user === undefined
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'password', username: user.username, password: user.password };
  const requestV2 = (form: Input) => call(operations.requestToken, { form }).then((answer) => toGrant('requestToken', answer));

  return {
    v1: createTokenSource(async () => toGrant('requestTokenV1', await call(operations.requestTokenV1, { form: first }))),
    v2: createTokenSource(async (refreshToken) => {
      if (refreshToken === undefined) return await requestV2({ ...first, ...wanted });
      try {
        return await requestV2({ grant_type: 'refresh_token', refresh_token: refreshToken });
      } catch (error) {
        // Revoked or expired: the user signs in again. A user who may no longer sign in is not tried again.
        if (isOpenbranchError(error, 'requestToken', 'tokenInvalid')) return await requestV2({ ...first, ...wanted });
        throw error;
      }
    }),
  };
}

function toGrant(operationId: string, answer: unknown): Grant {
  const field = (name: string): unknown =>
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
  const accessToken = field('access_token');
  // RFC 6750 section 2.1: a token is made of printable characters, so that it fits into a header.
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/u.test(accessToken)) {
    throw new OpenbranchNetworkError(`${operationId}: the answer has no access token`, {
      operationId,
      reason: 'unreadable',
      mayHaveArrived: true,
      traceId: undefined,
    });
  }
  const lifetimeSeconds = Number(field('expires_in'));
  const refreshToken = field('refresh_token');
  return {
    accessToken,
    lifetimeSeconds: Number.isFinite(lifetimeSeconds) ? lifetimeSeconds : 0,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
  };
}
