import type { Policies } from '../../kernel/policies.ts';
import { describePolicy, type PolicyName, readPolicy } from '../../kernel/read-policy.ts';
import type { Sql } from '../db/database.ts';
import { administer } from '../transactions/administer.ts';
import { savePolicy } from './save-policy.ts';

export type PolicyOutcome<Name extends PolicyName> =
  | { readonly kind: 'changed'; readonly policy: Policies[Name] }
  | { readonly kind: 'institutionNotFound' }
  /** `detail` is a sentence that says what the policy does not take. */
  | { readonly kind: 'policyInvalid'; readonly detail: string };

/**
 * Changes members of a policy of an institution; every running process knows it within a second.
 * @param change What it does not name stays; a member that is null takes its default.
 */
export async function changePolicy<Name extends PolicyName>(
  sql: Sql,
  institutionId: string,
  name: Name,
  change: Readonly<Record<string, unknown>>,
): Promise<PolicyOutcome<Name>> {
  return administer(sql, 'institutions set-policy', async ({ tx, audit, announce }) => {
    const [row] = await tx<{ stored: Readonly<Record<string, unknown>> | null }[]>`
      select policies -> ${name}::text as stored from institutions where institution_id = ${institutionId} for update`;
    if (row === undefined) return { kind: 'institutionNotFound' };
    const members = Object.entries({ ...row.stored, ...change }).filter(([, value]) => value !== null);
    const read = readPolicy(name, Object.fromEntries(members));
    if (!read.ok) return { kind: 'policyInvalid', detail: read.refusal };
    const policy = read.value;
    await savePolicy(tx, institutionId, name, policy);
    const changed = Object.fromEntries(Object.entries(policy).filter(([member]) => Object.hasOwn(change, member)));
    await audit([institutionId], 'institution_changed', { details: { what: `${name} policy`, ...describePolicy(changed) } });
    await announce('institution_changed', institutionId);
    return { kind: 'changed', policy };
  });
}
