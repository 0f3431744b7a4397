import { randomUUID } from 'node:crypto';
import { requestTokenV1 } from '@openbranch/contract/identity/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { switchValue } from '@openbranch/contract/switches';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import { decideTokenRequestV1, type TokenRequestV1 } from '../domain/token-request-v1.ts';
import { startChain, subjectOf } from './grant-tokens.ts';
import type { IdentityParts } from './identity-parts.ts';

type TokenCall = Call<typeof requestTokenV1>;
type Answer = AnswerOf<typeof requestTokenV1>;

const longestOfferingId = 64;

/** T5: the V1 token call, XML out. */
export function requestTokenV1Route(parts: IdentityParts): Route {
  return route(requestTokenV1).handle(async (call) => {
    if ((call.header('offering_id')?.length ?? 0) > longestOfferingId) throw call.error('headerInvalid');
    const institutionHeader = call.header('di_fiid');
    const institution = institutionHeader === undefined ? undefined : parts.institutions.find(institutionHeader);
    const decision = decideTokenRequestV1(
      {
        fields: call.body,
        institutionHeader,
        userAgent: call.header('user-agent'),
        userAgentRule: institution === undefined ? switchValue({}, 'v1.user_agent') : call.switchOf(institution, 'v1.user_agent'),
      },
      call.application,
      (institutionId) => parts.institutions.find(institutionId),
    );
    if (!decision.ok) throw call.error(decision.refusal);
    if (institution === undefined) throw call.error('fiidNotAuthorized');
    return decision.value.grant === 'password'
      ? grantToUser(parts, call, institution, decision.value)
      : grantToApplication(parts, call, institution);
  });
}

function grantToApplication(parts: IdentityParts, call: TokenCall, institution: Institution): Answer {
  const { institutionId } = institution;
  const now = call.nowIn(institution);
  const { token, expiresIn } = parts.tokens.issue({
    application: call.application,
    institutionId,
    edition: 'v1',
    scopes: [],
    now,
  });
  parts.metrics.tokenGranted('v1', 'client_credentials');
  return { di_fiid: institutionId, access_token: token, expires_in: String(expiresIn) };
}

async function grantToUser(
  parts: IdentityParts,
  call: TokenCall,
  institution: Institution,
  request: TokenRequestV1 & { grant: 'password' },
): Promise<Answer> {
  const { application } = call;
  const { institutionId } = institution;
  const now = call.nowIn(institution);
  const outcome = await parts.signIn({
    sql: call.sql,
    institution,
    now,
    loginName: request.username,
    password: request.password,
    userTypes: ['RETAIL'],
    write: (work) => call.writeIn(institution, work),
    onSuccess: async (write, signedIn) => {
      const chainId = randomUUID();
      const offeringId = call.header('offering_id') ?? application.offeringId;
      const details = { grant: 'password', edition: 'v1', chainId, offeringId };
      // Sent together: the connection keeps this order, and the database is waited for once.
      await Promise.all([
        startChain(write, { application, institutionId, chainId, scopes: [], now, signedIn }, 'v1'),
        write.audit('token_granted', { institutionUserId: signedIn.user.institutionUserId, details }),
      ]);
      return subjectOf(signedIn, chainId);
    },
  });
  if (!outcome.ok) throw call.error('credentialsInvalid');
  parts.metrics.tokenGranted('v1', 'password');
  const subject = outcome.value;
  const { token, expiresIn } = parts.tokens.issue({ application, institutionId, edition: 'v1', scopes: [], now, subject });
  return {
    di_fiid: institutionId,
    di_ficustomer: subject.customerId,
    ...(subject.memberNumber === undefined ? {} : { di_member_number: subject.memberNumber }),
    access_token: token,
    expires_in: String(expiresIn),
    ...(call.switchOf(institution, 'token.v1.refresh_out') ? unusedRefreshToken(application.refreshTtl) : {}),
  };
}

/** V1 answers a refresh token although no V1 grant takes one (CR-08): it is of the right shape and opens nothing. */
function unusedRefreshToken(ttl: number) {
  return { refresh_token: randomAlphanumeric(32), refresh_token_expires_in: String(ttl - 1) };
}
