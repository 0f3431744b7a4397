import { resetInstitution } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteMessages } from '../../../platform/delivery/message-store.ts';
import { callFaultsChanged, deleteCallFaults } from '../../../platform/faults/call-fault-rows.ts';
import { revokeAllChains } from '../../identity/index.ts';
import { isLarge, lockSignIns, switchOff } from '../store/seed-rows.ts';
import { emptyInPieces } from './empty-in-pieces.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

/**
 * One transaction; but a large institution is first switched off and emptied piece by piece. It stays off until a reset
 * has come to its end, and whoever asks for one goes on where the last one was.
 */
export function resetInstitutionRoute(parts: SandboxParts): Route {
  return route(resetInstitution).handle(async (call) => {
    const { institutionId } = call.params;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const passwords = await parts.seed.hashPasswords(institutionId);
    if (await isLarge(call.sql, institutionId)) {
      await call.writeIn(institution, async (write) => {
        await switchOff(write.sql, institutionId);
        await write.audit('institution_changed', { details: { what: 'switched off for a reset' } });
        await write.announce(institutionChanged(institution));
      });
      await emptyInPieces(call.sql, institutionId, () =>
        call.writeIn(institution, (write) => revokeAllChains(write, institutionId, call.nowIn(institution))),
      );
    }
    await call.writeIn(institution, async (write) => {
      // A token that is granted at this moment must not outlive the reset.
      await lockSignIns(write.sql, institutionId);
      await revokeAllChains(write, institutionId, call.nowIn(institution));
      await deleteCallFaults(write.sql, institutionId);
      await parts.seed.replant(write.sql, institutionId, passwords, new Date());
      // After the alerts that were on their way; what is planted sends none.
      await deleteMessages(write.sql, institutionId);
      await write.audit('sandbox_reset');
      await write.announce(institutionChanged(institution), callFaultsChanged(institutionId));
    });
  });
}
