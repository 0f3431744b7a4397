import { getDisclosurePolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { disclosurePolicyOf } from '../../../kernel/disclosure-policy.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function getDisclosurePolicyRoute(parts: SandboxParts): Route {
  return route(getDisclosurePolicy).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const { requiredDisclosures, multiStatement } = disclosurePolicyOf(institution.policies);
    return { requiredDisclosures: [...requiredDisclosures], multiStatement };
  });
}
