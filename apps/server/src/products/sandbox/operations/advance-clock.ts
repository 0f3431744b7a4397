import { advanceClock } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { addJob } from '../../../platform/jobs/add-job.ts';
import { addClockOffset } from '../store/institution-settings.ts';
import { isClockTime, toClockAnswer } from './clock-answer.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function advanceClockRoute(parts: SandboxParts): Route {
  return route(advanceClock).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    await call.writeIn(institution, async (write) => {
      const offsetMs = await addClockOffset(write.sql, institution.institutionId, call.body.seconds * 1000);
      if (!isClockTime(Date.now() + offsetMs)) throw call.error('timeOutOfRange');
      await write.audit('institution_changed', { details: { what: 'clock', seconds: call.body.seconds } });
      await write.announce(institutionChanged(institution));
      // What the move has made due does not wait for the next minute.
      await addJob(write.sql, 'execute_schedules', { institutionId: institution.institutionId });
    });
    return toClockAnswer(parts, institution);
  });
}
