import type { Tx } from '../../../platform/db/database.ts';
import { firstCustomerKey, internalAccountKeys, isInternalKey } from '../internal-accounts.ts';
import { toDecimalText } from './decimal-text.ts';
import { type ExportRequest, rowsAtOnce, type WriteText } from './export-request.ts';

/**
 * A journal for hledger, as the institution's own books: what a customer has is what the institution owes, so every
 * amount changes its sign. An entry is written whole, also when one account was asked for.
 */
export async function writeHledger(tx: Tx, request: ExportRequest, write: WriteText): Promise<void> {
  await write(await declarations(tx, request.institutionId));
  await declareAccounts(tx, request).cursor(rowsAtOnce, (rows) =>
    write(rows.map((row) => `account ${nameOfCustomers(row)}\n`).join('')),
  );
  let open: bigint | undefined;
  await selectPostings(tx, request).cursor(rowsAtOnce, async (rows) => {
    let text = '';
    for (const row of rows) {
      if (row.entry_id !== open)
        text += `\n${row.transaction_date}=${row.effective_date} (${row.entry_id}) ${toLine(row.kind)}\n`;
      open = row.entry_id;
      text += lineOf(row);
    }
    await write(text);
  });
}

const internalNames = new Map<bigint, string>([
  [internalAccountKeys.cash, 'assets:cash'],
  [internalAccountKeys.clearing, 'assets:clearing'],
  [internalAccountKeys.fees, 'revenues:fees'],
  [internalAccountKeys.interest, 'expenses:interest'],
  [internalAccountKeys.suspense, 'assets:suspense'],
  [internalAccountKeys.opening, 'equity:opening'],
]);

async function declarations(tx: Tx, institutionId: string): Promise<string> {
  const rows = await tx<{ currency: string }[]>`
    select distinct currency from ledger_entries where institution_id = ${institutionId} order by currency`;
  const commodities = rows.map(({ currency }) => {
    const [whole, decimals = ''] = toDecimalText(100_000n, currency).split('.');
    return `commodity ${whole}.${decimals} ${currency}\n`;
  });
  return [...commodities, ...[...internalNames.values()].map((name) => `account ${name}\n`)].join('');
}

interface AccountName {
  readonly account_number: string;
  readonly category: string;
}

function declareAccounts(tx: Tx, { institutionId, accountKey, from, to }: ExportRequest) {
  if (accountKey === undefined)
    return tx<
      AccountName[]
    >`select account_number, category from accounts where institution_id = ${institutionId} order by account_key`;
  // Also those on the other side of its entries.
  return tx<AccountName[]>`
    select account_number, category from accounts
    where institution_id = ${institutionId} and account_key in (
      select o.account_key from postings p join postings o on o.institution_id = ${institutionId} and o.entry_id = p.entry_id
      where p.institution_id = ${institutionId} and p.account_key = ${accountKey} and p.transaction_date between ${from ?? '-infinity'} and ${to ?? 'infinity'})
    order by account_key`;
}

interface PostingRow {
  readonly entry_id: bigint;
  readonly kind: string;
  readonly currency: string;
  readonly account_key: bigint;
  readonly account_number: string | null;
  readonly category: string | null;
  readonly transaction_date: string;
  readonly effective_date: string;
  readonly transaction_number: bigint;
  readonly amount_minor: bigint;
  readonly transaction_type: string;
  readonly description: string | null;
}

/** In the order in which they were booked. The date of an entry is that of its first posting in the range. */
function selectPostings(tx: Tx, { institutionId, accountKey, from, to }: ExportRequest) {
  const ofAccount =
    accountKey === undefined
      ? tx``
      : tx`and exists (select 1 from postings o where o.institution_id = ${institutionId} and o.entry_id = e.entry_id
          and o.account_key = ${accountKey})`;
  return tx<PostingRow[]>`
    select e.entry_id, e.kind, e.currency, p.account_key, a.account_number, a.category, p.transaction_date, p.effective_date,
      p.transaction_number, p.amount_minor, p.transaction_type, p.description
    from ledger_entries e
      join postings p on p.institution_id = ${institutionId} and p.entry_id = e.entry_id
      left join accounts a on a.institution_id = ${institutionId} and a.account_key = p.account_key and p.account_key >= ${firstCustomerKey}
    where e.institution_id = ${institutionId} ${ofAccount}
      and exists (select 1 from postings d where d.institution_id = ${institutionId} and d.entry_id = e.entry_id
        and d.transaction_date between ${from ?? '-infinity'} and ${to ?? 'infinity'})
    order by e.entry_id, p.transaction_number`;
}

function lineOf(row: PostingRow): string {
  const name = isInternalKey(row.account_key)
    ? internalNames.get(row.account_key)
    : nameOfCustomers({ account_number: row.account_number ?? String(row.account_key), category: row.category ?? 'DEPOSIT' });
  const amount = `${toDecimalText(-row.amount_minor, row.currency)} ${row.currency}`;
  const said = [row.transaction_type, row.description].flatMap((text) => (text === null ? [] : [toComment(text)])).join(' ');
  return `    ${name ?? `unknown:${row.account_key}`}  ${amount}  ; date:${row.transaction_date}, ${row.transaction_number} ${said}\n`;
}

const parents: Readonly<Record<string, string>> = { LOAN: 'assets:loans', TIERED_LOAN: 'assets:loans' };

function nameOfCustomers({ account_number: number, category }: AccountName): string {
  return `${parents[category] ?? 'liabilities:deposits'}:${toLine(number).replaceAll(':', '-')}`;
}

/** Text that stays on its line; a word before a colon would be a tag. */
function toComment(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(':', '-')
    .trim();
}

/** Text that cannot end a line, a comment, a tag or an account's name. */
function toLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp};|,:=*!()\s]+/gu, ' ').trim();
}
