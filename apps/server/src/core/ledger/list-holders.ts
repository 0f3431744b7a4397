import type { AccountHolder, Core } from '../port.ts';

export const listHolders: Core['listHolders'] = async (sql, institutionId, accountKey) => {
  const rows = await sql<{ member_number: string; ownership: AccountHolder['ownership'] }[]>`
    select member_number, ownership from account_holders
    where institution_id = ${institutionId} and account_key = ${accountKey}
    order by member_number`;
  return rows.map((row) => ({ memberNumber: row.member_number, ownership: row.ownership }));
};
