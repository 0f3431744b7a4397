import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { SigningKeyRing } from '../../../platform/keys/signing-key-ring.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { SignIn } from '../../customers/index.ts';
import type { AccessTokens } from './access-tokens.ts';

/** What the operations of this product work with; made once by the composition root. */
export interface IdentityParts {
  /** The public URL, which is also the issuer of tokens; known once the server listens. */
  readonly issuer: () => string;
  readonly institutions: InstitutionDirectory;
  readonly keyRing: KeyRing;
  readonly keys: SigningKeyRing;
  readonly tokens: AccessTokens;
  readonly signIn: SignIn;
  readonly metrics: Metrics;
}
