import type { Tx } from '../../../platform/db/database.ts';

/** An event of V1 on its way into the queue. */
export interface QueuedSentEvent {
  readonly eventId: string;
  readonly lane: number;
  readonly eventType: string;
  readonly occurredAt: Date;
  readonly payloadSealed: Buffer;
}

/** Takes events, each with its place in the queue; of one that came before only the repetition is counted. */
export async function insertSentEvents(tx: Tx, institutionId: string, events: readonly QueuedSentEvent[]): Promise<void> {
  await tx`
    with given as materialized (
      select * from unnest(${events.map((one) => one.eventId)}::text[], ${events.map((one) => one.lane)}::smallint[],
        ${events.map((one) => one.eventType)}::text[], ${events.map((one) => one.occurredAt.toISOString())}::timestamptz[],
        ${events.map((one) => one.payloadSealed.toString('base64'))}::text[])
        with ordinality as e (event_id, lane, event_type, occurred_at, payload, place)),
    taken as (
      insert into alert_events (institution_id, event_id, event_type, producer, occurred_at, accepted_at)
      select ${institutionId}, event_id, event_type, 'SEND', occurred_at, occurred_at from given order by place
      on conflict (institution_id, event_id) do update set repeats = alert_events.repeats + 1
      returning event_id, event_seq, repeats)
    insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed)
    select ${institutionId}, given.lane, taken.event_seq, taken.event_id, decode(given.payload, 'base64')
    from taken join given on given.event_id = taken.event_id where taken.repeats = 0`;
}
