import type { Tx } from '../../platform/db/database.ts';

/**
 * Removes everything that the core holds of an institution. Only for the sandbox, which begins anew: the database
 * refuses to remove what is booked but in a transaction that names the institution, as this one does.
 */
export async function emptyBooks(tx: Tx, institutionId: string): Promise<void> {
  await tx`select set_config('openbranch.emptied_institution', ${institutionId}, true)`;
  for (const table of tables) await tx`delete from ${tx(table)} where institution_id = ${institutionId}`;
  await tx`select set_config('openbranch.emptied_institution', '', true)`;
}

/** Each before what it points at. */
const tables = [
  'postings',
  'holds',
  'entry_terms',
  'ledger_entries',
  'account_balances',
  'account_entitlements',
  'account_holders',
  'accounts',
  'ledger_months',
  'core_members',
] as const;
