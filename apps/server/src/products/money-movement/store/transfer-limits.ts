import type { Sql, Tx } from '../../../platform/db/database.ts';

/** A customer's own limits; what is absent is the institution's. */
export interface CustomerLimits {
  readonly transferLimitMinor: bigint | undefined;
  readonly dailyLimitMinor: bigint | undefined;
}

export async function findCustomerLimits(sql: Sql | Tx, institutionId: string, customerId: string): Promise<CustomerLimits> {
  const [row] = await sql<{ transfer_limit_minor: bigint | null; daily_limit_minor: bigint | null }[]>`
    select transfer_limit_minor, daily_limit_minor from customer_transfer_limits
    where institution_id = ${institutionId} and customer_id = ${customerId}`;
  return {
    transferLimitMinor: row?.transfer_limit_minor ?? undefined,
    dailyLimitMinor: row?.daily_limit_minor ?? undefined,
  };
}

/** @returns false when there is no such customer. */
export async function saveCustomerLimits(
  tx: Tx,
  institutionId: string,
  customerId: string,
  { transferLimitMinor, dailyLimitMinor }: CustomerLimits,
): Promise<boolean> {
  const rows = await tx`
    insert into customer_transfer_limits (institution_id, customer_id, transfer_limit_minor, daily_limit_minor)
    select institution_id, customer_id, ${transferLimitMinor?.toString() ?? null}::bigint, ${dailyLimitMinor?.toString() ?? null}::bigint
    from customers where institution_id = ${institutionId} and customer_id = ${customerId} for key share
    on conflict (institution_id, customer_id) do update
      set transfer_limit_minor = excluded.transfer_limit_minor, daily_limit_minor = excluded.daily_limit_minor
    returning 1`;
  return rows.length > 0;
}

export async function deleteCustomerLimits(tx: Tx, institutionId: string, customerId: string): Promise<void> {
  await tx`delete from customer_transfer_limits where institution_id = ${institutionId} and customer_id = ${customerId}`;
}

/**
 * Counts a transfer against the day's limit. Transfers of one customer wait for each other here, after they have locked
 * their balances.
 * @returns false when it would exceed the limit; nothing is counted then.
 */
export async function countAgainstDay(
  tx: Tx,
  institutionId: string,
  customerId: string,
  transferDate: string,
  amountMinor: bigint,
  limitMinor: bigint,
): Promise<boolean> {
  if (amountMinor > limitMinor) return false;
  const rows = await tx`
    insert into customer_transfer_days as d (institution_id, customer_id, transfer_date, moved_minor)
    values (${institutionId}, ${customerId}, ${transferDate}, ${amountMinor})
    on conflict (institution_id, customer_id, transfer_date) do update set moved_minor = d.moved_minor + excluded.moved_minor
      where d.moved_minor + excluded.moved_minor <= ${limitMinor}
    returning 1`;
  return rows.length > 0;
}

/** What the customer has moved out on a day, as far as it was counted: without a limit nothing is. */
export async function findMovedOnDay(sql: Sql, institutionId: string, customerId: string, transferDate: string): Promise<bigint> {
  const [row] = await sql<{ moved_minor: bigint }[]>`
    select moved_minor from customer_transfer_days
    where institution_id = ${institutionId} and customer_id = ${customerId} and transfer_date = ${transferDate}`;
  return row?.moved_minor ?? 0n;
}

/** Days that no limit asks for any more. */
export async function deleteOldTransferDays(sql: Sql, institutionId: string, before: string): Promise<void> {
  await sql`delete from customer_transfer_days where institution_id = ${institutionId} and transfer_date < ${before}`;
}
