import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { SigningKeyRing } from '../../../platform/keys/signing-key-ring.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { SignIn } from '../../customers/index.ts';
import type { ApplicationDirectory } from '../store/application-directory.ts';
import type { AccessTokens } from './access-tokens.ts';

/** What the operations of this product work with; made once by the composition root. */
export interface IdentityParts {
  /** The public URL, which is also the issuer of tokens; known once the server listens. */
  readonly issuer: () => string;
  readonly institutions: InstitutionDirectory;
  readonly keyRing: KeyRing;
  readonly keys: SigningKeyRing;
  readonly tokens: AccessTokens;
  readonly applications: ApplicationDirectory;
  /** How long a revocation is remembered beyond the life of what it ends. */
  readonly revocationMarginMs: number;
  readonly signIn: SignIn;
  readonly metrics: Metrics;
}
