import type { Tx } from '../../../platform/db/database.ts';

/** Empties the books of an institution of the sandbox; the only way in which anything that was booked ever goes. */
export async function deleteBooks(tx: Tx, institutionId: string): Promise<void> {
  await tx`select set_config('openbranch.emptied_institution', ${institutionId}, true)`;
  await tx`delete from account_entitlements where institution_id = ${institutionId}`;
  await tx`delete from holds where institution_id = ${institutionId}`;
  await tx`delete from postings where institution_id = ${institutionId}`;
  await tx`delete from ledger_entries where institution_id = ${institutionId}`;
  await tx`delete from account_balances where institution_id = ${institutionId}`;
  await tx`delete from account_holders where institution_id = ${institutionId}`;
  await tx`delete from accounts where institution_id = ${institutionId}`;
  await tx`delete from ledger_months where institution_id = ${institutionId}`;
  await tx`delete from core_members where institution_id = ${institutionId}`;
  await tx`select set_config('openbranch.emptied_institution', '', true)`;
}
