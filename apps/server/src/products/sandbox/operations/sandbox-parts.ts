import type { Core, OpaqueIds } from '../../../core/index.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { type Change, reloadKeptMs } from '../../../platform/change-feed/change-feed.ts';
import type { Inbox } from '../../../platform/delivery/inbox.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { ClockJob } from '../../../platform/jobs/clock-job.ts';
import type { SandboxSeed } from './sandbox-seed.ts';

/** What the operations of the sandbox work with; made once by the composition root. */
export interface SandboxParts {
  readonly institutions: InstitutionDirectory;
  readonly clock: Clock;
  readonly seed: SandboxSeed;
  readonly inbox: Inbox;
  readonly core: Core;
  readonly ids: OpaqueIds;
  /** Jobs that follow the clock of an institution: moving it runs them. */
  readonly clockJobs: readonly ClockJob[];
}

/** Tells every process to read an institution again. */
export function institutionChanged({ institutionId }: Institution): Change {
  return { topic: 'institution_changed', institutionId, subject: institutionId, expiresAt: new Date(Date.now() + reloadKeptMs) };
}
