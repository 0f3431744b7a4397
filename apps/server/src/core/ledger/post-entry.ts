import type { Tx } from '../../platform/db/database.ts';
import { inList } from '../../platform/db/in-list.ts';
import type { Balance, BookedEntry, Core, NewEntry } from '../port.ts';
import { isInternalKey } from './internal-accounts.ts';
import { assertBalanced, type PostingValues, toPostingValues } from './posting-columns.ts';

/** The entry, its postings and the new balances are one statement. */
export const post: Core['post'] = async (tx, entry) => {
  const postings = entry.postings.map(toPostingValues);
  assertBalanced(postings.map((posting) => posting.amount_minor));
  return bookEntry(tx, entry, postings, undefined);
};

export const ledgerCurrency = 'USD';

/** Books what was found to be balanced; `correctsEntryId` names the entry that it undoes. */
export async function bookEntry(
  tx: Tx,
  entry: Omit<NewEntry, 'postings'>,
  postings: readonly PostingValues[],
  correctsEntryId: bigint | undefined,
): Promise<BookedEntry> {
  const currency = entry.currency ?? ledgerCurrency;
  const rows = await insertAll(tx, entry, postings, currency, correctsEntryId);
  const [first] = rows;
  if (first === undefined || rows.length !== postings.length) throw new Error('Every posting makes one row.');
  return {
    entryId: first.entry_id,
    postings: rows.map((row) => ({ transactionNumber: row.transaction_number, balanceAfter: balanceOf(row, currency) })),
  };
}

interface BookedRow {
  readonly entry_id: bigint;
  readonly account_key: bigint;
  readonly transaction_number: bigint;
  readonly balance_after_minor: bigint | null;
  readonly held_minor: bigint | null;
  readonly currency: string | null;
}

/** No entry may reach an account that is not there, or mix currencies: thrown, so that the transaction takes it back. */
function balanceOf(row: BookedRow, currency: string): Balance | undefined {
  if (isInternalKey(row.account_key)) return undefined;
  if (row.balance_after_minor === null || row.held_minor === null) throw new Error('A posting needs an account that is there.');
  if (row.currency !== currency) throw new Error(`An entry in ${currency} cannot reach an account in ${row.currency}.`);
  return { ledgerMinor: row.balance_after_minor, heldMinor: row.held_minor };
}

/**
 * All postings travel as one JSON parameter, so that few statements are prepared. Numbers are drawn
 * in the order of the postings, and each posting keeps the balance as it was after it, when an account has several.
 */
function insertAll(
  tx: Tx,
  { institutionId, kind, bookedAt, transactionDate, effectiveDate }: Omit<NewEntry, 'postings'>,
  postings: readonly PostingValues[],
  currency: string,
  correctsEntryId: bigint | undefined,
): PromiseLike<readonly BookedRow[]> {
  // Given once more by themselves, because the server cannot know how few rows the JSON has.
  const accountKeys = postings.map((posting) => posting.account_key);
  return tx<BookedRow[]>`
    with given as materialized (
      select p.*, nextval('ledger_numbers') as transaction_number
      from rows from (json_to_recordset(${toJson(postings)}::text::json) as (account_key bigint, amount_minor bigint,
        transaction_type text, description text, memo text, check_number text, host_transaction_id text, image_type text,
        principal_minor bigint, interest_minor bigint, escrow_minor bigint, fees_minor bigint, merchant_name text,
        merchant_category text)) with ordinality p
    ), entry as (
      insert into ledger_entries (institution_id, kind, currency, booked_at, corrects_entry_id)
      values (${institutionId}, ${kind}, ${currency}, ${bookedAt}, ${correctsEntryId ?? null})
      returning entry_id
    ), changed as (
      update account_balances b set ledger_minor = b.ledger_minor + sums.amount_minor
      from (select account_key, sum(amount_minor)::bigint as amount_minor from given group by account_key) sums
      where b.institution_id = ${institutionId} and b.account_key = sums.account_key
        and b.account_key ${inList(tx, accountKeys)}
      returning b.account_key, b.ledger_minor, b.held_minor, b.currency
    ), counted as materialized (
      select g.*, c.held_minor, c.currency,
        c.ledger_minor - coalesce(sum(g.amount_minor) over later, 0)::bigint as balance_after_minor
      from given g left join changed c using (account_key)
      window later as (partition by g.account_key order by g.ordinality rows between 1 following and unbounded following)
    ), booked as (
      insert into postings (institution_id, account_key, transaction_date, transaction_number, entry_id, amount_minor,
        balance_after_minor, effective_date, transaction_type, description, memo, check_number, host_transaction_id, image_type,
        principal_minor, interest_minor, escrow_minor, fees_minor, merchant_name, merchant_category)
      select ${institutionId}, account_key, ${transactionDate}, transaction_number, entry_id, amount_minor, balance_after_minor,
        ${effectiveDate ?? transactionDate}, transaction_type, description, memo, check_number, host_transaction_id, image_type,
        principal_minor, interest_minor, escrow_minor, fees_minor, merchant_name, merchant_category
      from counted cross join entry
    )
    select entry_id, account_key, transaction_number, balance_after_minor, held_minor, currency
    from counted cross join entry order by ordinality`;
}

/** What no text of the database can hold is replaced, so that nobody's memo makes a transfer fail. */
function toJson(postings: readonly PostingValues[]): string {
  return JSON.stringify(postings, (_name, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\uFFFD') : value;
  });
}
