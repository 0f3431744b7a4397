import type { Sql } from '../../../platform/db/database.ts';
import { findAccountOfUser, type UserAccount } from '../../accounts/index.ts';
import { findUserReach } from '../../customers/index.ts';
import type { DocumentsParts } from './documents-parts.ts';
import type { FoundUser } from './find-deciding-user.ts';

/** The account that a decision on statements is about; a business decides at the location that holds it. */
export async function findAccountOfDecision(
  { core, ids }: Pick<DocumentsParts, 'core' | 'ids'>,
  sql: Sql,
  { user, institutionCustomerId }: FoundUser,
  accountId: string,
): Promise<UserAccount | undefined> {
  const { institutionId } = user;
  const key = ids.decode('account', institutionId, accountId);
  if (key === undefined) return undefined;
  const reach = await findUserReach(sql, institutionId, { institutionUserId: user.institutionUserId });
  if (reach === undefined) return undefined;
  const customers = reach.customers.filter(
    ({ customerId }) => institutionCustomerId === undefined || customerId === institutionCustomerId,
  );
  return findAccountOfUser(core, sql, { ...reach, customers }, key.accountKey);
}
