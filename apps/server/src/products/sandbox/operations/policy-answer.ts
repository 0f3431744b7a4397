import type { AnswerOf } from '@openbranch/contract/operation';
import type { getPolicy } from '@openbranch/contract/sandbox/operations';
import type { Policies } from '../../../kernel/policies.ts';
import { type PolicyName, policyText } from '../../../kernel/read-policy.ts';

export function toPolicyAnswer(policies: Policies, name: PolicyName): AnswerOf<typeof getPolicy> {
  return JSON.parse(policyText(policies[name]));
}
