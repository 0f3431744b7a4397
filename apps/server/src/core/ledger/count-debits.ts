import { inList } from '../../platform/db/in-list.ts';
import type { Core } from '../port.ts';

/** Reads of each account the range of dates alone, out of the index that orders its rows by date. */
export const countDebits: Core['countDebits'] = async (sql, { institutionId, accountKeys, types, from, to }) => {
  if (accountKeys.length === 0 || types.length === 0) return [];
  const rows = await sql<{ account_key: bigint; transaction_type: string; count: bigint }[]>`
    select p.account_key, p.transaction_type, count(*) as count
    from postings p
    where p.institution_id = ${institutionId} and p.account_key ${inList(sql, accountKeys)}
      and p.transaction_date between ${from} and ${to}
      and p.amount_minor < 0 and p.transaction_type ${inList(sql, types)}
      and not exists (
        select from ledger_entries c where c.institution_id = ${institutionId} and c.corrects_entry_id = p.entry_id)
    group by p.account_key, p.transaction_type`;
  return rows.map((row) => ({ accountKey: row.account_key, type: row.transaction_type, count: Number(row.count) }));
};
