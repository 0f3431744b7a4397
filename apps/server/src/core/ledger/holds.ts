import type { Tx } from '../../platform/db/database.ts';
import type { BookedEntry, Core, HoldPosting, HoldReference } from '../port.ts';
import { internalAccountKeys } from './internal-accounts.ts';

export const placeHold: Core['placeHold'] = async (tx, hold) => {
  const [row] = await tx<{ transaction_number: bigint }[]>`
    with placed as (
      insert into holds (institution_id, account_key, amount_minor, transaction_date, placed_at, expires_at, transaction_type,
        description, memo, check_number, image_type, merchant_name, merchant_category)
      values (${hold.institutionId}, ${hold.accountKey}, ${hold.amountMinor}, ${hold.transactionDate}, ${hold.placedAt},
        ${hold.expiresAt ?? null}, ${hold.type}, ${hold.description ?? null}, ${hold.memo ?? null}, ${hold.checkNumber ?? null},
        ${hold.imageType ?? null}, ${hold.merchantName ?? null}, ${hold.merchantCategory ?? null})
      returning transaction_number
    ), changed as (
      update account_balances set held_minor = held_minor + ${takenBy(hold.amountMinor)}
      where institution_id = ${hold.institutionId} and account_key = ${hold.accountKey}
    )
    select transaction_number from placed`;
  if (row === undefined) throw new Error('A hold makes one row.');
  return { transactionNumber: row.transaction_number };
};

/** What a hold takes from the available balance: a credit to come gives nothing before it is there. */
function takenBy(amountMinor: bigint): bigint {
  return amountMinor < 0n ? -amountMinor : 0n;
}

export const postHold: Core['postHold'] = async (tx, hold, entry) => {
  if (entry.amountMinor === 0n) throw new Error('A hold is posted for an amount, or voided.');
  const rows = await settleByEntry(tx, hold, entry);
  const [first] = rows;
  if (first === undefined) return 'notPending';
  return {
    entryId: first.entry_id,
    postings: rows.map((row) => ({
      transactionNumber: row.transaction_number,
      balanceAfter:
        row.ledger_minor === null || row.held_minor === null
          ? undefined
          : { ledgerMinor: row.ledger_minor, heldMinor: row.held_minor },
    })),
  } satisfies BookedEntry;
};

interface SettledRow {
  readonly entry_id: bigint;
  readonly transaction_number: bigint;
  readonly ledger_minor: bigint | null;
  readonly held_minor: bigint | null;
}

/** One statement; nothing happens in it when the hold is not pending. The hold's posting comes first. */
function settleByEntry(tx: Tx, hold: HoldReference, entry: HoldPosting): PromiseLike<readonly SettledRow[]> {
  const { institutionId, accountKey, transactionNumber } = hold;
  return tx<SettledRow[]>`
    with settled as (
      update holds set status = 'POSTED', settled_at = ${entry.bookedAt}, entry_id = nextval('ledger_numbers')
      where institution_id = ${institutionId} and account_key = ${accountKey} and transaction_number = ${transactionNumber}
        and status = 'PENDING'
      returning *
    ), changed as (
      update account_balances b set ledger_minor = b.ledger_minor + ${entry.amountMinor}::bigint,
        held_minor = b.held_minor - greatest(-s.amount_minor, 0)
      from settled s where b.institution_id = ${institutionId} and b.account_key = ${accountKey}
      returning b.ledger_minor, b.held_minor, b.currency
    ), entry as (
      insert into ledger_entries (institution_id, entry_id, kind, currency, booked_at)
      select ${institutionId}, s.entry_id, 'hold', c.currency, ${entry.bookedAt} from settled s, changed c
    ), sides as materialized (
      select 1 as side, s.entry_id, s.account_key, s.transaction_number, ${entry.amountMinor}::bigint as amount_minor,
        c.ledger_minor, c.held_minor
      from settled s, changed c
      union all
      select 2, s.entry_id, ${internalAccountKeys[entry.against]}::bigint, nextval('ledger_numbers'), ${-entry.amountMinor}::bigint,
        null, null
      from settled s
    ), booked as (
      insert into postings (institution_id, account_key, transaction_date, transaction_number, entry_id, amount_minor,
        balance_after_minor, effective_date, transaction_type, description, memo, check_number, image_type, merchant_name,
        merchant_category)
      select ${institutionId}, x.account_key, ${entry.transactionDate}, x.transaction_number, x.entry_id, x.amount_minor,
        x.ledger_minor, ${entry.transactionDate}, s.transaction_type, s.description, s.memo, s.check_number, s.image_type,
        s.merchant_name, s.merchant_category
      from sides x, settled s
    )
    select entry_id, transaction_number, ledger_minor, held_minor from sides order by side`;
}

export const voidHold: Core['voidHold'] = async (tx, { institutionId, accountKey, transactionNumber }, now) => {
  const rows = await tx`
    with settled as (
      update holds set status = 'VOIDED', settled_at = ${now}
      where institution_id = ${institutionId} and account_key = ${accountKey} and transaction_number = ${transactionNumber}
        and status = 'PENDING'
      returning amount_minor
    ), changed as (
      update account_balances b set held_minor = b.held_minor - greatest(-s.amount_minor, 0)
      from settled s where b.institution_id = ${institutionId} and b.account_key = ${accountKey}
    )
    select 1 from settled`;
  return rows.length > 0 ? 'voided' : 'notPending';
};
