import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

/** node-oidc-provider, issuing ES256 JWT access tokens for client_credentials; its adapter keeps all in memory. */
const { PORT, ISSUER = '', CLIENT_ID, CLIENT_SECRET, SCOPES, INSTITUTION_ID } = process.env;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig', kid: 'bench' }] },
  routes: { token: '/oauth2/v1/token' },
  extraTokenClaims: () => ({ institution_id: INSTITUTION_ID, edition: 'v2' }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => ISSUER,
      getResourceServerInfo: () => ({
        scope: SCOPES,
        audience: ISSUER,
        accessTokenTTL: 1800,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});
provider.listen(Number(PORT), '127.0.0.1');
