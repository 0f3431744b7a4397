import { operation } from '../operation.ts';
import { discoveryFamily, introspectionFamily, oauthV1Family, oauthV2Family } from './families.ts';
import {
  IntrospectionAnswer,
  KeySet,
  ServerMetadata,
  TokenAnswerV1,
  TokenAnswerV2,
  TokenOnly,
  TokenRequestV1,
  TokenRequestV2,
} from './schemas.ts';

const institutionHeader = {
  name: 'institutionId',
  isRequired: false,
  description: 'Institution, five digits. Needed for the grants client_credentials and password.',
} as const;

/** T1 (contract sheet "Authentication", section 3). */
export const requestToken = operation({
  id: 'requestToken',
  product: 'identity',
  summary: 'Get a V2 access token',
  description: 'Grants client_credentials (the institution, no user), password (one user) and refresh_token (a new pair).',
  family: oauthV2Family,
  scopes: [],
  method: 'POST',
  path: '/oauth2/v1/token',
  aliases: ['/v1/token'],
  body: TokenRequestV2,
  bodyFormat: 'form',
  headers: [institutionHeader],
  success: { status: 200, body: TokenAnswerV2 },
  errors: [
    'institutionInvalid',
    'institutionUserInvalid',
    'grantTypeInvalid',
    'requestInvalid',
    'scopeInvalid',
    'usernameInvalid',
    'passwordInvalid',
    'tokenInvalid',
    'userInvalid',
    'userCredentialsInvalid',
    'institutionNotAllowed',
    'overloaded',
  ],
  example: { headers: { institutionId: '{{institutionId}}' }, body: { grant_type: 'client_credentials' } },
});

/** T2 (contract sheet "Authentication", section 4; RFC 7009). */
export const revokeToken = operation({
  id: 'revokeToken',
  product: 'identity',
  summary: 'Revoke an access or refresh token',
  description:
    'A refresh token dies with every access token of its chain; an access token dies alone. POST answers 200, as RFC 7009 wants.',
  family: oauthV2Family,
  scopes: [],
  method: 'DELETE',
  path: '/oauth2/v1/revoke',
  aliases: ['/v1/revoke'],
  verbAliases: [{ method: 'POST', status: 200 }],
  body: TokenOnly,
  bodyFormat: 'form',
  success: { status: 204 },
  errors: ['requestInvalid', 'tokenInvalid', 'institutionInvalid'],
  example: { body: { token: '{{disposableToken}}' } },
});

/** RFC 7662. */
export const introspectToken = operation({
  id: 'introspectToken',
  product: 'identity',
  summary: 'Ask whether a token is live',
  description: 'RFC 7662. An application learns about its own tokens; a gateway application about those of its institutions.',
  family: introspectionFamily,
  scopes: [],
  method: 'POST',
  path: '/oauth2/v1/introspect',
  body: TokenOnly,
  bodyFormat: 'form',
  success: { status: 200, body: IntrospectionAnswer },
  errors: ['requestInvalid'],
  example: { body: { token: '{{accessToken}}' } },
});

/** T5 (contract sheet "Authentication", section 8). */
export const requestTokenV1 = operation({
  id: 'requestTokenV1',
  product: 'identity',
  summary: 'Get a V1 access token',
  description: 'Grants client_credentials and password (retail users only). The answer is XML on every status.',
  family: oauthV1Family,
  scopes: [],
  method: 'POST',
  path: '/v1/oauth/token',
  body: TokenRequestV1,
  bodyFormat: 'form',
  headers: [
    { name: 'di_fiid', isRequired: true, description: 'Institution, five digits; the token is limited to it.' },
    { name: 'user-agent', isRequired: true, description: 'Application and platform: App/Version[/Device][;Platform].' },
    { name: 'offering_id', isRequired: false, description: 'Name of the client application; its own by default.' },
  ],
  success: { status: 200, body: TokenAnswerV1, xmlRoot: 'token' },
  errors: [
    'grantTypeInvalid',
    'usernameInvalid',
    'passwordInvalid',
    'fiidInvalid',
    'headerInvalid',
    'requestInvalid',
    'fiidNotAuthorized',
    'credentialsInvalid',
    'grantNotSupported',
    'overloaded',
  ],
  example: { headers: { di_fiid: '{{institutionId}}', 'user-agent': 'Postman/1.0' }, body: { grant_type: 'client_credentials' } },
});

/** RFC 7517. */
export const getKeySet = operation({
  id: 'getKeySet',
  product: 'identity',
  summary: 'Public keys that verify access tokens',
  description: 'RFC 7517. A gateway can verify access tokens offline with these keys.',
  family: discoveryFamily,
  scopes: [],
  method: 'GET',
  path: '/.well-known/jwks.json',
  cacheSeconds: 30,
  success: { status: 200, body: KeySet },
  errors: [],
  example: {},
});

/** RFC 8414. */
export const getServerMetadata = operation({
  id: 'getServerMetadata',
  product: 'identity',
  summary: 'Metadata of the authorization server',
  description: 'RFC 8414, also where OpenID Connect Discovery looks for it.',
  family: discoveryFamily,
  scopes: [],
  method: 'GET',
  path: '/.well-known/oauth-authorization-server',
  aliases: ['/.well-known/openid-configuration'],
  cacheSeconds: 300,
  success: { status: 200, body: ServerMetadata },
  errors: [],
  example: {},
});
