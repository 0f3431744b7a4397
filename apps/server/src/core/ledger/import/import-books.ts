import { type CopyValue, copyRows } from '../../../platform/db/copy-rows.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { internalAccountKeys } from '../internal-accounts.ts';
import { importedAccountColumns, toImportedRow } from './imported-account-rows.ts';
import type { ImportedBooks, ImportedEntry, ImportedHold } from './imported-books.ts';

/**
 * Brings books in, set by set. Balances follow from what is booked; an entry that does not sum to zero is refused. The
 * accounts must be new: nobody else can wait for a balance that is not there yet.
 * @throws Error for an entry out of balance, or an account that is not among the imported ones.
 */
export async function importBooks(tx: Tx, books: ImportedBooks): Promise<void> {
  const { institutionId } = books;
  await copyRows(
    tx,
    'core_members',
    ['institution_id', 'member_number', 'first_name', 'last_name', 'cif_number'],
    books.members.map((one) => [institutionId, one.memberNumber, one.firstName, one.lastName, one.cifNumber]),
  );
  await copyRows(
    tx,
    'accounts',
    importedAccountColumns,
    books.accounts.map((account) => toImportedRow(institutionId, account)),
  );
  await copyRows(
    tx,
    'account_holders',
    ['institution_id', 'member_number', 'account_key', 'ownership'],
    books.holders.map((one) => [institutionId, one.memberNumber, one.accountKey, one.ownership]),
  );
  const numbers = createNumbers(books.firstNumber);
  const { entries, postings, balances } = toLedgerRows(books, numbers);
  await copyRows(tx, 'ledger_entries', ['institution_id', 'entry_id', 'kind', 'booked_at'], entries);
  await copyRows(tx, 'postings', postingColumns, postings);
  const held = heldMinorOf(books.holds);
  await copyRows(
    tx,
    'account_balances',
    ['institution_id', 'account_key', 'ledger_minor', 'held_minor'],
    [...balances].map(([key, ledgerMinor]) => [institutionId, key, ledgerMinor, held.get(key) ?? 0n]),
  );
  await copyRows(
    tx,
    'holds',
    holdColumns,
    books.holds.map((hold) => toHoldRow(institutionId, hold, numbers)),
  );
  if (books.closedThrough !== undefined)
    await tx`insert into ledger_months (institution_id, closed_through) values (${institutionId}, ${books.closedThrough})
      on conflict (institution_id) do nothing`;
}

function createNumbers(first: bigint): () => bigint {
  let next = first;
  return () => next++;
}

const postingColumns = [
  'institution_id',
  'account_key',
  'transaction_date',
  'transaction_number',
  'entry_id',
  'amount_minor',
  'balance_after_minor',
  'effective_date',
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
] as const;

function toLedgerRows(books: ImportedBooks, numberOf: () => bigint) {
  const balances = new Map(books.accounts.map(({ accountKey }) => [accountKey, 0n]));
  const entries: CopyValue[][] = [];
  const postings: CopyValue[][] = [];
  for (const entry of books.entries) {
    assertBalanced(entry);
    const entryId = numberOf();
    entries.push([books.institutionId, entryId, entry.kind, entry.bookedAt]);
    for (const posting of entry.postings) {
      const { account, amountMinor, transactionDate: day } = posting;
      const isInternal = typeof account === 'string';
      const key = isInternal ? internalAccountKeys[account] : account;
      const balanceAfter = isInternal ? undefined : addTo(balances, key, amountMinor);
      const number = posting.transactionNumber ?? numberOf();
      postings.push([
        ...[books.institutionId, key, day, number, entryId, amountMinor, balanceAfter, day, posting.type],
        ...[posting.description, posting.memo, posting.checkNumber, posting.hostTransactionId, posting.imageType],
        ...[posting.principalMinor, posting.interestMinor, posting.escrowMinor, posting.feesMinor],
        ...[posting.merchantName, posting.merchantCategory],
      ]);
    }
  }
  return { entries, postings, balances };
}

function assertBalanced({ kind, postings }: ImportedEntry): void {
  const sum = postings.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  if (sum !== 0n) throw new Error(`An imported entry of kind ${kind} is out of balance by ${sum}.`);
}

function addTo(balances: Map<bigint, bigint>, key: bigint, amountMinor: bigint): bigint {
  const before = balances.get(key);
  if (before === undefined) throw new Error(`Account ${key} is not among the imported ones.`);
  balances.set(key, before + amountMinor);
  return before + amountMinor;
}

/** Credits to come are shown, and count for nothing. */
function heldMinorOf(holds: readonly ImportedHold[]): ReadonlyMap<bigint, bigint> {
  const held = new Map<bigint, bigint>();
  for (const { accountKey, amountMinor } of holds)
    if (amountMinor < 0n) held.set(accountKey, (held.get(accountKey) ?? 0n) - amountMinor);
  return held;
}

const holdColumns = [
  'institution_id',
  'account_key',
  'transaction_number',
  'amount_minor',
  'transaction_date',
  'placed_at',
  'expires_at',
  'transaction_type',
  'description',
  'memo',
  'check_number',
  'image_type',
  'merchant_name',
  'merchant_category',
] as const;

function toHoldRow(institutionId: string, hold: ImportedHold, numberOf: () => bigint): CopyValue[] {
  return [
    ...[institutionId, hold.accountKey, hold.transactionNumber ?? numberOf(), hold.amountMinor, hold.transactionDate],
    ...[hold.placedAt, hold.expiresAt, hold.type, hold.description, hold.memo, hold.checkNumber, hold.imageType],
    ...[hold.merchantName, hold.merchantCategory],
  ];
}
