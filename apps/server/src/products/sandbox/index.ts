import type { Route } from '../../http/route.ts';
import { advanceClockRoute } from './operations/advance-clock.ts';
import { armFaultRoute } from './operations/arm-fault.ts';
import { disarmFaultsRoute } from './operations/disarm-faults.ts';
import { getClockRoute } from './operations/get-clock.ts';
import { getLockoutPolicyRoute } from './operations/get-lockout-policy.ts';
import { listFaultsRoute } from './operations/list-faults.ts';
import { listInboxRoute } from './operations/list-inbox.ts';
import { listSwitchesRoute } from './operations/list-switches.ts';
import { resetInstitutionRoute } from './operations/reset-institution.ts';
import type { SandboxParts } from './operations/sandbox-parts.ts';
import { setClockRoute } from './operations/set-clock.ts';
import { setLockoutPolicyRoute } from './operations/set-lockout-policy.ts';
import { setSwitchRoute } from './operations/set-switch.ts';
import { waitForMessageRoute } from './operations/wait-for-message.ts';

export { readDocumentKey, writeDocumentKeys } from './operations/document-keys.ts';
export { describeSandbox, postmanValues, publicValues, type SandboxFiles, writeSandboxFiles } from './operations/sandbox-file.ts';
export { createSandboxSeed, type SandboxSeed } from './operations/sandbox-seed.ts';

/** None of these exists in production. */
export function sandboxRoutes(parts: SandboxParts): readonly Route[] {
  return [
    getClockRoute(parts),
    setClockRoute(parts),
    advanceClockRoute(parts),
    resetInstitutionRoute(parts),
    listInboxRoute(parts),
    waitForMessageRoute(parts),
    listFaultsRoute(parts),
    armFaultRoute(parts),
    disarmFaultsRoute(parts),
    listSwitchesRoute(parts),
    setSwitchRoute(parts),
    getLockoutPolicyRoute(parts),
    setLockoutPolicyRoute(parts),
  ];
}
