import type { Application } from '../../../kernel/application.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type FindInstitution, isGoodPassword, isGoodUsername } from './token-request.ts';

/** What a V1 token call asks for (contract sheet "Authentication", section 8). */
export type TokenRequestV1 =
  | { readonly grant: 'client_credentials'; readonly institutionId: string }
  | { readonly grant: 'password'; readonly institutionId: string; readonly username: string; readonly password: string };

export type TokenRequestV1Refusal =
  | 'headerInvalid'
  | 'grantTypeInvalid'
  | 'grantNotSupported'
  | 'fiidInvalid'
  | 'fiidNotAuthorized'
  | 'usernameInvalid'
  | 'passwordInvalid';

export interface TokenCallV1 {
  readonly fields: { readonly grant_type?: string; readonly username?: string; readonly password?: string };
  readonly institutionHeader: string | undefined;
  readonly userAgent: string | undefined;
  /** CR-09 */
  readonly userAgentRule: 'present' | 'format' | 'off';
}

/** `App/Version[/Device][;Platform]` (CR-09); bounded before it is matched. */
const userAgentForm = /^[^/;]{1,64}\/[^/;]{1,64}(?:\/[^/;]{1,128})?(?:;.{1,512})?$/u;

export function decideTokenRequestV1(
  call: TokenCallV1,
  application: Application,
  findInstitution: FindInstitution,
): Result<TokenRequestV1, TokenRequestV1Refusal> {
  if (!isGoodUserAgent(call)) return refuse('headerInvalid');
  const { grant_type: grant, username, password } = call.fields;
  if (grant !== 'client_credentials' && grant !== 'password') return refuse('grantTypeInvalid');
  if (!application.grantsV1.has(grant)) return refuse('grantNotSupported');
  const institutionId = call.institutionHeader ?? '';
  if (!/^[0-9]{5}$/u.test(institutionId)) return refuse('fiidInvalid');
  const institution = findInstitution(institutionId);
  if (institution === undefined || !institution.isActive || !application.institutionIds.has(institutionId))
    return refuse('fiidNotAuthorized');
  if (grant === 'client_credentials') return accept({ grant, institutionId });
  if (!isGoodUsername(username)) return refuse('usernameInvalid');
  if (!isGoodPassword(password)) return refuse('passwordInvalid');
  return accept({ grant, institutionId, username, password });
}

function isGoodUserAgent({ userAgent, userAgentRule }: TokenCallV1): boolean {
  if (userAgentRule === 'off') return true;
  if (userAgent === undefined) return false;
  return userAgentRule === 'present' || userAgentForm.test(userAgent);
}
