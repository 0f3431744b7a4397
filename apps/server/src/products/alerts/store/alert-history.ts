import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { OutcomeTrace } from '../domain/outcome-trace.ts';

export type DeliveryStatus = 'IN_PROCESS' | 'SUCCESS' | 'FAILURE';

/** What is undefined does not matter. */
export interface HistoryFilter {
  readonly institutionUserId: string;
  readonly customerId: string | undefined;
  readonly accountIds: readonly string[] | undefined;
  readonly alertTypeNames: readonly string[] | undefined;
  readonly eventIds: readonly string[] | undefined;
  readonly statuses: Readonly<Partial<Record<AlertChannel, readonly string[]>>>;
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
  readonly alertOutcomeId: bigint | undefined;
  readonly isRead: boolean | undefined;
}

export interface HistoryRow {
  readonly alertOutcomeId: bigint;
  readonly eventId: string;
  readonly alertTypeName: string;
  readonly customerId: string | undefined;
  readonly accountId: string | undefined;
  readonly occurredAt: Date;
  readonly locale: string | undefined;
  readonly isRead: boolean;
  /** null: wiped. */
  readonly summarySealed: Buffer | null;
  readonly statuses: Readonly<Record<string, DeliveryStatus>>;
  readonly attempts: number;
}

const mostRows = 1000;

/** Newest first. */
export async function listHistory(sql: Sql, institutionId: string, filter: HistoryFilter): Promise<HistoryRow[]> {
  const { customerId, accountIds, alertTypeNames, eventIds, alertOutcomeId, isRead, statuses } = filter;
  const wantedStatuses = Object.entries(statuses);
  const rows = await sql<
    {
      alert_outcome_id: bigint;
      event_id: string;
      alert_type_name: string;
      customer_id: string | null;
      account_id: string | null;
      occurred_at: Date;
      locale: string | null;
      is_read: boolean;
      summary_sealed: Buffer | null;
      statuses: Record<string, DeliveryStatus>;
      attempts: number;
    }[]
  >`
    select o.alert_outcome_id, o.event_id, o.alert_type_name, o.customer_id, o.account_id, o.occurred_at, o.locale,
      o.read_at is not null as is_read, o.summary_sealed, d.statuses, d.attempts
    from alert_outcomes o
    cross join lateral (
      select coalesce(jsonb_object_agg(c.channel, c.status), '{}') as statuses, coalesce(max(c.tries), 0)::int as attempts
      from (
        select channel, max(tries) as tries,
          case when bool_or(status = 'IN_PROCESS') then 'IN_PROCESS' when bool_or(status = 'SUCCESS') then 'SUCCESS'
            else 'FAILURE' end as status
        from alert_deliveries
        where institution_id = ${institutionId} and alert_outcome_id = o.alert_outcome_id group by channel) c) d
    where o.institution_id = ${institutionId} and o.institution_user_id = ${filter.institutionUserId} and o.reason is null
      and o.occurred_at >= ${filter.from} and o.occurred_at < ${filter.until}
      ${customerId === undefined ? sql`` : sql`and (o.customer_id is null or o.customer_id = ${customerId})`}
      ${accountIds === undefined ? sql`` : sql`and o.account_id = any(${[...accountIds]})`}
      ${alertTypeNames === undefined ? sql`` : sql`and o.alert_type_name = any(${[...alertTypeNames]})`}
      ${eventIds === undefined ? sql`` : sql`and o.event_id = any(${[...eventIds]})`}
      ${alertOutcomeId === undefined ? sql`` : sql`and o.alert_outcome_id = ${String(alertOutcomeId)}`}
      ${isRead === undefined ? sql`` : sql`and (o.read_at is not null) = ${isRead}`}
      ${[sql``, ...wantedStatuses.map(([channel, wanted]) => sql`and d.statuses ->> ${channel} = any(${[...(wanted ?? [])]})`)]}
    order by o.occurred_at desc, o.alert_outcome_id desc limit ${mostRows}`;
  return rows.map((row) => ({
    alertOutcomeId: row.alert_outcome_id,
    eventId: row.event_id,
    alertTypeName: row.alert_type_name,
    customerId: row.customer_id ?? undefined,
    accountId: row.account_id ?? undefined,
    occurredAt: row.occurred_at,
    locale: row.locale ?? undefined,
    isRead: row.is_read,
    summarySealed: row.summary_sealed,
    statuses: row.statuses,
    attempts: row.attempts,
  }));
}

export interface ContentRow {
  readonly alertOutcomeId: bigint;
  readonly eventId: string;
  /** null: wiped. */
  readonly contentSealed: Buffer | null;
}

/** @param institutionUserId Whose it must be; undefined: anybody's of the institution. */
export async function findContent(
  sql: Sql,
  institutionId: string,
  by: { readonly alertOutcomeId: bigint } | { readonly eventId: string },
  institutionUserId: string | undefined,
): Promise<ContentRow | undefined> {
  const named =
    'alertOutcomeId' in by
      ? sql`alert_outcome_id = ${String(by.alertOutcomeId)}`
      : sql`event_seq = (select event_seq from alert_events where institution_id = ${institutionId} and event_id = ${by.eventId})`;
  const [row] = await sql<{ alert_outcome_id: bigint; event_id: string; content_sealed: Buffer | null }[]>`
    select alert_outcome_id, event_id, content_sealed from alert_outcomes
    where institution_id = ${institutionId} and ${named} and reason is null
      ${institutionUserId === undefined ? sql`` : sql`and institution_user_id = ${institutionUserId}`}
    order by alert_outcome_id limit 1`;
  if (row === undefined) return undefined;
  return { alertOutcomeId: row.alert_outcome_id, eventId: row.event_id, contentSealed: row.content_sealed };
}

/** @returns false when there is no such alert of that user. */
export async function saveReadAt(
  tx: Tx,
  institutionId: string,
  alertOutcomeId: bigint,
  institutionUserId: string | undefined,
  readAt: Date | undefined,
): Promise<boolean> {
  const rows = await tx`
    update alert_outcomes set read_at = ${readAt ?? null}
    where institution_id = ${institutionId} and alert_outcome_id = ${String(alertOutcomeId)} and reason is null
      ${institutionUserId === undefined ? tx`` : tx`and institution_user_id = ${institutionUserId}`}
    returning 1`;
  return rows.length > 0;
}

export interface OutcomeRow {
  readonly alertOutcomeId: bigint;
  readonly alertTypeName: string;
  readonly institutionUserId: string | undefined;
  readonly customerId: string | undefined;
  readonly reason: string | undefined;
  readonly trace: OutcomeTrace;
}

export async function listOutcomes(
  sql: Sql,
  institutionId: string,
  eventSeq: bigint,
  institutionUserId: string | undefined,
): Promise<OutcomeRow[]> {
  const rows = await sql<
    {
      alert_outcome_id: bigint;
      alert_type_name: string;
      institution_user_id: string | null;
      customer_id: string | null;
      reason: string | null;
      trace: OutcomeTrace;
    }[]
  >`
    select alert_outcome_id, alert_type_name, institution_user_id, customer_id, reason, trace from alert_outcomes
    where institution_id = ${institutionId} and event_seq = ${String(eventSeq)}
      ${institutionUserId === undefined ? sql`` : sql`and institution_user_id = ${institutionUserId}`}
    order by alert_outcome_id`;
  return rows.map((row) => ({
    alertOutcomeId: row.alert_outcome_id,
    alertTypeName: row.alert_type_name,
    institutionUserId: row.institution_user_id ?? undefined,
    customerId: row.customer_id ?? undefined,
    reason: row.reason ?? undefined,
    trace: row.trace,
  }));
}

export interface DeliveryRow {
  readonly alertOutcomeId: bigint;
  readonly channel: AlertChannel;
  readonly messageId: string | undefined;
  readonly contactMethodId: string | undefined;
  readonly status: DeliveryStatus;
  readonly tries: number;
  readonly failure: string | undefined;
}

export async function listDeliveries(
  sql: Sql,
  institutionId: string,
  alertOutcomeIds: readonly bigint[],
): Promise<DeliveryRow[]> {
  const rows = await sql<
    {
      alert_outcome_id: bigint;
      channel: AlertChannel;
      message_id: string | null;
      contact_method_id: bigint | null;
      status: DeliveryStatus;
      tries: number;
      failure: string | null;
    }[]
  >`
    select alert_outcome_id, channel, message_id, contact_method_id, status, tries, failure from alert_deliveries
    where institution_id = ${institutionId} and alert_outcome_id = any(${alertOutcomeIds.map(String)}::bigint[])
    order by alert_outcome_id, channel, destination_number`;
  return rows.map((row) => ({
    alertOutcomeId: row.alert_outcome_id,
    channel: row.channel,
    messageId: row.message_id ?? undefined,
    contactMethodId: row.contact_method_id?.toString(),
    status: row.status,
    tries: row.tries,
    failure: row.failure ?? undefined,
  }));
}
