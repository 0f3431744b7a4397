/** The claims of an access token (RFC 9068; contract sheet "Authentication", section 3.1). Times in seconds. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** The customer GUID of the user, or the application itself. */
  readonly sub: string;
  readonly client_id: string;
  readonly institution_id: string;
  /** Names separated by blanks (RFC 9068 section 2.2.3). */
  readonly scope: string;
  readonly edition: 'v1' | 'v2';
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** The chain: ends with its refresh tokens. */
  readonly sid?: string;
  readonly institution_user_id?: string;
  readonly customer_id?: string;
  readonly member_number?: string;
}

export interface AccessTokenSubject {
  readonly chainId: string;
  readonly institutionUserId: string;
  readonly customerId: string;
  readonly memberNumber: string | undefined;
}

export interface AccessTokenRequest {
  readonly issuer: string;
  readonly clientId: string;
  readonly institutionId: string;
  readonly scopes: readonly string[];
  readonly edition: 'v1' | 'v2';
  readonly tokenId: string;
  readonly now: Date;
  /** Seconds. */
  readonly ttl: number;
  readonly subject: AccessTokenSubject | undefined;
}

export function toClaims(request: AccessTokenRequest): AccessTokenClaims {
  const { issuer, subject } = request;
  const iat = Math.floor(request.now.getTime() / 1000);
  const claims = {
    iss: issuer,
    aud: issuer,
    sub: subject?.customerId ?? request.clientId,
    client_id: request.clientId,
    institution_id: request.institutionId,
    scope: request.scopes.join(' '),
    edition: request.edition,
    jti: request.tokenId,
    iat,
    exp: iat + request.ttl,
  };
  if (subject === undefined) return claims;
  return {
    ...claims,
    sid: subject.chainId,
    institution_user_id: subject.institutionUserId,
    customer_id: subject.customerId,
    ...(subject.memberNumber === undefined ? {} : { member_number: subject.memberNumber }),
  };
}

/** Reads the claims of a token whose signature is ours; undefined when they are not of our making. */
export function fromClaims(payload: unknown): AccessTokenClaims | undefined {
  if (!isRecord(payload)) return undefined;
  const { iss, aud, sub, client_id, institution_id, scope, edition, jti, iat, exp } = payload;
  if (!areTexts(iss, aud, sub, client_id, institution_id, scope, jti)) return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || (edition !== 'v1' && edition !== 'v2')) return undefined;
  return {
    iss: String(iss),
    aud: String(aud),
    sub: String(sub),
    client_id: String(client_id),
    institution_id: String(institution_id),
    scope: String(scope),
    edition,
    jti: String(jti),
    iat,
    exp,
    ...textMember(payload, 'sid'),
    ...textMember(payload, 'institution_user_id'),
    ...textMember(payload, 'customer_id'),
    ...textMember(payload, 'member_number'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function textMember(payload: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, string>> {
  const value = payload[name];
  return typeof value === 'string' ? { [name]: value } : {};
}
