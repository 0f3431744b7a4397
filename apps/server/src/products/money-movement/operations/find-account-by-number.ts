import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';

export type NumberedCore = Pick<Core, 'findAccountByNumber' | 'findAccountWithHolders'>;

/** An account that somebody names by its number, with those who hold it, its owners first. */
export async function findAccountByNumber(core: NumberedCore, sql: Sql | Tx, institutionId: string, accountNumber: string) {
  const account = await core.findAccountByNumber(sql, institutionId, accountNumber);
  if (account === undefined || account.category === 'GENERAL_LEDGER') return undefined;
  const found = await core.findAccountWithHolders(sql, institutionId, account.accountKey);
  if (found === undefined) return undefined;
  const owners = found.holders.filter(({ ownership }) => ownership === 'PRIMARY');
  const others = found.holders.filter(({ ownership }) => ownership !== 'PRIMARY');
  return { account, memberNumbers: [...owners, ...others].map(({ memberNumber }) => memberNumber) };
}
