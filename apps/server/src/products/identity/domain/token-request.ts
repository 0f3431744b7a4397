import type { Application } from '../../../kernel/application.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { grantedScopes } from './scope-list.ts';

/** What a V2 token call asks for, once everything but the credentials of a user has been checked. */
export type TokenRequest =
  | { readonly grant: 'client_credentials'; readonly institutionId: string; readonly scopes: readonly string[] }
  | {
      readonly grant: 'password';
      readonly institutionId: string;
      readonly scopes: readonly string[];
      readonly username: string;
      readonly password: string;
    }
  | { readonly grant: 'refresh_token'; readonly refreshToken: string; readonly institutionId: string | undefined };

export type TokenRequestRefusal =
  | 'grantTypeInvalid'
  | 'institutionInvalid'
  | 'institutionNotAllowed'
  | 'scopeInvalid'
  | 'requestInvalid'
  | 'usernameInvalid'
  | 'passwordInvalid';

export interface TokenFields {
  readonly grant_type?: string;
  readonly scopes?: string;
  readonly scope?: string;
  readonly username?: string;
  readonly password?: string;
  readonly refresh_token?: string;
}

export type FindInstitution = (institutionId: string) => { readonly isActive: boolean } | undefined;

const fiveDigits = /^[0-9]{5}$/u;
const longestCredential = 256;

/** Grant, institution, scopes, fields of the grant: the first that fails wins (contract sheet "Conventions", section 3). */
export function decideTokenRequest(
  fields: TokenFields,
  institutionHeader: string | undefined,
  application: Application,
  findInstitution: FindInstitution,
): Result<TokenRequest, TokenRequestRefusal> {
  const grant = fields.grant_type;
  if (grant === undefined || !application.grantsV2.has(grant)) return refuse('grantTypeInvalid');
  if (grant === 'refresh_token') return decideRefreshRequest(fields, institutionHeader, findInstitution);
  if (grant !== 'client_credentials' && grant !== 'password') return refuse('grantTypeInvalid');

  const institutionId = institutionHeader ?? '';
  const institution = fiveDigits.test(institutionId) ? findInstitution(institutionId) : undefined;
  if (institution === undefined || !institution.isActive) return refuse('institutionInvalid');
  if (!application.institutionIds.has(institutionId)) return refuse('institutionNotAllowed');

  const scopes = grantedScopes(fields.scopes ?? fields.scope, application.allowedScopes);
  if (scopes === undefined) return refuse('scopeInvalid');
  if (grant === 'client_credentials') return accept({ grant, institutionId, scopes });

  const { username, password } = fields;
  if (!isGoodUsername(username)) return refuse('usernameInvalid');
  if (!isGoodPassword(password)) return refuse('passwordInvalid');
  return accept({ grant, institutionId, scopes, username, password });
}

function decideRefreshRequest(
  fields: TokenFields,
  institutionHeader: string | undefined,
  findInstitution: FindInstitution,
): Result<TokenRequest, TokenRequestRefusal> {
  if (institutionHeader !== undefined && findInstitution(institutionHeader) === undefined) return refuse('institutionInvalid');
  if (fields.refresh_token === undefined || fields.refresh_token === '') return refuse('requestInvalid');
  return accept({ grant: 'refresh_token', refreshToken: fields.refresh_token, institutionId: institutionHeader });
}

/** 1 to 256 printable ASCII characters, not only blanks. */
export function isGoodUsername(username: string | undefined): username is string {
  return username !== undefined && /^[\x20-\x7e]{1,256}$/u.test(username) && username.trim() !== '';
}

/** 1 to 256 characters, not only blanks. */
export function isGoodPassword(password: string | undefined): password is string {
  return password !== undefined && password.length <= longestCredential && password.trim() !== '';
}
