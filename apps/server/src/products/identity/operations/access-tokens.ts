import { randomUUID } from 'node:crypto';
import type { Application } from '../../../kernel/application.ts';
import type { Institution } from '../../../kernel/institution.ts';
import type { BearerOutcome } from '../../../kernel/principal.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { SigningKeyRing } from '../../../platform/keys/signing-key-ring.ts';
import { type AccessTokenClaims, type AccessTokenSubject, fromClaims, toClaims } from '../domain/access-token.ts';
import type { ApplicationDirectory } from '../store/application-directory.ts';
import type { RevocationList } from '../store/revocation-list.ts';

/** Issues access tokens and proves those that come back, without the database. */
export interface AccessTokens {
  issue(request: IssueRequest): IssuedToken;
  /** Signature and shape only: also of tokens that have expired or been revoked. */
  read(token: string): AccessTokenClaims | undefined;
  isRevoked(claims: AccessTokenClaims): boolean;
  /** True when `verifyBearer` would accept it for its edition. */
  isLive(claims: AccessTokenClaims): boolean;
  verifyBearer(token: string, edition: 'v1' | 'v2'): BearerOutcome;
}

export interface IssueRequest {
  readonly application: Application;
  readonly institutionId: string;
  readonly edition: 'v1' | 'v2';
  readonly scopes: readonly string[];
  readonly now: Date;
  readonly subject?: AccessTokenSubject;
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds left, as the wire shows them right after the issue: one less than its life. */
  readonly expiresIn: number;
}

export interface AccessTokenParts {
  readonly issuer: () => string;
  readonly keys: SigningKeyRing;
  readonly applications: ApplicationDirectory;
  readonly institutions: InstitutionDirectory;
  readonly revocations: RevocationList;
  readonly clock: Clock;
}

interface VerifiedToken {
  readonly claims: AccessTokenClaims;
  readonly scopes: ReadonlySet<string>;
}

/** Longer texts are no tokens of ours, and are not worth a signature check. */
const longestToken = 4096;
const cacheSize = 20_000;

export function createAccessTokens(parts: AccessTokenParts): AccessTokens {
  const verified = new Map<string, VerifiedToken>();

  const verify = (token: string): VerifiedToken | undefined => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const claims = readClaims(parts.keys, token);
    if (claims === undefined) return undefined;
    const fresh = { claims, scopes: new Set(claims.scope.split(' ')) };
    // The oldest entry makes room; verifying it again costs a tenth of a millisecond.
    if (verified.size >= cacheSize) for (const oldest of verified.keys()) if (verified.delete(oldest)) break;
    verified.set(token, fresh);
    return fresh;
  };

  const isRevoked = ({ jti, sid }: AccessTokenClaims): boolean => parts.revocations.isRevoked(jti, sid);

  return {
    issue: ({ application, institutionId, edition, scopes, now, subject }) => {
      const ttl = edition === 'v1' ? application.accessTtlV1 : application.accessTtlV2;
      const { clientId } = application;
      const claims = toClaims({
        issuer: parts.issuer(),
        clientId,
        institutionId,
        scopes,
        edition,
        tokenId: randomUUID(),
        now,
        ttl,
        subject,
      });
      return { token: parts.keys.sign(JSON.stringify(claims)), expiresIn: ttl - 1 };
    },
    read: (token) => verify(token)?.claims,
    isRevoked,
    isLive: (claims) => {
      const institution = parts.institutions.find(claims.institution_id);
      const application = parts.applications.find(claims.client_id);
      if (institution === undefined || application === undefined || !mayAct(application, institution)) return false;
      return !isRevoked(claims) && !hasExpired(claims, parts.clock, institution);
    },
    verifyBearer: (token, edition) => {
      const known = verify(token);
      if (known === undefined || known.claims.edition !== edition || isRevoked(known.claims)) return { kind: 'invalid' };
      const { claims, scopes } = known;
      const institution = parts.institutions.find(claims.institution_id);
      const application = parts.applications.find(claims.client_id);
      if (institution === undefined || application === undefined) return { kind: 'invalid' };
      const isOff = !institution.isActive && mayAct(application, { ...institution, isActive: true });
      if (isOff && !hasExpired(claims, parts.clock, institution)) return { kind: 'institutionOff' };
      if (!mayAct(application, institution)) return { kind: 'invalid' };
      if (hasExpired(claims, parts.clock, institution)) return { kind: 'expired', institution };
      const { institution_user_id: institutionUserId, customer_id: customerId } = claims;
      const user = institutionUserId === undefined || customerId === undefined ? undefined : { institutionUserId, customerId };
      return { kind: 'valid', principal: { application, institution, scopes, user } };
    },
  };
}

/** What an application may do is looked at when its token is used, not only when it is issued. */
export function mayAct(application: Application, institution: Institution): boolean {
  return application.isEnabled && institution.isActive && application.institutionIds.has(institution.institutionId);
}

function hasExpired(claims: AccessTokenClaims, clock: Clock, institution: Institution): boolean {
  return clock.now(institution).getTime() >= claims.exp * 1000;
}

function readClaims(keys: SigningKeyRing, token: string): AccessTokenClaims | undefined {
  if (token.length > longestToken) return undefined;
  const payload = keys.verify(token);
  return payload === undefined ? undefined : fromClaims(JSON.parse(payload));
}
