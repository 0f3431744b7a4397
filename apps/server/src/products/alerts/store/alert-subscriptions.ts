import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Subscription, SubscriptionAction, SubscriptionCondition } from '../domain/subscription.ts';

interface SubscriptionRow {
  readonly subscription_id: string;
  readonly customer_guid: string;
  readonly event_type: string;
  readonly runs_left: number | null;
  readonly is_active: boolean;
  readonly conditions: readonly SubscriptionCondition[];
  readonly actions: readonly SubscriptionAction[];
}

function columns(sql: Sql | Tx) {
  return sql`subscription_id, customer_guid, event_type, runs_left, is_active, conditions, actions`;
}

function fromRow(row: SubscriptionRow): Subscription {
  return {
    subscriptionId: row.subscription_id,
    customerGuid: row.customer_guid,
    eventType: row.event_type,
    runsLeft: row.runs_left ?? undefined,
    isActive: row.is_active,
    conditions: row.conditions,
    actions: row.actions,
  };
}

/** All of the customers given, for a batch of events in one statement. */
export async function listSubscriptions(
  sql: Sql | Tx,
  institutionId: string,
  customerGuids: readonly string[],
): Promise<Subscription[]> {
  const rows = await sql<SubscriptionRow[]>`
    select ${columns(sql)} from alert_subscriptions
    where institution_id = ${institutionId} and customer_guid = any(${[...customerGuids]})
    order by customer_guid, subscription_id`;
  return rows.map(fromRow);
}

/** Those of users that are active, by user, for a batch of events in one statement. */
export async function loadSubscriptions(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
): Promise<Map<string, Subscription[]>> {
  const byUser = new Map<string, Subscription[]>();
  if (institutionUserIds.length === 0) return byUser;
  const rows = await sql<(SubscriptionRow & { institution_user_id: string })[]>`
    select u.institution_user_id, ${columns(sql)}
    from institution_users u join alert_subscriptions s using (institution_id, customer_guid)
    where u.institution_id = ${institutionId} and u.institution_user_id = any(${[...institutionUserIds]}) and s.is_active
    order by subscription_id`;
  for (const row of rows) {
    const known = byUser.get(row.institution_user_id) ?? [];
    known.push(fromRow(row));
    byUser.set(row.institution_user_id, known);
  }
  return byUser;
}

export interface PageOfSubscriptions {
  readonly limit: number;
  /** The last customer of the page before. */
  readonly after: string;
  readonly eventTypes: readonly string[] | undefined;
  readonly isActive: boolean | undefined;
  /** Leaves out what was delivered on this day. */
  readonly notOn: string | undefined;
}

/** Whole customers: the page ends with all that its last one has. */
export async function listPageOfSubscriptions(
  sql: Sql | Tx,
  institutionId: string,
  { limit, after, eventTypes, isActive, notOn }: PageOfSubscriptions,
): Promise<Subscription[]> {
  const others = sql`
    ${isActive === undefined ? sql`` : sql`and is_active = ${isActive}`}
    ${notOn === undefined ? sql`` : sql`and processed_on is distinct from ${notOn}::date`}`;
  // Each type for itself: its index has it in the order of a page, and a rare one is not looked for among all others.
  const each = eventTypes === undefined ? sql`` : sql`unnest(${[...new Set(eventTypes)]}::text[]) t (wanted_type) cross join`;
  const ofType = eventTypes === undefined ? sql`` : sql`and event_type = t.wanted_type`;
  const rows = await sql<SubscriptionRow[]>`
    with page as (
      select customer_guid from ${each} lateral (
        select customer_guid, subscription_id from alert_subscriptions
        where institution_id = ${institutionId} and customer_guid > ${after} ${ofType} ${others}
        order by customer_guid, subscription_id limit ${limit}) own
      order by customer_guid, subscription_id limit ${limit})
    select ${columns(sql)} from ${each} lateral (
      select ${columns(sql)} from alert_subscriptions
      where institution_id = ${institutionId} and customer_guid > ${after}
        and customer_guid <= (select max(customer_guid) from page) ${ofType} ${others}) own
    order by customer_guid, subscription_id`;
  return rows.map(fromRow);
}

export async function findSubscription(
  sql: Sql | Tx,
  institutionId: string,
  customerGuid: string,
  subscriptionId: string,
): Promise<Subscription | undefined> {
  const [row] = await sql<SubscriptionRow[]>`
    select ${columns(sql)} from alert_subscriptions
    where institution_id = ${institutionId} and customer_guid = ${customerGuid} and subscription_id = ${subscriptionId}`;
  return row === undefined ? undefined : fromRow(row);
}

/** For a change; its runs are counted before or after. */
export async function lockSubscription(
  tx: Tx,
  institutionId: string,
  customerGuid: string,
  subscriptionId: string,
): Promise<Subscription | undefined> {
  const [row] = await tx<SubscriptionRow[]>`
    select ${columns(tx)} from alert_subscriptions
    where institution_id = ${institutionId} and customer_guid = ${customerGuid} and subscription_id = ${subscriptionId}
    for update`;
  return row === undefined ? undefined : fromRow(row);
}

/** Makes it, or writes what it has become. */
export async function saveSubscription(tx: Tx, institutionId: string, one: Subscription): Promise<void> {
  const conditions = tx.json(one.conditions.map(({ key, value }) => ({ key, value })));
  const actions = tx.json(
    one.actions.map(({ name, attributes }) => ({ name, attributes: attributes.map(({ key, value }) => ({ key, value })) })),
  );
  await tx`
    insert into alert_subscriptions (institution_id, customer_guid, subscription_id, event_type, runs_left, is_active, conditions,
      actions)
    values (${institutionId}, ${one.customerGuid}, ${one.subscriptionId}, ${one.eventType}, ${one.runsLeft ?? null},
      ${one.isActive}, ${conditions}, ${actions})
    on conflict (institution_id, customer_guid, subscription_id) do update
      set event_type = excluded.event_type, runs_left = excluded.runs_left, is_active = excluded.is_active,
        conditions = excluded.conditions, actions = excluded.actions`;
}

export async function deleteSubscription(
  tx: Tx,
  institutionId: string,
  customerGuid: string,
  subscriptionId: string,
): Promise<boolean> {
  const deleted = await tx`
    delete from alert_subscriptions
    where institution_id = ${institutionId} and customer_guid = ${customerGuid} and subscription_id = ${subscriptionId}`;
  return deleted.count > 0;
}

/** A run of a subscription. */
export interface DeliveredSubscription {
  readonly customerGuid: string;
  readonly subscriptionId: string;
  readonly runs: number;
}

/**
 * Counts runs; a subscription without runs left is not active any more. One statement for a whole batch.
 * @returns How many had the runs; fewer than were given when others have used them meanwhile.
 */
export async function countDeliveries(
  tx: Tx,
  institutionId: string,
  delivered: readonly DeliveredSubscription[],
  institutionDay: string,
): Promise<number> {
  if (delivered.length === 0) return 0;
  const counted = await tx`
    update alert_subscriptions s
    set runs_left = s.runs_left - d.runs, is_active = s.is_active and coalesce(s.runs_left > d.runs, true),
      processed_on = ${institutionDay}::date
    from unnest(${delivered.map((one) => one.customerGuid)}::text[], ${delivered.map((one) => one.subscriptionId)}::text[],
      ${delivered.map((one) => one.runs)}::int[]) as d (customer_guid, subscription_id, runs)
    where s.institution_id = ${institutionId} and s.customer_guid = d.customer_guid and s.subscription_id = d.subscription_id
      and coalesce(s.runs_left >= d.runs, true)`;
  return counted.count;
}
