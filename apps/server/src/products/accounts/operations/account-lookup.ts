import type { Sql, Tx } from '../../../platform/db/database.ts';
import { findUserReach } from '../../customers/index.ts';
import { accountFor, readAccount, type UserAccount } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';

/** An account by the id that the API shows, as one user sees it; undefined for whatever is not the user's. */
export type AccountLookup = (
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
  accountId: string,
) => Promise<UserAccount | undefined>;

/** For products that know a user by its id and were handed the id of an account. */
export function createAccountLookup({ core, ids }: AccountsParts): AccountLookup {
  return async (sql, institutionId, institutionUserId, accountId) => {
    const key = ids.decode('account', institutionId, accountId);
    if (key === undefined) return undefined;
    const [user, reading] = await Promise.all([
      findUserReach(sql, institutionId, { institutionUserId }),
      readAccount(core, sql, institutionId, key.accountKey),
    ]);
    return user === undefined ? undefined : accountFor(user, reading);
  };
}
