import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { findNamedUser, isActive, stateAt, type UserQuery, type UserReach } from '../../customers/index.ts';

const refusals = {
  blank: 'inputMissing',
  both: 'inputMissing',
  none: 'inputMissing',
  notTheTokens: 'scopeMissing',
  unknown: 'customerNotFound',
} as const;

type Refusal = (typeof refusals)[keyof typeof refusals];

/** Whose statements: retail users only (contract sheet "Disclosures and e-statements", section 5). */
export async function findStatementUser(sql: Sql, principal: Principal, query: UserQuery): Promise<Result<UserReach, Refusal>> {
  const named = await findNamedUser(sql, principal, query);
  if (!named.ok) return refuse(refusals[named.refusal]);
  return named.value.userType === 'RETAIL' ? named : refuse('customerNotFound');
}

/** The same where something is changed, which only an active user may. */
export async function findActiveStatementUser(
  sql: Sql,
  principal: Principal,
  query: UserQuery,
  now: Date,
): Promise<Result<UserReach, Refusal | 'userNotActive'>> {
  const found = await findStatementUser(sql, principal, query);
  if (!found.ok) return found;
  const state = stateAt(found.value.state, principal.institution.policies.lockout, now);
  return isActive(state) ? accept(found.value) : refuse('userNotActive');
}

/** Decisions of a retail user are made at no location. */
export function toRetailDecider({ institutionId, institutionUserId }: UserReach) {
  return { institutionId, institutionUserId, institutionCustomerId: undefined };
}
