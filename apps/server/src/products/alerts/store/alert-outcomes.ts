import type { Tx } from '../../../platform/db/database.ts';
import type { DeliveryChannel, DeliveryKey } from '../domain/message-id.ts';
import type { OutcomeTrace } from '../domain/outcome-trace.ts';

export interface NewOutcome {
  readonly alertOutcomeId: bigint;
  readonly eventSeq: bigint;
  readonly eventId: string;
  readonly alertTypeId: bigint | undefined;
  readonly alertTypeName: string;
  readonly institutionUserId: string | undefined;
  readonly customerId: string | undefined;
  readonly accountId: string | undefined;
  readonly occurredAt: Date;
  readonly reason: string | undefined;
  readonly trace: OutcomeTrace;
  readonly locale: string | undefined;
  /** Present when something is sent. */
  readonly sealed: { readonly summary: Buffer; readonly content: Buffer } | undefined;
}

/** Ids for outcomes, which their words are sealed with and the ids of their messages are made of. */
export async function drawOutcomeIds(tx: Tx, count: number): Promise<bigint[]> {
  const rows = await tx<{ id: bigint }[]>`
    select nextval(pg_get_serial_sequence('alert_outcomes', 'alert_outcome_id')) as id from generate_series(1, ${count}::int)`;
  return rows.map(({ id }) => id);
}

export async function insertOutcomes(
  tx: Tx,
  institutionId: string,
  processedAt: Date,
  outcomes: readonly NewOutcome[],
): Promise<void> {
  const texts = (of: (outcome: NewOutcome) => string | undefined): (string | null)[] =>
    outcomes.map((outcome) => of(outcome) ?? null);
  await tx`
    insert into alert_outcomes (institution_id, alert_outcome_id, event_seq, event_id, alert_type_id, alert_type_name,
      institution_user_id, customer_id, account_id, occurred_at, processed_at, reason, trace, locale, summary_sealed, content_sealed)
    overriding system value
    select ${institutionId}, o.id, o.event_seq, o.event_id, o.type_id, o.type_name, o.user_id, o.customer_id, o.account_id,
      o.occurred_at, ${processedAt}, o.reason, o.trace::jsonb, o.locale, decode(o.summary, 'base64'), decode(o.content, 'base64')
    from unnest(${texts((one) => String(one.alertOutcomeId))}::bigint[], ${texts((one) => String(one.eventSeq))}::bigint[],
      ${texts((one) => one.eventId)}::text[], ${texts((one) => one.alertTypeId?.toString())}::bigint[], ${texts((one) => one.alertTypeName)}::text[],
      ${texts((one) => one.institutionUserId)}::text[], ${texts((one) => one.customerId)}::text[],
      ${texts((one) => one.accountId)}::text[], ${texts((one) => one.occurredAt.toISOString())}::timestamptz[],
      ${texts((one) => one.reason)}::text[], ${texts((one) => JSON.stringify(one.trace))}::text[],
      ${texts((one) => one.locale)}::text[], ${texts((one) => one.sealed?.summary.toString('base64'))}::text[],
      ${texts((one) => one.sealed?.content.toString('base64'))}::text[])
      as o (id, event_seq, event_id, type_id, type_name, user_id, customer_id, account_id, occurred_at, reason, trace, locale,
        summary, content)`;
}

export interface NewDelivery {
  readonly alertOutcomeId: bigint;
  readonly channel: DeliveryChannel;
  readonly destinationNumber: number;
  /** undefined for WEB, which is there with the history. */
  readonly messageId: string | undefined;
  readonly contactMethodId: bigint | undefined;
}

export async function insertDeliveries(
  tx: Tx,
  institutionId: string,
  now: Date,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx`
    insert into alert_deliveries (institution_id, alert_outcome_id, channel, destination_number, message_id, contact_method_id,
      status, ended_at)
    select ${institutionId}, d.outcome_id, d.channel, d.number, d.message_id, d.method_id,
      case when d.message_id is null then 'SUCCESS' else 'IN_PROCESS' end, case when d.message_id is null then ${now}::timestamptz end
    from unnest(${deliveries.map((one) => String(one.alertOutcomeId))}::bigint[], ${deliveries.map((one) => one.channel)}::text[],
      ${deliveries.map((one) => one.destinationNumber)}::smallint[], ${deliveries.map((one) => one.messageId ?? null)}::uuid[],
      ${deliveries.map((one) => one.contactMethodId?.toString() ?? null)}::bigint[])
      as d (outcome_id, channel, number, message_id, method_id)`;
}

export interface DeliveryEnd {
  readonly key: DeliveryKey;
  readonly isSuccess: boolean;
  readonly tries: number;
  readonly failure: string | undefined;
}

/** What the provider answered in the end; it may take a success back. */
export async function endDeliveries(tx: Tx, institutionId: string, endedAt: Date, ends: readonly DeliveryEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const outcomeIds = ends.map(({ key }) => String(key.alertOutcomeId));
  // The ids are named twice: joined alone, a planner that does not know the table yet reads all of the institution.
  await tx`
    update alert_deliveries d
    set status = e.status, tries = e.tries, failure = e.failure,
      ended_at = ${endedAt}
    from unnest(${outcomeIds}::bigint[], ${ends.map(({ key }) => key.channel)}::text[],
      ${ends.map(({ key }) => key.destinationNumber)}::smallint[], ${ends.map((end) => (end.isSuccess ? 'SUCCESS' : 'FAILURE'))}::text[],
      ${ends.map((end) => end.tries)}::smallint[], ${ends.map((end) => end.failure ?? null)}::text[])
      as e (outcome_id, channel, number, status, tries, failure)
    where d.institution_id = ${institutionId} and d.alert_outcome_id = any(${outcomeIds}::bigint[])
      and d.alert_outcome_id = e.outcome_id and d.channel = e.channel and d.destination_number = e.number`;
}
