import { armFault } from '@openbranch/contract/sandbox/fault-operations';
import { type Route, route } from '../../../http/route.ts';
import { saveFault } from '../../../platform/delivery/delivery-fault.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const defaultDelayMs = 2000;

export function armFaultRoute({ institutions }: SandboxParts): Route {
  return route(armFault).handle(async (call) => {
    const { institutionId } = call.query;
    const { channel, kind, percent = 100, delayMs = defaultDelayMs } = call.body;
    const institution = institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    await call.writeIn(institution, async (write) => {
      await saveFault(write.sql, institutionId, { channel, kind, percent, delayMs });
      await write.audit('institution_changed', { details: { what: 'fault', channel, kind } });
    });
    return { institutionId, channel, kind, percent, delayMs };
  });
}
