import type { Tx } from '../../../platform/db/database.ts';
import type { AlertEvent } from '../domain/alert-event.ts';
import type { NewDelivery } from './alert-outcomes.ts';

/** Rows of what happened before the program began; the pipeline never sees them. One statement each. */

/** Types that somebody wants to hear of, or has to; of the others nothing can come. */
export async function listWantedTypes(tx: Tx, institutionId: string): Promise<ReadonlySet<string>> {
  const rows = await tx<{ alert_type_name: string }[]>`
    select t.alert_type_name from system_alert_types t
    where t.is_mandatory
      or exists (select 1 from institution_alert_preferences p
        where p.institution_id = ${institutionId} and p.alert_type_id = t.alert_type_id and p.is_opted)
      or exists (select 1 from alert_preferences p
        where p.institution_id = ${institutionId} and p.alert_type_id = t.alert_type_id and p.is_opted)`;
  return new Set(rows.map((row) => row.alert_type_name));
}

/** @returns Their numbers, which grow in the order given, by event id; without those that are there already. */
export async function insertPastEvents(
  tx: Tx,
  institutionId: string,
  events: readonly AlertEvent[],
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx<{ event_id: string; event_seq: bigint }[]>`
    insert into alert_events (institution_id, event_id, event_type, event_domain, producer, occurred_at, accepted_at)
    select ${institutionId}, e.event_id, e.event_type, e.event_domain, 'OWN', e.occurred_at, e.occurred_at
    from unnest(${events.map(({ eventId }) => eventId)}::text[], ${events.map(({ eventType }) => eventType)}::text[],
      ${events.map(({ domain }) => domain ?? null)}::text[], ${events.map(({ occurredAt }) => occurredAt.toISOString())}::timestamptz[])
      as e (event_id, event_type, event_domain, occurred_at)
    on conflict do nothing returning event_id, event_seq`;
  return new Map(rows.map((row) => [row.event_id, row.event_seq]));
}

export interface EndedDelivery extends NewDelivery {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly tries: number;
  readonly failure: string | undefined;
  readonly endedAt: Date;
}

export async function insertEndedDeliveries(tx: Tx, institutionId: string, deliveries: readonly EndedDelivery[]): Promise<void> {
  await tx`
    insert into alert_deliveries (institution_id, alert_outcome_id, channel, destination_number, message_id, contact_method_id,
      status, tries, failure, ended_at)
    select ${institutionId}, d.outcome_id, d.channel, d.number, d.message_id, d.method_id, d.status, d.tries, d.failure, d.ended_at
    from unnest(${deliveries.map((one) => String(one.alertOutcomeId))}::bigint[], ${deliveries.map((one) => one.channel)}::text[],
      ${deliveries.map((one) => one.destinationNumber)}::smallint[], ${deliveries.map((one) => one.messageId ?? null)}::uuid[],
      ${deliveries.map((one) => one.contactMethodId?.toString() ?? null)}::bigint[], ${deliveries.map((one) => one.status)}::text[],
      ${deliveries.map((one) => one.tries)}::smallint[], ${deliveries.map((one) => one.failure ?? null)}::text[],
      ${deliveries.map((one) => one.endedAt.toISOString())}::timestamptz[])
      as d (outcome_id, channel, number, message_id, method_id, status, tries, failure, ended_at)`;
}

export interface PastTimes {
  readonly alertOutcomeId: bigint;
  readonly processedAt: Date;
  readonly readAt: Date | undefined;
}

/** An outcome is written as of now; these were long ago. */
export async function savePastTimes(tx: Tx, institutionId: string, times: readonly PastTimes[]): Promise<void> {
  await tx`
    update alert_outcomes o set processed_at = t.processed_at, read_at = t.read_at
    from unnest(${times.map((one) => String(one.alertOutcomeId))}::bigint[],
      ${times.map((one) => one.processedAt.toISOString())}::timestamptz[],
      ${times.map((one) => one.readAt?.toISOString() ?? null)}::timestamptz[]) as t (outcome_id, processed_at, read_at)
    where o.institution_id = ${institutionId} and o.alert_outcome_id = t.outcome_id`;
}
