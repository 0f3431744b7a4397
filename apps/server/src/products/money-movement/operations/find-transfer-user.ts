import type { transfersFamily } from '@openbranch/contract/money-movement/families';
import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { findNamedUser, type NamedUserRefusal, type UserQuery, type UserReach } from '../../customers/index.ts';

const errorOf = {
  blank: 'queryInvalid',
  both: 'queryInvalid',
  none: 'queryInvalid',
  notTheTokens: 'userNotCovered',
  unknown: 'userNotFound',
} as const satisfies Record<NamedUserRefusal, keyof (typeof transfersFamily)['errors']>;

/** The user who moves money, or the error of this family. Businesses are named by login names, retail users by either. */
export async function findTransferUser(
  sql: Sql,
  principal: Principal,
  query: UserQuery,
): Promise<Result<UserReach, (typeof errorOf)[NamedUserRefusal] | 'businessUserNotFound'>> {
  const found = await findNamedUser(sql, principal, query);
  if (found.ok) return accept(found.value);
  return refuse(found.refusal === 'unknown' && query.loginId !== undefined ? 'businessUserNotFound' : errorOf[found.refusal]);
}
