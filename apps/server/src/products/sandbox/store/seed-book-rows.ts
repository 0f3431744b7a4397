import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { DemoEntitlement } from '../domain/demo-accounts.ts';
import type { SeedLocation } from '../domain/seed-plan.ts';

/** Waits for another process that plants the same institution. */
export async function lockPlanting(tx: Tx, institutionId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('openbranch sandbox books ' || ${institutionId}, 0))`;
}

/** Numbers up to `last` are the seed's own; what is booked later is newer, and gets a higher one. */
export async function reserveNumbers(tx: Tx, last: bigint): Promise<void> {
  await tx`select setval('ledger_numbers', ${last}) from ledger_numbers where last_value < ${last}`;
}

export async function insertSecondLocation(tx: Tx, institutionId: string, location: SeedLocation): Promise<void> {
  await tx`
    insert into customers (institution_id, customer_id, customer_type, member_number, host_login_id)
    values (${institutionId}, ${location.customerId}, 'BUSINESS', ${location.memberNumber}, ${location.memberNumber})`;
  await tx`
    insert into institution_user_customers (institution_id, institution_user_id, customer_id)
    values (${institutionId}, ${location.institutionUserId}, ${location.customerId})`;
}

export async function insertEntitlements(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  entitlements: readonly DemoEntitlement[],
): Promise<void> {
  await tx`insert into account_entitlements ${tx(
    entitlements.map((one) => ({
      institution_id: institutionId,
      institution_user_id: institutionUserId,
      account_key: one.accountKey,
      may_transfer_from: one.mayTransferFrom,
      may_transfer_to: one.mayTransferTo,
      is_history_entitled: one.isHistoryEntitled,
    })),
  )}`;
}

/** The given institutions whose customers are there, and whose core knows nobody yet. */
export async function findWithoutBooks(sql: Sql | Tx, institutionIds: readonly string[]): Promise<readonly string[]> {
  const rows = await sql<{ institution_id: string }[]>`
    select i.institution_id from institutions i
    where i.institution_id = any(${[...institutionIds]}::text[])
      and not exists (select 1 from core_members m where m.institution_id = i.institution_id)
      and not exists (select 1 from accounts a where a.institution_id = i.institution_id)`;
  return rows.map(({ institution_id }) => institution_id);
}
