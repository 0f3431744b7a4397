import { copyRows } from '../../platform/db/copy-rows.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { Balance, NewEntry } from '../port.ts';
import { isInternalKey } from './internal-accounts.ts';
import { lockBalances } from './lock-balances.ts';
import { ledgerCurrency } from './post-entry.ts';
import { accountKeyOf, assertBalanced, type PostingValues, toPostingValues } from './posting-columns.ts';

/**
 * Books many entries at once, in their order and under their own dates, which may be long ago. For imports: everything
 * travels by COPY, and each balance changes once. It locks the balances of all accounts; lock no others before.
 * @throws Error when an entry is out of balance or reaches an account that is not there; nothing may be kept then.
 */
export async function bookHistory(tx: Tx, institutionId: string, entries: readonly NewEntry[]): Promise<void> {
  const keys = new Set(entries.flatMap(({ postings }) => postings.map(accountKeyOf)).filter((key) => !isInternalKey(key)));
  const before = await lockBalances(tx, institutionId, [...keys]);
  await assertCurrencies(tx, institutionId, entries);
  const balances = new Map([...before].map(([key, { ledgerMinor }]) => [key, ledgerMinor]));
  for (let from = 0; from < entries.length; from += entriesAtOnce)
    await copyEntries(tx, institutionId, entries.slice(from, from + entriesAtOnce), balances);
  await saveBalances(tx, institutionId, before, balances);
}

/** So many numbers are drawn and kept in memory together. */
const entriesAtOnce = 5_000;

async function assertCurrencies(tx: Tx, institutionId: string, entries: readonly NewEntry[]): Promise<void> {
  const wanted = new Map<string, Set<bigint>>();
  for (const { currency = ledgerCurrency, postings } of entries) {
    const keys = wanted.get(currency) ?? new Set();
    wanted.set(currency, keys);
    for (const posting of postings) keys.add(accountKeyOf(posting));
  }
  for (const [currency, keys] of wanted) {
    const [other] = await tx<{ account_key: bigint; currency: string }[]>`
      select account_key, currency from account_balances
      where institution_id = ${institutionId} and account_key = any(${[...keys].map(String)}::bigint[]) and currency <> ${currency}
      limit 1`;
    if (other !== undefined) throw new Error(`An entry in ${currency} cannot reach an account in ${other.currency}.`);
  }
}

async function copyEntries(
  tx: Tx,
  institutionId: string,
  entries: readonly NewEntry[],
  balances: Map<bigint, bigint>,
): Promise<void> {
  const wanted = entries.reduce((count, { postings }) => count + 1 + postings.length, 0);
  const numberOf = createNumbers(await drawNumbers(tx, wanted));
  const numbered = entries.map((entry) => {
    const postings = entry.postings.map(toPostingValues);
    assertBalanced(postings.map((posting) => posting.amount_minor));
    return { entry, entryId: numberOf(), postings };
  });
  await copyRows(
    tx,
    'ledger_entries',
    ['institution_id', 'entry_id', 'kind', 'currency', 'booked_at'],
    numbered.map(({ entry, entryId }) => [institutionId, entryId, entry.kind, entry.currency ?? ledgerCurrency, entry.bookedAt]),
  );
  const rows = numbered.flatMap(({ entry, entryId, postings }) =>
    postings.map((posting) => [
      ...[institutionId, entry.transactionDate, numberOf(), entryId, addTo(balances, posting)],
      ...[entry.effectiveDate ?? entry.transactionDate, ...textColumns.map((column) => posting[column])],
    ]),
  );
  await copyRows(tx, 'postings', postingColumns, rows);
}

const textColumns = [
  'account_key',
  'amount_minor',
  'transaction_type',
  'description',
  'memo',
  'check_number',
  'host_transaction_id',
  'image_type',
  'principal_minor',
  'interest_minor',
  'escrow_minor',
  'fees_minor',
  'merchant_name',
  'merchant_category',
] as const satisfies readonly (keyof PostingValues)[];

const postingColumns = [
  ...['institution_id', 'transaction_date', 'transaction_number', 'entry_id', 'balance_after_minor', 'effective_date'],
  ...textColumns,
];

/** @returns The account's balance after the posting; nothing for the institution's own. */
function addTo(
  balances: Map<bigint, bigint>,
  { account_key: key, amount_minor: amountMinor }: PostingValues,
): bigint | undefined {
  if (isInternalKey(key)) return undefined;
  const before = balances.get(key);
  if (before === undefined) throw new Error('A posting needs an account that is there.');
  balances.set(key, before + amountMinor);
  return before + amountMinor;
}

async function drawNumbers(tx: Tx, count: number): Promise<readonly bigint[]> {
  const rows = await tx<
    { number: bigint }[]
  >`select nextval('ledger_numbers') as number from generate_series(1, ${count}::integer)`;
  return rows.map(({ number }) => number);
}

function createNumbers(numbers: readonly bigint[]): () => bigint {
  const rest = numbers.values();
  return () => {
    const { done, value } = rest.next();
    if (done === true) throw new Error('As many numbers are drawn as there are rows.');
    return value;
  };
}

async function saveBalances(
  tx: Tx,
  institutionId: string,
  before: ReadonlyMap<bigint, Balance>,
  after: ReadonlyMap<bigint, bigint>,
): Promise<void> {
  const changed = [...after].filter(([key, ledgerMinor]) => before.get(key)?.ledgerMinor !== ledgerMinor);
  await tx`
    update account_balances b set ledger_minor = changed.ledger_minor
    from unnest(${changed.map(([key]) => String(key))}::bigint[], ${changed.map(([, minor]) => String(minor))}::bigint[])
      as changed (account_key, ledger_minor)
    where b.institution_id = ${institutionId} and b.account_key = changed.account_key`;
}
