import type { Application } from '../kernel/application.ts';
import type { BearerOutcome } from '../kernel/principal.ts';
import type { Sql } from '../platform/db/database.ts';
import type { CallFaults } from '../platform/faults/call-faults.ts';
import type { Clock } from '../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../platform/institutions/institution-directory.ts';
import type { KeyRing } from '../platform/keys/key-ring.ts';
import type { CallLimits } from '../platform/limits/call-limits.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import type { RunWrite } from '../platform/transactions/unit-of-work.ts';

/** What the edge asks of the rest of the program; the composition root fills it in. */
export interface EdgePorts {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
  readonly runWrite: RunWrite;
  readonly institutions: InstitutionDirectory;
  readonly clock: Clock;
  readonly limits: CallLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Proves an access token of the given edition. */
  readonly verifyBearer: (token: string, edition: 'v1' | 'v2') => BearerOutcome;
  /** Proves the keys of an application, from the value of the header Authorization. */
  readonly authenticateClient: (authorization: string | undefined) => Application | undefined;
  /** True for the key of the sandbox; absent in production. */
  readonly isSandboxKey: ((key: string) => boolean) | undefined;
  /** What calls of the sandbox meet in place of the truth; absent in production. */
  readonly faults: CallFaults | undefined;
}
