import { getClock } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { toClockAnswer } from './clock-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function getClockRoute(parts: SandboxParts): Route {
  return route(getClock).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    return toClockAnswer(parts, institution);
  });
}
