import type { DisclosurePolicy } from '../../kernel/disclosure-policy.ts';
import { accept, type Result, refuse } from '../../kernel/result.ts';
import type { Sql } from '../db/database.ts';
import { administer } from '../transactions/administer.ts';
import { saveDisclosurePolicy } from './save-disclosure-policy.ts';

/** Sets what must be accepted to register at an institution, and how its statements are chosen. */
export async function setDisclosurePolicy(
  sql: Sql,
  institutionId: string,
  policy: DisclosurePolicy,
): Promise<Result<undefined, 'institutionNotFound'>> {
  return administer(sql, 'institutions set-disclosures', async ({ tx, institutionIds, audit, announce }) => {
    if (!institutionIds.includes(institutionId)) return refuse('institutionNotFound');
    await saveDisclosurePolicy(tx, institutionId, policy);
    const { requiredDisclosures, multiStatement } = policy;
    const details = { what: 'disclosure policy', requiredDisclosures: requiredDisclosures.join(', '), multiStatement };
    await audit([institutionId], 'institution_changed', { details });
    await announce('institution_changed', institutionId);
    return accept(undefined);
  });
}
