import { getPolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { toPolicyAnswer } from './policy-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function getPolicyRoute(parts: SandboxParts): Route {
  return route(getPolicy).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    return toPolicyAnswer(institution.policies, call.params.policyName);
  });
}
