import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';

export type NumberedCore = Pick<Core, 'findNumberedAccountWithHolders'>;

/** An account that somebody names by its number, with those who hold it, its owners first. */
export async function findAccountByNumber(core: NumberedCore, sql: Sql | Tx, institutionId: string, accountNumber: string) {
  const found = await core.findNumberedAccountWithHolders(sql, institutionId, accountNumber);
  if (found === undefined || found.account.category === 'GENERAL_LEDGER') return undefined;
  const owners = found.holders.filter(({ ownership }) => ownership === 'PRIMARY');
  const others = found.holders.filter(({ ownership }) => ownership !== 'PRIMARY');
  return { account: found.account, memberNumbers: [...owners, ...others].map(({ memberNumber }) => memberNumber) };
}
