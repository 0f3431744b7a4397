import type { Tx } from '../../platform/db/database.ts';
import { inList } from '../../platform/db/in-list.ts';
import type { Balance, Core } from '../port.ts';
import { fromLockedRow, type LockedAccountRow, lockedColumns } from './account-row.ts';

/** The same order for everybody, in one statement: whoever waits holds nothing that the one before it still wants. */
export const lockBalances: Core['lockBalances'] = async (tx, institutionId, accountKeys) => {
  const rows = await readLocked(tx, institutionId, accountKeys);
  return new Map<bigint, Balance>(
    rows.map((row) => [row.account_key, { ledgerMinor: row.ledger_minor, heldMinor: row.held_minor }]),
  );
};

/**
 * Sent together: the server begins the second statement when the first has its locks, so it sees what whoever was waited
 * for has committed. One statement would not: it would show the accounts as they were before it waited.
 */
export const lockAccounts: Core['lockAccounts'] = async (tx, institutionId, accountKeys) => {
  const [, rows] = await Promise.all([
    readLocked(tx, institutionId, accountKeys),
    tx<LockedAccountRow[]>`
      select ${lockedColumns(tx)} from accounts a
        join account_balances b on b.institution_id = ${institutionId} and b.account_key = a.account_key
      where a.institution_id = ${institutionId} and a.account_key ${inList(tx, accountKeys)}
      order by a.account_key`,
  ]);
  return rows.map(fromLockedRow);
};

interface BalanceRow {
  readonly account_key: bigint;
  readonly ledger_minor: bigint;
  readonly held_minor: bigint;
}

function readLocked(tx: Tx, institutionId: string, accountKeys: readonly bigint[]): PromiseLike<readonly BalanceRow[]> {
  return tx<BalanceRow[]>`
    select account_key, ledger_minor, held_minor from account_balances
    where institution_id = ${institutionId} and account_key ${inList(tx, accountKeys)}
    order by account_key for no key update`;
}
