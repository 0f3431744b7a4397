import type { Tx } from '../../platform/db/database.ts';
import type { Core, Correction, LockedAccount } from '../port.ts';
import { readEntryTerms, type UndoneTerms, writeEntryTerms } from './entry-terms.ts';
import { isInternalKey } from './internal-accounts.ts';
import { lockAccounts } from './lock-balances.ts';
import { bookEntry } from './post-entry.ts';
import type { PostingValues } from './posting-columns.ts';
import { leavesClosedAccountEmpty, undoTerms } from './undo-terms.ts';

/** Whoever corrects the same entry meanwhile waits at the entry, and then finds the correction. */
export const correct: Core['correct'] = async (tx, correction) => {
  const { institutionId, entryId, bookedAt, transactionDate } = correction;
  const [entry] = await tx<{ currency: string }[]>`
    select currency from ledger_entries where institution_id = ${institutionId} and entry_id = ${entryId} for no key update`;
  if (entry === undefined) return 'unknown';
  const { isCorrected, postings } = await readPostings(tx, correction);
  if (isCorrected) return 'correctedBefore';
  const accountKeys = postings.map((posting) => posting.account_key).filter((key) => !isInternalKey(key));
  const accounts = await lockAccounts(tx, institutionId, accountKeys);
  const undone = await undoneTermsOf(tx, correction, accounts);
  const isSound = accounts.every((account) => {
    const { closedOn } = undone.find(({ accountKey }) => accountKey === account.accountKey)?.terms ?? account;
    return leavesClosedAccountEmpty(closedOn, ledgerAfter(account, postings));
  });
  if (!isSound) return 'accountClosed';
  const opposite = { institutionId, kind: 'correction', currency: entry.currency, bookedAt, transactionDate };
  const booked = await bookEntry(tx, opposite, postings, entryId);
  for (const one of undone) await writeEntryTerms(tx, institutionId, booked.entryId, one);
  return booked;
};

/** The terms of each account that the entry has changed, as they are without it. */
async function undoneTermsOf(tx: Tx, correction: Correction, accounts: readonly LockedAccount[]): Promise<UndoneTerms[]> {
  const { openYear, changes } = await readEntryTerms(tx, correction);
  return changes.flatMap(({ accountKey, done }) => {
    const account = accounts.find((one) => one.accountKey === accountKey);
    if (account === undefined) return [];
    const { interestDueMinor, feesDueMinor } = account.loan;
    return [{ accountKey, done, terms: undoTerms({ ...account, interestDueMinor, feesDueMinor }, done, openYear) }];
  });
}

function ledgerAfter({ accountKey, balance }: LockedAccount, postings: readonly PostingValues[]): bigint {
  const own = postings.filter((posting) => posting.account_key === accountKey);
  return own.reduce((sum, posting) => sum + posting.amount_minor, balance.ledgerMinor);
}

async function readPostings(
  tx: Tx,
  { institutionId, entryId, reason }: Correction,
): Promise<{ isCorrected: boolean; postings: PostingValues[] }> {
  const rows = await tx<{ account_key: bigint; amount_minor: bigint; check_number: string | null; is_corrected: boolean }[]>`
    select account_key, amount_minor, check_number, exists (select 1 from ledger_entries c
      where c.institution_id = ${institutionId} and c.corrects_entry_id = ${entryId}) as is_corrected
    from postings where institution_id = ${institutionId} and entry_id = ${entryId} order by transaction_number`;
  const postings = rows.map((row) => ({
    account_key: row.account_key,
    amount_minor: -row.amount_minor,
    transaction_type: row.amount_minor > 0n ? 'LEDGER_ADJUSTMENT_DEBIT' : 'LEDGER_ADJUSTMENT_CREDIT',
    description: reason,
    memo: undefined,
    check_number: row.check_number ?? undefined,
    host_transaction_id: undefined,
    image_type: undefined,
    principal_minor: undefined,
    interest_minor: undefined,
    escrow_minor: undefined,
    fees_minor: undefined,
    merchant_name: undefined,
    merchant_category: undefined,
  }));
  return { isCorrected: rows[0]?.is_corrected === true, postings };
}
