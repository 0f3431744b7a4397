import { randomUUID } from 'node:crypto';
import { requestToken } from '@openbranch/contract/identity/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { institutionOfRefreshToken } from '../domain/refresh-token.ts';
import { decideTokenRequest, type TokenRequest } from '../domain/token-request.ts';
import { issuePair, startChain, toPairAnswer } from './grant-tokens.ts';
import type { IdentityParts } from './identity-parts.ts';
import { refreshPair } from './refresh-pair.ts';

type TokenCall = Call<typeof requestToken>;
type Answer = AnswerOf<typeof requestToken>;

/** T1: the V2 token call. */
export function requestTokenRoute(parts: IdentityParts): Route {
  return route(requestToken).handle(async (call) => {
    const findInstitution = (institutionId: string) => parts.institutions.find(institutionId);
    const decision = decideTokenRequest(call.body, call.header('institutionId'), call.application, findInstitution);
    if (!decision.ok) throw call.error(decision.refusal);
    const request = decision.value;
    switch (request.grant) {
      case 'client_credentials':
        return grantToApplication(parts, call, request);
      case 'password':
        return grantToUser(parts, call, request);
      case 'refresh_token':
        return grantByRefreshToken(parts, call, request);
    }
  });
}

function institutionOf(parts: IdentityParts, call: TokenCall, institutionId: string): Institution {
  const institution = parts.institutions.find(institutionId);
  if (institution === undefined) throw call.error('institutionInvalid');
  return institution;
}

/** Institution-wide, no user and no refresh token; nothing is written. */
function grantToApplication(
  parts: IdentityParts,
  call: TokenCall,
  request: TokenRequest & { grant: 'client_credentials' },
): Answer {
  const { institutionId, scopes } = request;
  const institution = institutionOf(parts, call, institutionId);
  const now = call.nowIn(institution);
  const { token, expiresIn } = parts.tokens.issue({ application: call.application, institutionId, edition: 'v2', scopes, now });
  parts.metrics.tokenGranted('v2', 'client_credentials');
  const asNumber = call.switchOf(institution, 'token.expires_number');
  return { access_token: token, expires_in: asNumber ? expiresIn : String(expiresIn), token_type: 'Bearer' };
}

async function grantToUser(
  parts: IdentityParts,
  call: TokenCall,
  request: TokenRequest & { grant: 'password' },
): Promise<Answer> {
  const { institutionId, scopes } = request;
  const { application } = call;
  const institution = institutionOf(parts, call, institutionId);
  const now = call.nowIn(institution);
  const outcome = await parts.signIn({
    sql: call.sql,
    institution,
    now,
    loginName: request.username,
    password: request.password,
    userTypes: ['RETAIL', 'BUSINESS'],
    write: (work) => call.writeIn(institution, work),
    onSuccess: async (write, signedIn) => {
      const chainId = randomUUID();
      const pairRequest = { application, institutionId, chainId, scopes, now, signedIn };
      const details = { grant: 'password', edition: 'v2', chainId };
      // Sent together: the connection keeps this order, and the database is waited for once.
      const [, pair] = await Promise.all([
        startChain(write, pairRequest, 'v2'),
        issuePair(write, parts.tokens, parts.keyRing, pairRequest),
        write.audit('token_granted', { institutionUserId: signedIn.user.institutionUserId, details }),
      ]);
      return { pair, signedIn };
    },
  });
  if (!outcome.ok) throw call.error('userCredentialsInvalid');
  parts.metrics.tokenGranted('v2', 'password');
  const { pair, signedIn } = outcome.value;
  const answer = toPairAnswer(pair, call.switchOf(institution, 'token.expires_number'));
  const memberNumber = signedIn.customers[0]?.memberNumber;
  const showsMember = signedIn.user.userType === 'RETAIL' && call.switchOf(institution, 'token.v2.member_fields');
  if (!showsMember || memberNumber === undefined) return answer;
  return { ...answer, di_ficustomer: signedIn.user.customerGuid, di_member_number: memberNumber };
}

async function grantByRefreshToken(
  parts: IdentityParts,
  call: TokenCall,
  request: TokenRequest & { grant: 'refresh_token' },
): Promise<Answer> {
  const { application } = call;
  const { refreshToken } = request;
  const institutionId = institutionOfRefreshToken(refreshToken);
  const institution = institutionId === undefined ? undefined : parts.institutions.find(institutionId);
  const isServed = institution?.isActive === true && application.institutionIds.has(institution.institutionId);
  if (institution === undefined || !isServed) throw call.error('tokenInvalid');
  if (request.institutionId !== undefined && request.institutionId !== institutionId) throw call.error('institutionInvalid');
  const now = call.nowIn(institution);
  const outcome = await call.writeIn(institution, (write) =>
    refreshPair(write, parts.tokens, parts.keyRing, {
      application,
      institution,
      refreshToken,
      now,
      revocationMarginMs: parts.revocationMarginMs,
    }),
  );
  if (!outcome.ok) throw call.error(outcome.refusal);
  parts.metrics.tokenGranted('v2', 'refresh_token');
  return toPairAnswer(outcome.value, call.switchOf(institution, 'token.expires_number'));
}
