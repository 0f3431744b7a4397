import type { Sql, Tx } from '../../platform/db/database.ts';
import type { Core, CoreTransaction, TransactionQuery } from '../port.ts';

/**
 * One statement. Booked and pending rows each come out of an index in the order of the page, so a page costs as many
 * rows as it skips and shows; only the count, when it is wanted, reads the whole range, and that in the index alone.
 */
export const listTransactions: Core['listTransactions'] = async (sql, query) => {
  const rows = await readPage(sql, query);
  return {
    count: query.isCounted === false ? undefined : Number(rows[0]?.count ?? 0n),
    transactions: rows.flatMap((row) => (row.transaction_number === null ? [] : [fromRow(row)])),
  };
};

interface TransactionRow {
  readonly transaction_number: bigint;
  readonly is_pending: boolean;
  readonly transaction_date: string;
  readonly effective_date: string | null;
  readonly amount_minor: bigint;
  readonly balance_after_minor: bigint | null;
  readonly transaction_type: string;
  readonly description: string | null;
  readonly memo: string | null;
  readonly check_number: string | null;
  readonly host_transaction_id: string | null;
  readonly image_type: Exclude<CoreTransaction['imageType'], undefined> | null;
  readonly merchant_name: string | null;
  readonly merchant_category: string | null;
  readonly principal_minor: bigint | null;
  readonly interest_minor: bigint | null;
  readonly escrow_minor: bigint | null;
  readonly fees_minor: bigint | null;
}

/** The count comes with every row; a page without rows is one row without a number. */
type PageRow = { readonly count: bigint | null } & (TransactionRow | { readonly transaction_number: null });

function readPage(sql: Sql | Tx, query: TransactionQuery): PromiseLike<readonly PageRow[]> {
  const { institutionId, accountKey, from, to, skip, take } = query;
  // The other date is in no index: the rows of the account are read, and only where an institution wants it so.
  const date = query.datedBy === 'effectiveDate' ? sql`effective_date` : sql`transaction_date`;
  const booked = sql`
    from postings where institution_id = ${institutionId} and account_key = ${accountKey}
      and ${date} between ${from} and ${to}`;
  const pending = sql`
    from holds where institution_id = ${institutionId} and account_key = ${accountKey} and status = 'PENDING'
      and transaction_date between ${from} and ${to}`;
  // Beyond the page nothing is read of either.
  const end = take === undefined ? null : skip + take;
  // Who leafs through the pages is told how many rows there are; for everybody else they are not counted.
  const count = query.isCounted === false ? sql`null::bigint` : sql`(select count(*) ${booked}) + (select count(*) ${pending})`;
  const newestFirst = sql`order by transaction_date desc, transaction_number desc`;
  return sql<PageRow[]>`
    select total.count, page.*
    from (select ${count} as count) total
      left join (
        select * from (
          (select transaction_number, false as is_pending, transaction_date, effective_date, amount_minor, balance_after_minor,
            transaction_type, description, memo, check_number, host_transaction_id, image_type, merchant_name, merchant_category,
            principal_minor, interest_minor, escrow_minor, fees_minor ${booked} ${newestFirst} limit ${end}::bigint)
          union all
          (select transaction_number, true, transaction_date, null, amount_minor, null,
            transaction_type, description, memo, check_number, null, image_type, merchant_name, merchant_category,
            null, null, null, null ${pending} ${newestFirst} limit ${end}::bigint)
        ) both_kinds ${newestFirst} limit ${take ?? null}::bigint offset ${skip}::bigint
      ) page on true
    order by page.transaction_date desc, page.transaction_number desc`;
}

function fromRow(row: TransactionRow): CoreTransaction {
  return {
    transactionNumber: row.transaction_number,
    isPending: row.is_pending,
    transactionDate: row.transaction_date,
    effectiveDate: row.effective_date ?? undefined,
    amountMinor: row.amount_minor,
    balanceAfterMinor: row.balance_after_minor ?? undefined,
    type: row.transaction_type,
    description: row.description ?? undefined,
    memo: row.memo ?? undefined,
    checkNumber: row.check_number ?? undefined,
    hostTransactionId: row.host_transaction_id ?? undefined,
    imageType: row.image_type ?? undefined,
    merchantName: row.merchant_name ?? undefined,
    merchantCategory: row.merchant_category ?? undefined,
    principalMinor: row.principal_minor ?? undefined,
    interestMinor: row.interest_minor ?? undefined,
    escrowMinor: row.escrow_minor ?? undefined,
    feesMinor: row.fees_minor ?? undefined,
  };
}
