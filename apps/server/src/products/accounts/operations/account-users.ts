import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { listUsersOfMembers } from '../../customers/index.ts';
import { type AccountUser, usersByAccount } from '../domain/account-users.ts';
import { listEntitlementsOfAccounts } from '../store/account-entitlements.ts';

/** Who may see each of the accounts, by account key: holders, joint ones too, and the users of a business who were granted it. */
export type ListAccountUsers = (
  sql: Sql | Tx,
  institutionId: string,
  accountKeys: readonly bigint[],
) => Promise<ReadonlyMap<bigint, readonly AccountUser[]>>;

/** Three statements, however many accounts there are. */
export function createListAccountUsers(core: Pick<Core, 'listHoldings'>): ListAccountUsers {
  return async (sql, institutionId, accountKeys) => {
    const [holdings, granted] = await Promise.all([
      core.listHoldings(sql, institutionId, accountKeys),
      listEntitlementsOfAccounts(sql, institutionId, accountKeys),
    ]);
    const memberNumbers = [...new Set(holdings.map(({ memberNumber }) => memberNumber))];
    const users = await listUsersOfMembers(sql, institutionId, memberNumbers);
    return usersByAccount({ holdings, users, granted });
  };
}
