import { revokeToken } from '@openbranch/contract/identity/operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Institution } from '../../../kernel/institution.ts';
import type { AccessTokenClaims } from '../domain/access-token.ts';
import { institutionOfRefreshToken } from '../domain/refresh-token.ts';
import { findRefreshToken } from '../store/token-chains.ts';
import { hashRefreshToken } from './grant-tokens.ts';
import type { IdentityParts } from './identity-parts.ts';
import { rememberedUntil, revokeChain } from './revoke-chain.ts';

type RevokeCall = Call<typeof revokeToken>;

/** T2: an access token dies alone, a refresh token with its whole chain (RFC 7009). */
export function revokeTokenRoute(parts: IdentityParts): Route {
  return route(revokeToken).handle(async (call) => {
    const { token } = call.body;
    if (token === undefined || token === '') throw call.error('requestInvalid');
    const claims = parts.tokens.read(token);
    if (claims !== undefined) return revokeAccessToken(parts, call, claims);
    return revokeRefreshToken(parts, call, token);
  });
}

async function revokeAccessToken(parts: IdentityParts, call: RevokeCall, claims: AccessTokenClaims): Promise<void> {
  const institution = parts.institutions.find(claims.institution_id);
  const isOwn = claims.client_id === call.application.clientId && claims.edition === 'v2';
  if (institution === undefined || !isOwn) return refuseUnknown(parts, call);
  assertInstitutionHeader(call, institution);
  if (call.nowIn(institution).getTime() >= claims.exp * 1000) return refuseUnknown(parts, call);
  // Revoked before: the same answer again.
  if (parts.tokens.isRevoked(claims)) return;
  await call.writeIn(institution, async (write) => {
    await write.announce({
      topic: 'access_token_revoked',
      institutionId: institution.institutionId,
      subject: claims.jti,
      expiresAt: rememberedUntil(new Date(claims.exp * 1000), call.nowIn(institution), parts.revocationMarginMs),
    });
    await write.audit('token_revoked', { institutionUserId: claims.institution_user_id, details: { tokenId: claims.jti } });
  });
}

async function revokeRefreshToken(parts: IdentityParts, call: RevokeCall, token: string): Promise<void> {
  const institutionId = institutionOfRefreshToken(token);
  const institution = institutionId === undefined ? undefined : parts.institutions.find(institutionId);
  if (institution === undefined) return refuseUnknown(parts, call);
  const tokenHash = hashRefreshToken(parts.keyRing, token);
  const stored = await findRefreshToken(call.sql, institution.institutionId, tokenHash);
  const now = call.nowIn(institution);
  if (stored === undefined || stored.clientId !== call.application.clientId || stored.expiresAt <= now)
    return refuseUnknown(parts, call);
  assertInstitutionHeader(call, institution);
  if (stored.isChainRevoked) return;
  await call.writeIn(institution, async (write) => {
    await revokeChain(write, institution.institutionId, stored.chainId, now, parts.revocationMarginMs);
    await write.audit('token_revoked', { institutionUserId: stored.institutionUserId, details: { chainId: stored.chainId } });
  });
}

/** The header is not needed here; when it is sent it must be true (CR-07). */
function assertInstitutionHeader(call: RevokeCall, institution: Institution): void {
  const header = call.header('institutionId');
  if (header !== undefined && header !== institution.institutionId) throw call.error('institutionInvalid');
}

/** An unknown token is refused, or accepted as RFC 7009 wants where the institution has chosen so (CR-18). */
function refuseUnknown(parts: IdentityParts, call: RevokeCall): void {
  const header = call.header('institutionId');
  const institution = header === undefined ? undefined : parts.institutions.find(header);
  if (institution !== undefined && call.switchOf(institution, 'revoke.unknown') === 'accept') return;
  throw call.error('tokenInvalid');
}
