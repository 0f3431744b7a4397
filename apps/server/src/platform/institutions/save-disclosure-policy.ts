import type { DisclosurePolicy } from '../../kernel/disclosure-policy.ts';
import type { Tx } from '../db/database.ts';

/** What else is stored about registration and statements stays. */
export async function saveDisclosurePolicy(
  tx: Tx,
  institutionId: string,
  { requiredDisclosures, multiStatement }: DisclosurePolicy,
): Promise<void> {
  await tx`
    update institutions
    set policies = policies || jsonb_build_object(
      'registration', coalesce(policies -> 'registration', '{}') || ${tx.json({ requiredDisclosures: [...requiredDisclosures] })}::jsonb,
      'statements', coalesce(policies -> 'statements', '{}') || ${tx.json({ multiStatement })}::jsonb)
    where institution_id = ${institutionId}`;
}
