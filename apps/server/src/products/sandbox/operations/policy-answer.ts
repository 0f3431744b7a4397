import type { AnswerOf } from '@openbranch/contract/operation';
import type { getPolicy } from '@openbranch/contract/sandbox/operations';
import type { Policies } from '../../../kernel/policies.ts';
import type { PolicyName } from '../../../kernel/read-policy.ts';

/** What is not set has no member. */
export function toPolicyAnswer(policies: Policies, name: PolicyName): AnswerOf<typeof getPolicy> {
  return JSON.parse(JSON.stringify(policies[name]));
}
