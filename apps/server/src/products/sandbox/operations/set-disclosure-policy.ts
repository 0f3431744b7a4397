import { setDisclosurePolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { saveDisclosurePolicy } from '../../../platform/institutions/save-disclosure-policy.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function setDisclosurePolicyRoute(parts: SandboxParts): Route {
  return route(setDisclosurePolicy).handle(async (call) => {
    const { institutionId } = call.params;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const { requiredDisclosures, multiStatement } = call.body;
    await call.writeIn(institution, async (write) => {
      await saveDisclosurePolicy(write.sql, institutionId, { requiredDisclosures, multiStatement });
      const details = { what: 'disclosure policy', requiredDisclosures: requiredDisclosures.join(', '), multiStatement };
      await write.audit('institution_changed', { details });
      await write.announce(institutionChanged(institution));
    });
    return { requiredDisclosures, multiStatement };
  });
}
