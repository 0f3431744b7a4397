import type { requestToken } from '@openbranch/contract/identity/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Application } from '../../../kernel/application.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { SignedInUser } from '../../customers/index.ts';
import type { AccessTokenSubject } from '../domain/access-token.ts';
import { randomLength, toRefreshToken } from '../domain/refresh-token.ts';
import { insertChain, insertRefreshToken } from '../store/token-chains.ts';
import type { AccessTokens } from './access-tokens.ts';

/** A pair for a user: what the V2 answers of the grants password and refresh_token have in common. */
export interface TokenPair {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
}

export interface PairRequest {
  readonly application: Application;
  readonly institutionId: string;
  readonly chainId: string;
  readonly scopes: readonly string[];
  readonly now: Date;
  readonly signedIn: SignedInUser;
}

/** How a refresh token is stored. */
export function hashRefreshToken(keyRing: KeyRing, refreshToken: string): Buffer {
  return keyRing.hmac('refresh-token', refreshToken);
}

export function subjectOf({ user, customers }: SignedInUser, chainId: string): AccessTokenSubject {
  const { institutionUserId, customerGuid: customerId } = user;
  return { chainId, institutionUserId, customerId, memberNumber: customers[0]?.memberNumber };
}

/** When an access token that is issued now expires. */
export function accessUntil({ accessTtlV1, accessTtlV2 }: Application, edition: 'v1' | 'v2', now: Date): Date {
  return new Date(now.getTime() + (edition === 'v1' ? accessTtlV1 : accessTtlV2) * 1000);
}

/** Begins the chain of a sign-in, under a new id. */
export async function startChain(write: Write, request: PairRequest, edition: 'v1' | 'v2'): Promise<void> {
  const { institutionId, chainId, application, scopes, now, signedIn } = request;
  const { institutionUserId } = signedIn.user;
  await insertChain(write.sql, {
    institutionId,
    chainId,
    clientId: application.clientId,
    institutionUserId,
    scopes,
    startedAt: now,
    accessUntil: accessUntil(application, edition, now),
  });
}

/** Issues an access token and the next refresh token of a chain. */
export async function issuePair(write: Write, tokens: AccessTokens, keyRing: KeyRing, request: PairRequest): Promise<TokenPair> {
  const { application, institutionId, chainId, scopes, now, signedIn } = request;
  const refreshToken = toRefreshToken(institutionId, randomAlphanumeric(randomLength));
  await insertRefreshToken(write.sql, {
    institutionId,
    tokenHash: hashRefreshToken(keyRing, refreshToken),
    chainId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + application.refreshTtl * 1000),
  });
  const { token, expiresIn } = tokens.issue({
    application,
    institutionId,
    edition: 'v2',
    scopes,
    now,
    subject: subjectOf(signedIn, chainId),
  });
  return { accessToken: token, expiresIn, refreshToken, refreshExpiresIn: application.refreshTtl - 1 };
}

type AnswerV2 = AnswerOf<typeof requestToken>;

/** `expires_in` is a string, or a number where a switch says so (CR-03). */
export function toPairAnswer(pair: TokenPair, asNumber: boolean): AnswerV2 {
  return {
    access_token: pair.accessToken,
    expires_in: asNumber ? pair.expiresIn : String(pair.expiresIn),
    refresh_token: pair.refreshToken,
    refresh_token_expires_in: asNumber ? pair.refreshExpiresIn : String(pair.refreshExpiresIn),
    token_type: 'Bearer',
  };
}
