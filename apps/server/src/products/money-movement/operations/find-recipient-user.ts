import type { recipientsFamily } from '@openbranch/contract/money-movement/families';
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
} as const satisfies Record<NamedUserRefusal, keyof (typeof recipientsFamily)['errors']>;

/** The user whose recipients a call is about, or the error of this family. */
export async function findRecipientUser(
  sql: Sql,
  principal: Principal,
  query: UserQuery,
): Promise<Result<UserReach, (typeof errorOf)[NamedUserRefusal]>> {
  const found = await findNamedUser(sql, principal, query);
  return found.ok ? accept(found.value) : refuse(errorOf[found.refusal]);
}
