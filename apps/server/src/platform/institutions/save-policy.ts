import type { Policies } from '../../kernel/policies.ts';
import { type PolicyName, policyText } from '../../kernel/read-policy.ts';
import type { Tx } from '../db/database.ts';

/** Replaces one policy of an institution and leaves the others. */
export async function savePolicy<Name extends PolicyName>(
  tx: Tx,
  institutionId: string,
  name: Name,
  policy: Policies[Name],
): Promise<void> {
  await tx`
    update institutions set policies = policies || ${policyText({ [name]: policy })}::text::jsonb
    where institution_id = ${institutionId}`;
}
