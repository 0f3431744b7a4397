import { cancelTransferSchedule } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { cancelSchedule } from '../../money-movement/index.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function cancelTransferScheduleRoute(parts: SandboxParts): Route {
  return route(cancelTransferSchedule).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const scheduleId = call.params.scheduleId.toUpperCase();
    await call.writeIn(institution, async (write) => {
      const isCancelled = await cancelSchedule(write.sql, institution.institutionId, scheduleId, call.nowIn(institution));
      if (!isCancelled) throw call.error('scheduleNotFound');
      await write.audit('transfer_schedule_cancelled', { details: { scheduleId } });
    });
  });
}
