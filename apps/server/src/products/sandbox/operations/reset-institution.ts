import { resetInstitution } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteMessages } from '../../../platform/delivery/message-store.ts';
import { callFaultsChanged, deleteCallFaults } from '../../../platform/faults/call-fault-rows.ts';
import { revokeAllChains } from '../../identity/index.ts';
import { lockSignIns } from '../store/seed-rows.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function resetInstitutionRoute(parts: SandboxParts): Route {
  return route(resetInstitution).handle(async (call) => {
    const { institutionId } = call.params;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const passwords = await parts.seed.hashPasswords(institutionId);
    await call.writeIn(institution, async (write) => {
      // A token that is granted at this moment must not outlive the reset.
      await lockSignIns(write.sql, institutionId);
      await revokeAllChains(write, institutionId, call.nowIn(institution));
      await deleteMessages(write.sql, institutionId);
      await deleteCallFaults(write.sql, institutionId);
      await parts.seed.replant(write.sql, institutionId, passwords, new Date());
      await write.audit('sandbox_reset');
      await write.announce(institutionChanged(institution), callFaultsChanged(institutionId));
    });
  });
}
