import { disarmFaults } from '@openbranch/contract/sandbox/fault-operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteFaults } from '../../../platform/delivery/delivery-fault.ts';
import { callFaultsChanged, deleteCallFaults } from '../../../platform/faults/call-fault-rows.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function disarmFaultsRoute({ institutions }: SandboxParts): Route {
  return route(disarmFaults).handle(async (call) => {
    const { institutionId, channel, faultId } = call.query;
    const institution = institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    await call.writeIn(institution, async (write) => {
      if (channel !== undefined || faultId === undefined) await deleteFaults(write.sql, institutionId, channel);
      if (faultId !== undefined || channel === undefined) {
        await deleteCallFaults(write.sql, institutionId, faultId);
        await write.announce(callFaultsChanged(institutionId));
      }
      await write.audit('institution_changed', { details: { what: 'faults' } });
    });
  });
}
