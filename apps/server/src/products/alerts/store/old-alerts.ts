import type { Sql } from '../../../platform/db/database.ts';

export interface TimeSpan {
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
}

/** When the first of the events of a span was taken. */
export async function findFirstTaken(sql: Sql, institutionId: string, { from, until }: TimeSpan): Promise<Date | undefined> {
  const [row] = await sql<{ oldest: Date | null }[]>`
    select min(accepted_at) as oldest from alert_events
    where institution_id = ${institutionId} and accepted_at >= ${from} and accepted_at < ${until}`;
  return row?.oldest ?? undefined;
}

/**
 * Deletes events that were taken in a span of time, each with all that came of it. One that still waits for the pipeline
 * stays, and goes when it is done with.
 * @returns How many; more may be left.
 */
export async function deleteEventsTaken(
  sql: Sql,
  institutionId: string,
  { from, until }: TimeSpan,
  most: number,
): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`
    with old as materialized (
      select e.event_id, e.event_seq from alert_events e
      where e.institution_id = ${institutionId} and e.accepted_at >= ${from} and e.accepted_at < ${until}
        and not exists (
          select 1 from alert_event_queue q
          where q.institution_id = ${institutionId} and q.event_seq = e.event_seq and q.dead_at is null)
      limit ${most}),
    dead as (
      delete from alert_event_queue q using old
      where q.institution_id = ${institutionId} and q.event_seq = old.event_seq),
    outcomes as (
      delete from alert_outcomes o using old
      where o.institution_id = ${institutionId} and o.event_seq = old.event_seq
      returning o.alert_outcome_id),
    deliveries as (
      delete from alert_deliveries d using outcomes
      where d.institution_id = ${institutionId} and d.alert_outcome_id = outcomes.alert_outcome_id),
    events as (
      delete from alert_events e using old where e.institution_id = ${institutionId} and e.event_id = old.event_id)
    select count(*) as count from old`;
  return Number(row?.count ?? 0n);
}

/**
 * Deletes postings that could not be processed: they have no other row. They died by the clock of the machine, as all that
 * waits for a try.
 */
export async function deleteDeadPostings(sql: Sql, institutionId: string, before: Date): Promise<void> {
  await sql`
    delete from alert_event_queue q
    where q.institution_id = ${institutionId} and q.dead_at < ${before}
      and not exists (
        select 1 from alert_events e where e.institution_id = ${institutionId} and e.event_id = q.event_id)`;
}
