import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { EventDomain } from '../domain/alert-type.ts';
import { laneCount } from '../domain/event-lane.ts';

export type Producer = 'PUBLISH' | 'SEND' | 'OWN';

export interface NewEvent {
  readonly eventId: string;
  readonly lane: number;
  readonly eventType: string;
  readonly domain: EventDomain | undefined;
  readonly producer: Producer;
  readonly eventSource: string | undefined;
  readonly clientId: string | undefined;
  readonly occurredAt: Date;
  readonly acceptedAt: Date;
  readonly payloadSealed: Buffer;
}

/** Whatever the clocks of the processes say. */
const dueAtOnce = new Date(0);

/**
 * Takes events, each with its place in the queue; of one that came before, or comes twice here, only the repetition is
 * counted. All of it is one statement, so it is atomic without a transaction around it.
 */
export async function acceptEvents(sql: Sql | Tx, institutionId: string, given: readonly NewEvent[]): Promise<void> {
  const byId = Map.groupBy(given, ({ eventId }) => eventId);
  const events = [...byId.values()].flatMap(([first]) => first ?? []);
  const repeats = [...byId.values()].map((same) => same.length - 1);
  const texts = (of: (event: NewEvent) => string | undefined): (string | null)[] => events.map((event) => of(event) ?? null);
  await sql`
    with given as materialized (
      select * from unnest(${texts((event) => event.eventId)}::text[], ${events.map((event) => event.lane)}::smallint[],
        ${texts((event) => event.eventType)}::text[], ${texts((event) => event.domain)}::text[],
        ${texts((event) => event.producer)}::text[], ${texts((event) => event.eventSource)}::text[],
        ${texts((event) => event.clientId)}::text[], ${texts((event) => event.occurredAt.toISOString())}::timestamptz[],
        ${texts((event) => event.acceptedAt.toISOString())}::timestamptz[],
        ${texts((event) => event.payloadSealed.toString('base64'))}::text[], ${repeats}::int[])
        as e (event_id, lane, event_type, event_domain, producer, event_source, client_id, occurred_at, accepted_at, payload,
          repeats)),
    taken as (
      insert into alert_events (institution_id, event_id, event_type, event_domain, producer, event_source, client_id,
        occurred_at, accepted_at, repeats)
      select ${institutionId}, event_id, event_type, event_domain, producer, event_source, client_id, occurred_at, accepted_at,
        repeats
      from given
      on conflict (institution_id, event_id) do update set repeats = alert_events.repeats + 1 + excluded.repeats
      returning event_id, event_seq, repeats)
    insert into alert_event_queue (institution_id, lane, event_seq, event_id, payload_sealed, next_try_at)
    select ${institutionId}, given.lane, taken.event_seq, taken.event_id, decode(given.payload, 'base64'), ${dueAtOnce}
    from taken join given on given.event_id = taken.event_id where taken.repeats = given.repeats`;
}

export interface PendingLanes {
  readonly institutionId: string;
  readonly lanes: readonly number[];
}

/** What is due, among the institutions given: one row is looked for in each lane, however many wait. @param realNow As all times of delivery. */
export async function listPendingLanes(sql: Sql, institutionIds: readonly string[], realNow: Date): Promise<PendingLanes[]> {
  const rows = await sql<{ institution_id: string; lanes: number[] }[]>`
    select g.institution_id, array_agg(l.lane) as lanes
    from unnest(${[...institutionIds]}::text[]) g (institution_id)
    cross join lateral (
      select from alert_event_queue q where q.institution_id = g.institution_id and q.dead_at is null limit 1) any_lane
    cross join generate_series(0, ${laneCount - 1}::int) l (lane)
    cross join lateral (
      select from alert_event_queue q
      where q.institution_id = g.institution_id and q.lane = l.lane and q.dead_at is null and q.next_try_at <= ${realNow}
      limit 1) due
    group by g.institution_id`;
  return rows.map((row) => ({ institutionId: row.institution_id, lanes: row.lanes }));
}

/** Takes those of the lanes that nobody works on, until the transaction ends. */
export async function lockLanes(tx: Tx, institutionId: string, lanes: readonly number[]): Promise<number[]> {
  const rows = await tx<{ lane: number }[]>`
    select lane from unnest(${[...lanes]}::int[]) as l (lane)
    where pg_try_advisory_xact_lock(hashtextextended('alert lane ' || ${institutionId}::text || ' ' || lane, 0))`;
  return rows.map(({ lane }) => lane);
}

export interface QueuedEvent {
  readonly lane: number;
  readonly eventSeq: bigint;
  readonly eventId: string;
  readonly payloadSealed: Buffer;
  readonly tries: number;
}

/** The oldest events of each lane, in order. The caller holds the lanes. */
export async function listQueued(
  tx: Tx,
  institutionId: string,
  lanes: readonly number[],
  mostOfALane: number,
  realNow: Date,
): Promise<QueuedEvent[]> {
  const rows = await tx<{ lane: number; event_seq: bigint; event_id: string; payload_sealed: Buffer; tries: number }[]>`
    select q.lane, q.event_seq, q.event_id, q.payload_sealed, q.tries
    from unnest(${[...lanes]}::smallint[]) l (lane)
    cross join lateral (
      select lane, event_seq, event_id, payload_sealed, tries from alert_event_queue
      where institution_id = ${institutionId} and lane = l.lane and dead_at is null and next_try_at <= ${realNow}
      order by event_seq limit ${mostOfALane}) q
    order by q.event_seq`;
  return rows.map((row) => ({
    lane: row.lane,
    eventSeq: row.event_seq,
    eventId: row.event_id,
    payloadSealed: row.payload_sealed,
    tries: row.tries,
  }));
}

export async function deleteQueued(tx: Tx, institutionId: string, events: readonly QueuedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx`
    delete from alert_event_queue q
    using unnest(${events.map(({ lane }) => lane)}::smallint[], ${events.map(({ eventSeq }) => String(eventSeq))}::bigint[])
      as d (lane, event_seq)
    where q.institution_id = ${institutionId} and q.lane = d.lane and q.event_seq = d.event_seq`;
}

/** An event that could not be processed waits for its next try, or stays for good with its reason. */
export async function postponeEvent(
  sql: Sql,
  institutionId: string,
  { lane, eventSeq }: Pick<QueuedEvent, 'lane' | 'eventSeq'>,
  failure: string,
  { retryAt, realNow }: { readonly retryAt: Date | undefined; readonly realNow: Date },
): Promise<void> {
  await sql`
    update alert_event_queue
    set tries = tries + 1, failure = ${failure}, next_try_at = ${retryAt ?? realNow},
      dead_at = ${retryAt === undefined ? realNow : null}
    where institution_id = ${institutionId} and lane = ${lane} and event_seq = ${String(eventSeq)}`;
}

/** Events that nobody can process any more stay with the reason. */
export async function buryQueued(
  tx: Tx,
  institutionId: string,
  events: readonly QueuedEvent[],
  failure: string,
  realNow: Date,
): Promise<void> {
  if (events.length === 0) return;
  await tx`
    update alert_event_queue q set tries = q.tries + 1, failure = ${failure}, dead_at = ${realNow}
    from unnest(${events.map(({ lane }) => lane)}::smallint[], ${events.map(({ eventSeq }) => String(eventSeq))}::bigint[])
      as d (lane, event_seq)
    where q.institution_id = ${institutionId} and q.lane = d.lane and q.event_seq = d.event_seq`;
}

/** An event, and what it waits for if it does. */
export interface StoredEvent {
  readonly eventId: string;
  readonly eventSeq: bigint;
  readonly eventType: string;
  readonly domain: EventDomain | undefined;
  readonly producer: Producer;
  readonly eventSource: string | undefined;
  readonly occurredAt: Date;
  readonly acceptedAt: Date;
  readonly repeats: number;
  readonly queue: 'waits' | 'dead' | undefined;
  readonly failure: string | undefined;
}

export async function findEvent(sql: Sql, institutionId: string, eventId: string): Promise<StoredEvent | undefined> {
  const [row] = await sql<
    {
      event_seq: bigint;
      event_type: string;
      event_domain: EventDomain | null;
      producer: Producer;
      event_source: string | null;
      occurred_at: Date;
      accepted_at: Date;
      repeats: number;
    }[]
  >`
    select event_seq, event_type, event_domain, producer, event_source, occurred_at, accepted_at, repeats
    from alert_events where institution_id = ${institutionId} and event_id = ${eventId}`;
  if (row === undefined) return undefined;
  const lanes = Array.from({ length: laneCount }, (_, lane) => lane);
  const [waiting] = await sql<{ dead_at: Date | null; failure: string | null }[]>`
    select dead_at, failure from alert_event_queue
    where institution_id = ${institutionId} and lane = any(${lanes}::smallint[]) and event_seq = ${String(row.event_seq)}`;
  return {
    eventId,
    eventSeq: row.event_seq,
    eventType: row.event_type,
    domain: row.event_domain ?? undefined,
    producer: row.producer,
    eventSource: row.event_source ?? undefined,
    occurredAt: row.occurred_at,
    acceptedAt: row.accepted_at,
    repeats: row.repeats,
    queue: waiting === undefined ? undefined : waiting.dead_at === null ? 'waits' : 'dead',
    failure: waiting?.failure ?? undefined,
  };
}
