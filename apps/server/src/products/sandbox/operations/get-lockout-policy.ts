import { getLockoutPolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function getLockoutPolicyRoute(parts: SandboxParts): Route {
  return route(getLockoutPolicy).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    return institution.policies.lockout;
  });
}
