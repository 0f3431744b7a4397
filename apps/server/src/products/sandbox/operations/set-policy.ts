import { setPolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { describePolicy, readPolicy } from '../../../kernel/read-policy.ts';
import { savePolicy } from '../../../platform/institutions/save-policy.ts';
import { toPolicyAnswer } from './policy-answer.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function setPolicyRoute(parts: SandboxParts): Route {
  return route(setPolicy).handle(async (call) => {
    const { institutionId, policyName } = call.params;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const read = readPolicy(policyName, call.body);
    if (!read.ok) throw call.errorWith('policyInvalid', { detail: read.refusal });
    const policy = read.value;
    await call.writeIn(institution, async (write) => {
      await savePolicy(write.sql, institutionId, policyName, policy);
      await write.audit('institution_changed', { details: { what: `${policyName} policy`, ...describePolicy(policy) } });
      await write.announce(institutionChanged(institution));
    });
    return toPolicyAnswer({ ...institution.policies, [policyName]: policy }, policyName);
  });
}
