import type { Route } from '../../http/route.ts';
import { advanceClockRoute } from './operations/advance-clock.ts';
import { armCallFaultRoute } from './operations/arm-call-fault.ts';
import { armFaultRoute } from './operations/arm-fault.ts';
import { bookPostingRoute } from './operations/book-posting.ts';
import { cancelTransferScheduleRoute } from './operations/cancel-transfer-schedule.ts';
import { deleteTransferLimitsRoute } from './operations/delete-transfer-limits.ts';
import { disarmFaultsRoute } from './operations/disarm-faults.ts';
import { getClockRoute } from './operations/get-clock.ts';
import { getPolicyRoute } from './operations/get-policy.ts';
import { getTransferLimitsRoute } from './operations/get-transfer-limits.ts';
import { listFaultsRoute } from './operations/list-faults.ts';
import { listInboxRoute } from './operations/list-inbox.ts';
import { listSwitchesRoute } from './operations/list-switches.ts';
import { listTransferSchedulesRoute } from './operations/list-transfer-schedules.ts';
import { postHoldRoute } from './operations/post-hold.ts';
import { resetInstitutionRoute } from './operations/reset-institution.ts';
import type { SandboxParts } from './operations/sandbox-parts.ts';
import { setClockRoute } from './operations/set-clock.ts';
import { setPolicyRoute } from './operations/set-policy.ts';
import { setSwitchRoute } from './operations/set-switch.ts';
import { setTransferLimitsRoute } from './operations/set-transfer-limits.ts';
import { voidHoldRoute } from './operations/void-hold.ts';
import { waitForMessageRoute } from './operations/wait-for-message.ts';

export { readDocumentKey, writeDocumentKeys } from './operations/document-keys.ts';
export { findLoadedCustomer, type LoadOutcome, loadCustomers } from './operations/load-customers.ts';
export { describeSandbox, postmanValues, publicValues, type SandboxFiles, writeSandboxFiles } from './operations/sandbox-file.ts';
export { createSandboxSeed, type SandboxSeed } from './operations/sandbox-seed.ts';

export { readSeedAccounts } from './operations/seed-accounts.ts';

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
    armCallFaultRoute(parts),
    disarmFaultsRoute(parts),
    listSwitchesRoute(parts),
    setSwitchRoute(parts),
    getPolicyRoute(parts),
    setPolicyRoute(parts),
    bookPostingRoute(parts),
    postHoldRoute(parts),
    voidHoldRoute(parts),
    listTransferSchedulesRoute(parts),
    cancelTransferScheduleRoute(parts),
    getTransferLimitsRoute(parts),
    setTransferLimitsRoute(parts),
    deleteTransferLimitsRoute(parts),
  ];
}
