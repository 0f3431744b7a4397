import type { BookedMovement, Core } from '../port.ts';

interface PeriodRow {
  readonly opening_minor: bigint;
  readonly transaction_number: bigint | null;
  readonly transaction_date: string | null;
  readonly amount_minor: bigint | null;
  readonly transaction_type: string | null;
  readonly description: string | null;
  readonly memo: string | null;
}

/**
 * One statement, so that opening balance and rows are of the same moment. The opening balance is what is there now less
 * what was booked since: it is right for entries that were booked late under an earlier date, whose `balance_after` is not.
 */
export const readBookedPeriod: Core['readBookedPeriod'] = async (sql, { institutionId, accountKey, from, to }) => {
  const rows = await sql<PeriodRow[]>`
    select opening.opening_minor, p.transaction_number, p.transaction_date, p.amount_minor, p.transaction_type, p.description, p.memo
    from (
        select b.ledger_minor - coalesce((
            select sum(amount_minor) from postings
            where institution_id = ${institutionId} and account_key = ${accountKey} and transaction_date >= ${from}
          ), 0)::bigint as opening_minor
        from account_balances b where b.institution_id = ${institutionId} and b.account_key = ${accountKey}
      ) opening
      left join postings p
        on p.institution_id = ${institutionId} and p.account_key = ${accountKey} and p.transaction_date between ${from} and ${to}
    order by p.transaction_date, p.transaction_number`;
  return { openingMinor: rows[0]?.opening_minor ?? 0n, movements: rows.flatMap(toMovement) };
};

function toMovement(row: PeriodRow): BookedMovement[] {
  const { transaction_date: date, amount_minor: amountMinor, transaction_type: type } = row;
  if (date === null || amountMinor === null || type === null) return [];
  return [{ date, amountMinor, type, description: row.description ?? undefined, memo: row.memo ?? undefined }];
}
