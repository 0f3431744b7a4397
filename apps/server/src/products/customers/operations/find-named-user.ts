import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { parseLoginName, parseMemberNumber } from '../domain/path-identifier.ts';
import { findUserReach, type UserReach } from '../store/user-reach.ts';

/** The query members by which an application says for which user it calls. */
export interface UserQuery {
  readonly hostUserId?: string | undefined;
  readonly loginId?: string | undefined;
}

/** Why no user came of it; each family has its own code for each. */
export type NamedUserRefusal = 'blank' | 'both' | 'none' | 'notTheTokens' | 'unknown';

/**
 * The user of a call on accounts and money: of the token if it belongs to one, else by exactly one of member number
 * (`hostUserId`) and login name (`loginId`). A user's token may name its own user again and nobody else; it does not
 * learn whether another exists. Sub-users and businesses are found too: what they may is the operation's rule.
 */
export async function findNamedUser(
  sql: Sql | Tx,
  { institution: { institutionId }, user: tokenUser }: Principal,
  { hostUserId, loginId }: UserQuery,
): Promise<Result<UserReach, NamedUserRefusal>> {
  if (hostUserId?.trim() === '' || loginId?.trim() === '') return refuse('blank');
  if (hostUserId !== undefined && loginId !== undefined) return refuse('both');
  if (tokenUser !== undefined) {
    const own = await findUserReach(sql, institutionId, tokenUser);
    if (own === undefined) return refuse('unknown');
    const isOwn =
      (loginId === undefined || loginId.toLowerCase() === own.loginName.toLowerCase()) &&
      (hostUserId === undefined || own.customers.some(({ memberNumber }) => memberNumber === hostUserId));
    return isOwn ? accept(own) : refuse('notTheTokens');
  }
  if (hostUserId === undefined && loginId === undefined) return refuse('none');
  const memberNumber = hostUserId === undefined ? undefined : parseMemberNumber(hostUserId);
  const loginName = loginId === undefined ? undefined : parseLoginName(loginId);
  const found =
    memberNumber !== undefined
      ? await findUserReach(sql, institutionId, { memberNumber })
      : loginName !== undefined
        ? await findUserReach(sql, institutionId, { loginName })
        : undefined;
  return found === undefined ? refuse('unknown') : accept(found);
}
