import { listSwitches } from '@openbranch/contract/sandbox/operations';
import { isSwitchKey, switches } from '@openbranch/contract/switches';
import { type Route, route } from '../../../http/route.ts';
import type { SandboxParts } from './sandbox-parts.ts';
import { toSwitchAnswer } from './switch-answer.ts';

export function listSwitchesRoute(parts: SandboxParts): Route {
  return route(listSwitches).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const keys = Object.keys(switches).filter(isSwitchKey);
    return { switches: keys.map((key) => toSwitchAnswer(institution, key)) };
  });
}
