import Type from 'typebox';

/**
 * Form fields of the token calls. All are plain optional strings: which are needed, in which order they are looked at
 * and with which code each is refused are rules of the operation (contract sheet "Authentication", sections 3 and 8).
 */
const field = (description: string) => Type.Optional(Type.String({ description }));

export const TokenRequestV2 = Type.Object({
  grant_type: field('client_credentials, password or refresh_token'),
  scopes: field('Scopes, separated by commas or blanks; absent means all that the application is allowed'),
  scope: field('Alias of scopes'),
  username: field('Login name, for grant password; at most 256 printable ASCII characters'),
  password: field('Password, for grant password; at most 256 characters'),
  refresh_token: field('Refresh token, for grant refresh_token'),
});

export const TokenRequestV1 = Type.Object({
  grant_type: field('client_credentials or password'),
  username: field('Login name of a retail user, for grant password'),
  password: field('Password, for grant password'),
});

/** Seconds on the wire: a string, or a number where a switch says so (CR-03). */
const Seconds = Type.Unsafe<string | number>({ type: ['string', 'number'], description: 'Seconds left' });

export const TokenAnswerV2 = Type.Object({
  access_token: Type.String({ description: 'JWT (at+jwt, ES256); opaque to applications' }),
  expires_in: Seconds,
  refresh_token: Type.Optional(
    Type.String({ pattern: '^[0-9A-Za-z]{32}$', description: 'Grants password and refresh_token only' }),
  ),
  refresh_token_expires_in: Type.Optional(Seconds),
  token_type: Type.String({ description: 'Bearer' }),
  di_ficustomer: Type.Optional(Type.String({ description: 'Customer id of a retail user, grant password only (CR-10)' })),
  di_member_number: Type.Optional(Type.String({ description: 'Member number of a retail user, grant password only (CR-10)' })),
});

/** The order of the members is the order of the XML elements. */
export const TokenAnswerV1 = Type.Object({
  di_fiid: Type.String(),
  di_ficustomer: Type.Optional(Type.String()),
  di_member_number: Type.Optional(Type.String()),
  access_token: Type.String(),
  expires_in: Type.String(),
  refresh_token: Type.Optional(Type.String()),
  refresh_token_expires_in: Type.Optional(Type.String()),
});

export const TokenOnly = Type.Object({
  token: field('Access or refresh token'),
  token_type_hint: field('access_token or refresh_token; only a hint'),
});

/** RFC 7662 section 2.2; everything but `active` is left out for a token that is not active. */
export const IntrospectionAnswer = Type.Object({
  active: Type.Boolean(),
  scope: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  token_type: Type.Optional(Type.String()),
  exp: Type.Optional(Type.Integer()),
  iat: Type.Optional(Type.Integer()),
  sub: Type.Optional(Type.String()),
  aud: Type.Optional(Type.String()),
  iss: Type.Optional(Type.String()),
  jti: Type.Optional(Type.String()),
  institution_id: Type.Optional(Type.String()),
  edition: Type.Optional(Type.String()),
  institution_user_id: Type.Optional(Type.String()),
  customer_id: Type.Optional(Type.String()),
  member_number: Type.Optional(Type.String()),
});

/** RFC 7517: public keys only. */
export const KeySet = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      crv: Type.String(),
      x: Type.String(),
      y: Type.String(),
      kid: Type.String(),
      alg: Type.String(),
      use: Type.String(),
    }),
  ),
});

/** RFC 8414 section 2. */
export const ServerMetadata = Type.Object({
  issuer: Type.String(),
  token_endpoint: Type.String(),
  revocation_endpoint: Type.String(),
  introspection_endpoint: Type.String(),
  jwks_uri: Type.String(),
  scopes_supported: Type.Array(Type.String()),
  response_types_supported: Type.Array(Type.String()),
  grant_types_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
  introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
  subject_types_supported: Type.Array(Type.String()),
  service_documentation: Type.String(),
});
