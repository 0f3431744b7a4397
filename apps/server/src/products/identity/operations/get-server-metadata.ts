import { getServerMetadata } from '@openbranch/contract/identity/operations';
import { scopes } from '@openbranch/contract/scopes';
import { type Route, route } from '../../../http/route.ts';
import type { IdentityParts } from './identity-parts.ts';

/** RFC 8414 section 2. There is no authorization endpoint, hence no response type. */
export function getServerMetadataRoute({ issuer }: IdentityParts): Route {
  return route(getServerMetadata).handle(async () => toMetadata(issuer()));
}

function toMetadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth2/v1/token`,
    revocation_endpoint: `${issuer}/oauth2/v1/revoke`,
    introspection_endpoint: `${issuer}/oauth2/v1/introspect`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: Object.keys(scopes),
    response_types_supported: [],
    grant_types_supported: ['client_credentials', 'password', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    subject_types_supported: ['public'],
    service_documentation: `${issuer}/docs`,
  };
}
