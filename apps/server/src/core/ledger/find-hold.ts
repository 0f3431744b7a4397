import type { Tx } from '../../platform/db/database.ts';
import type { HoldReference, NewHold } from '../port.ts';

/** What a hold is about, settled or not. */
export async function findHold(
  tx: Tx,
  hold: HoldReference,
): Promise<Pick<NewHold, 'amountMinor' | 'type' | 'description'> | undefined> {
  const [row] = await tx<{ amount_minor: bigint; transaction_type: string; description: string | null }[]>`
    select amount_minor, transaction_type, description from holds where institution_id = ${hold.institutionId}
      and account_key = ${hold.accountKey} and transaction_number = ${hold.transactionNumber}`;
  if (row === undefined) return undefined;
  return { amountMinor: row.amount_minor, type: row.transaction_type, description: row.description ?? undefined };
}
