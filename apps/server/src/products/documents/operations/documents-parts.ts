import type { Core, OpaqueIds } from '../../../core/index.ts';
import type { LineLog } from '../../../platform/db/line-log.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { CompleteRegistration } from '../../customers/index.ts';

/** What the operations on documents work with; made once by the composition root. */
export interface DocumentsParts {
  readonly core: Core;
  readonly ids: OpaqueIds;
  readonly personalData: PersonalData;
  readonly log: LineLog;
  /** Tells that a user has accepted everything that the institution requires. */
  readonly completeRegistration: CompleteRegistration;
}
