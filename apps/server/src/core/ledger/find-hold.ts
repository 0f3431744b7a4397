import type { Tx } from '../../platform/db/database.ts';
import type { HoldReference } from '../port.ts';

/** What a hold is about, settled or not. */
export async function findHold(tx: Tx, hold: HoldReference): Promise<{ readonly amountMinor: bigint } | undefined> {
  const [row] = await tx<{ amount_minor: bigint }[]>`
    select amount_minor from holds where institution_id = ${hold.institutionId} and account_key = ${hold.accountKey}
      and transaction_number = ${hold.transactionNumber}`;
  return row === undefined ? undefined : { amountMinor: row.amount_minor };
}
