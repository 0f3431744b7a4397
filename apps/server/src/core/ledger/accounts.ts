import type { Sql, Tx } from '../../platform/db/database.ts';
import { inList } from '../../platform/db/in-list.ts';
import type { AccountHolder, Core } from '../port.ts';
import { type AccountRow, accountColumns, besideAccount, fromAccountRow, type HeldAccountRow } from './account-row.ts';

export const findMember: Core['findMember'] = async (sql, institutionId, memberNumber) => {
  const [row] = await sql<{ member_number: string; first_name: string; last_name: string; cif_number: string | null }[]>`
    select member_number, first_name, last_name, cif_number from core_members
    where institution_id = ${institutionId} and member_number = ${memberNumber}`;
  if (row === undefined) return undefined;
  return {
    memberNumber: row.member_number,
    firstName: row.first_name,
    lastName: row.last_name,
    cifNumber: row.cif_number ?? undefined,
  };
};

export const listAccounts: Core['listAccounts'] = async (sql, institutionId, memberNumbers) => {
  const rows = await sql<HeldAccountRow[]>`
    select ${accountColumns(sql)}, h.member_number, h.ownership
    from account_holders h join accounts a on a.institution_id = ${institutionId} and a.account_key = h.account_key
      ${besideAccount(sql, institutionId)}
    where h.institution_id = ${institutionId} and h.member_number ${inList(sql, memberNumbers)}
    order by a.account_key, h.member_number`;
  return rows.map((row) => ({ ...fromAccountRow(row), memberNumber: row.member_number, ownership: row.ownership }));
};

export const findAccounts: Core['findAccounts'] = async (sql, institutionId, accountKeys) => {
  const rows = await sql<AccountRow[]>`
    select ${accountColumns(sql)} from accounts a ${besideAccount(sql, institutionId)}
    where a.institution_id = ${institutionId} and a.account_key ${inList(sql, accountKeys)}
    order by a.account_key`;
  return rows.map(fromAccountRow);
};

export const findAccountWithHolders: Core['findAccountWithHolders'] = async (sql, institutionId, accountKey) => {
  const [row] = await sql<HolderRow[]>`${selectWithHolders(sql, institutionId)} and a.account_key = ${accountKey}`;
  return row === undefined ? undefined : { account: fromAccountRow(row), holders: row.holders };
};

export const findNumberedAccountWithHolders: Core['findNumberedAccountWithHolders'] = async (
  sql,
  institutionId,
  accountNumber,
) => {
  const [row] = await sql<HolderRow[]>`${selectWithHolders(sql, institutionId)} and a.account_number = ${accountNumber}`;
  return row === undefined ? undefined : { account: fromAccountRow(row), holders: row.holders };
};

type HolderRow = AccountRow & { readonly holders: readonly AccountHolder[] };

const selectWithHolders = (sql: Sql | Tx, institutionId: string) => sql`
    select ${accountColumns(sql)}, (
        select coalesce(jsonb_agg(jsonb_build_object('memberNumber', h.member_number, 'ownership', h.ownership)), '[]')
        from account_holders h where h.institution_id = ${institutionId} and h.account_key = a.account_key
      ) as holders
    from accounts a ${besideAccount(sql, institutionId)}
    where a.institution_id = ${institutionId}`;

export const listOwnerNames: Core['listOwnerNames'] = async (sql, institutionId, accountKey) => {
  const rows = await sql<{ name: string }[]>`
    select concat_ws(' ', m.first_name, m.last_name) as name
    from account_holders h join core_members m on m.institution_id = ${institutionId} and m.member_number = h.member_number
    where h.institution_id = ${institutionId} and h.account_key = ${accountKey} and h.ownership <> 'CROSS'
    order by h.ownership <> 'PRIMARY', h.member_number`;
  return rows.map(({ name }) => name);
};

export const findAccountByNumber: Core['findAccountByNumber'] = async (sql, institutionId, accountNumber) => {
  const [row] = await sql<AccountRow[]>`
    select ${accountColumns(sql)} from accounts a ${besideAccount(sql, institutionId)}
    where a.institution_id = ${institutionId} and a.account_number = ${accountNumber}`;
  return row === undefined ? undefined : fromAccountRow(row);
};
