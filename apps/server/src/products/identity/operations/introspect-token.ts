import { introspectToken } from '@openbranch/contract/identity/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Application } from '../../../kernel/application.ts';
import { institutionOfRefreshToken } from '../domain/refresh-token.ts';
import { findRefreshToken } from '../store/token-chains.ts';
import { mayAct } from './access-tokens.ts';
import { hashRefreshToken } from './grant-tokens.ts';
import type { IdentityParts } from './identity-parts.ts';

type Answer = AnswerOf<typeof introspectToken>;

/** RFC 7662. Whatever the caller may not know about is not active. */
export function introspectTokenRoute(parts: IdentityParts): Route {
  return route(introspectToken).handle(async (call) => {
    const { token } = call.body;
    if (token === undefined || token === '') throw call.error('requestInvalid');
    return introspectAccessToken(parts, call.application, token) ?? introspectRefreshToken(parts, call, token);
  });
}

const inactive: Answer = { active: false };

function introspectAccessToken(parts: IdentityParts, application: Application, token: string): Answer | undefined {
  const claims = parts.tokens.read(token);
  if (claims === undefined) return undefined;
  const { sid: _chain, ...shown } = claims;
  const isCovered = mayLearn(application, claims.client_id, claims.institution_id);
  return isCovered && parts.tokens.isLive(claims) ? { active: true, token_type: 'Bearer', ...shown } : inactive;
}

async function introspectRefreshToken(parts: IdentityParts, call: Call<typeof introspectToken>, token: string): Promise<Answer> {
  const institutionId = institutionOfRefreshToken(token);
  const institution = institutionId === undefined ? undefined : parts.institutions.find(institutionId);
  if (institution === undefined) return inactive;
  const stored = await findRefreshToken(call.sql, institution.institutionId, hashRefreshToken(parts.keyRing, token));
  if (stored === undefined || !mayLearn(call.application, stored.clientId, institution.institutionId)) return inactive;
  // What T1 would refuse is not active either.
  const owner = parts.applications.find(stored.clientId);
  if (owner === undefined || !mayAct(owner, institution)) return inactive;
  if (stored.isChainRevoked || stored.usedAt !== undefined || stored.expiresAt <= call.nowIn(institution)) return inactive;
  return {
    active: true,
    client_id: stored.clientId,
    scope: stored.scopes.join(' '),
    exp: Math.floor(stored.expiresAt.getTime() / 1000),
    institution_id: institution.institutionId,
    institution_user_id: stored.institutionUserId,
  };
}

function mayLearn(application: Application, clientId: string, institutionId: string): boolean {
  if (application.clientId === clientId) return true;
  return application.introspection === 'institution' && application.institutionIds.has(institutionId);
}
