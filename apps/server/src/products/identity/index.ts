import type { Route } from '../../http/route.ts';
import { getKeySetRoute } from './operations/get-key-set.ts';
import { getServerMetadataRoute } from './operations/get-server-metadata.ts';
import type { IdentityParts } from './operations/identity-parts.ts';
import { introspectTokenRoute } from './operations/introspect-token.ts';
import { requestTokenRoute } from './operations/request-token.ts';
import { requestTokenV1Route } from './operations/request-token-v1.ts';
import { revokeTokenRoute } from './operations/revoke-token.ts';

export { createAccessTokens } from './operations/access-tokens.ts';
export { createAuthenticateClient, hashApplicationSecret } from './operations/authenticate-client.ts';
export { createApplication } from './operations/create-application.ts';
export { productionMarginMs, revokeAllChains, revokeChainsOfUser, sandboxMarginMs } from './operations/revoke-chain.ts';
export { rotateApplicationSecret } from './operations/rotate-application-secret.ts';
export { rotateSigningKeys } from './operations/rotate-signing-keys.ts';
export { setApplicationEnabled } from './operations/set-application-enabled.ts';
export { openApplicationDirectory } from './store/application-directory.ts';
export { listApplications } from './store/applications.ts';
export { createRevocationList } from './store/revocation-list.ts';
export { createSecretUsage } from './store/secret-usage.ts';
export { sweepExpiredTokens } from './tasks/sweep-expired.ts';

export function identityRoutes(parts: IdentityParts): readonly Route[] {
  return [
    requestTokenRoute(parts),
    revokeTokenRoute(parts),
    introspectTokenRoute(parts),
    requestTokenV1Route(parts),
    getKeySetRoute(parts),
    getServerMetadataRoute(parts),
  ];
}
