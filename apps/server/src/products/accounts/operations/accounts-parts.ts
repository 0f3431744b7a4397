import type { Core, OpaqueIds } from '../../../core/index.ts';

/** What the operations of accounts work with; made once by the composition root. */
export interface AccountsParts {
  readonly core: Core;
  readonly ids: OpaqueIds;
}
