import type { Sql, Tx } from '../../platform/db/database.ts';
import { deleteInPieces, type LargeTable } from '../../platform/db/delete-in-pieces.ts';

/**
 * Removes everything that the core holds of an institution. Only for the sandbox, which begins anew: the database
 * refuses to remove what is booked but in a transaction that names the institution, as this one does.
 */
export async function emptyBooks(tx: Tx, institutionId: string): Promise<void> {
  await allow(tx, institutionId);
  for (const { name } of tables) await tx`delete from ${tx(name)} where institution_id = ${institutionId}`;
  await allow(tx, '');
}

/** The same of an institution that is switched off and has more than one transaction can remove: see `deleteInPieces`. */
export function emptyBooksInPieces(sql: Sql, institutionId: string): Promise<boolean> {
  return deleteInPieces(sql, institutionId, tables, (tx) => allow(tx, institutionId));
}

/** Until the transaction ends. */
async function allow(tx: Tx, institutionId: string): Promise<void> {
  await tx`select set_config('openbranch.emptied_institution', ${institutionId}, true)`;
}

/** Each before what it points at. */
const tables: readonly LargeTable[] = [
  { name: 'postings' },
  { name: 'holds' },
  { name: 'entry_terms' },
  { name: 'ledger_entries', pointing: { column: 'corrects_entry_id', key: 'entry_id' } },
  { name: 'account_balances' },
  { name: 'account_entitlements' },
  { name: 'account_holders' },
  { name: 'accounts', pointing: { column: 'overdraft_account_key', key: 'account_key' } },
  { name: 'ledger_months' },
  { name: 'core_members' },
];
