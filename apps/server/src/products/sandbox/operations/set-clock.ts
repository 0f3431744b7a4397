import { setClock } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { addJob } from '../../../platform/jobs/add-job.ts';
import { saveClockOffset } from '../store/institution-settings.ts';
import { isClockTime, toClockAnswer } from './clock-answer.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function setClockRoute(parts: SandboxParts): Route {
  return route(setClock).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const time = Date.parse(call.body.now);
    if (!isClockTime(time)) throw call.error('timeOutOfRange');
    await call.writeIn(institution, async (write) => {
      await saveClockOffset(write.sql, institution.institutionId, time - Date.now());
      await write.audit('institution_changed', { details: { what: 'clock' } });
      await write.announce(institutionChanged(institution));
      // What the move has made due does not wait for the next minute.
      await addJob(write.sql, 'execute_schedules', { institutionId: institution.institutionId });
    });
    return toClockAnswer(parts, institution);
  });
}
