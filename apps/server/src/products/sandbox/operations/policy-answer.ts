import type { AnswerOf } from '@openbranch/contract/operation';
import type { getPolicy } from '@openbranch/contract/sandbox/operations';
import type { Policies } from '../../../kernel/policies.ts';
import type { PolicyName } from '../../../kernel/read-policy.ts';

export function toPolicyAnswer(policies: Policies, name: PolicyName): AnswerOf<typeof getPolicy> {
  const { branding, registration } = policies;
  switch (name) {
    case 'branding': {
      const { accentColor, supportText } = branding;
      return { accentColor, ...(supportText === undefined ? {} : { supportText }) };
    }
    case 'registration':
      return { ...registration, requiredDisclosures: [...registration.requiredDisclosures] };
    default:
      return policies[name];
  }
}
