import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Application } from '../../../kernel/application.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { open, seal } from '../../../platform/keys/sealed-box.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { findUserById, listReachedCustomers, mayStaySignedIn, stateAt } from '../../customers/index.ts';
import { decideRefresh } from '../domain/refresh-token.ts';
import { extendChain, type FoundRefreshToken, lockRefreshToken, markRefreshTokenUsed } from '../store/token-chains.ts';
import type { AccessTokens } from './access-tokens.ts';
import { accessUntil, hashRefreshToken, issuePair, type TokenPair } from './grant-tokens.ts';
import { revokeChain } from './revoke-chain.ts';

export interface RefreshRequest {
  readonly application: Application;
  readonly institution: Institution;
  readonly refreshToken: string;
  readonly now: Date;
  readonly revocationMarginMs: number;
}

export type RefreshRefusal = 'tokenInvalid' | 'userInvalid' | 'institutionUserInvalid';

/**
 * Gives a new pair for a refresh token, in one transaction under a lock of its chain. A refusal is a value, because the
 * end of a chain whose token was reused must be committed.
 */
export async function refreshPair(
  write: Write,
  tokens: AccessTokens,
  keyRing: KeyRing,
  request: RefreshRequest,
): Promise<Result<TokenPair, RefreshRefusal>> {
  const { application, institution, refreshToken, now } = request;
  const { institutionId } = institution;
  const tokenHash = hashRefreshToken(keyRing, refreshToken);
  const stored = await lockRefreshToken(write.sql, institutionId, tokenHash);
  const decision = decideRefresh(stored, application.clientId, now);
  if (stored === undefined || decision === 'invalid') return refuse('tokenInvalid');
  if (decision === 'reused') {
    await revokeChain(write, institutionId, stored.chainId, now, request.revocationMarginMs);
    await write.audit('refresh_token_reused', {
      institutionUserId: stored.institutionUserId,
      details: { chainId: stored.chainId },
    });
    return refuse('tokenInvalid');
  }
  const answerKey = answerKeyOf(keyRing, refreshToken);
  if (decision === 'repeat') return repeat(stored, answerKey);

  const user = await findUserById(write.sql, institutionId, stored.institutionUserId);
  if (user === undefined) return refuse('institutionUserInvalid');
  if (!mayStaySignedIn(stateAt(user.state, institution.policies.lockout, now))) return refuse('userInvalid');
  const customers = await listReachedCustomers(write.sql, institutionId, user.institutionUserId);
  // The application's scopes bound every token; they may have become fewer.
  const scopes = stored.scopes.filter((scope) => application.allowedScopes.includes(scope));
  const signedIn = { user, customers };
  const pair = await issuePair(write, tokens, keyRing, {
    application,
    institutionId,
    chainId: stored.chainId,
    scopes,
    now,
    signedIn,
  });
  await extendChain(write.sql, institutionId, stored.chainId, accessUntil(application, 'v2', now));
  await markRefreshTokenUsed(
    write.sql,
    institutionId,
    tokenHash,
    now,
    seal(answerKey, stored.chainId, Buffer.from(JSON.stringify(pair))),
  );
  await write.audit('token_refreshed', { institutionUserId: user.institutionUserId, details: { chainId: stored.chainId } });
  return accept(pair);
}

/** Only who presents the used token can open its answer: the key is made from the token and the master key. */
function answerKeyOf(keyRing: KeyRing, refreshToken: string): KeyObject {
  return createSecretKey(keyRing.hmac('refresh-answer', refreshToken));
}

function repeat(stored: FoundRefreshToken, answerKey: KeyObject): Result<TokenPair, RefreshRefusal> {
  if (stored.answerSealed === undefined) return refuse('tokenInvalid');
  const pair: TokenPair = JSON.parse(open(answerKey, stored.chainId, stored.answerSealed).toString('utf8'));
  return accept(pair);
}
