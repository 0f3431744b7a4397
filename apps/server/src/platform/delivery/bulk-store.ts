import type { Sql, Tx } from '../db/database.ts';
import type { Channel } from './channel.ts';
import { inboxChannel } from './message-store.ts';
import type { Lane } from './sending-lanes.ts';

/** Messages of the table messages that are sent in bulk: claimed and settled many in a statement, without a job each. */

export interface NewBulkRow {
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly institutionUserId: string | undefined;
  readonly contentSealed: Buffer;
  readonly recipientIndex: Buffer;
  readonly queuedAt: Date;
  /** Others do not get it, because this process sends it itself. */
  readonly isLeased: boolean;
}

/**
 * A message that is there already stays as it is: one id has one content.
 * @param leaseMs For those that this process sends itself, as soon as they are committed.
 * @returns The ids of those that were not there.
 */
export async function insertBulk(
  tx: Tx,
  institutionId: string,
  rows: readonly NewBulkRow[],
  leaseMs: number,
): Promise<readonly string[]> {
  // One array for each column: a list of rows would be another statement for each length.
  const inserted = await tx<{ message_id: string }[]>`
    insert into messages (institution_id, message_id, channel, template, locale, institution_user_id, content_sealed,
      recipient_index, queued_at, is_bulk, status, attempts, next_attempt_at)
    select ${institutionId}, m.id, m.channel, m.template, m.locale, m.user_id, decode(m.content, 'base64'),
      decode(m.recipient, 'base64'), m.queued_at, true, case m.tries when 1 then 'sending' else 'queued' end, m.tries,
      clock_timestamp() + m.tries * ${leaseMs}::double precision * interval '1 millisecond'
    from unnest(${rows.map((row) => row.messageId)}::uuid[], ${rows.map((row) => row.channel)}::text[],
      ${rows.map((row) => row.template)}::text[], ${rows.map((row) => row.locale)}::text[],
      ${rows.map((row) => row.institutionUserId ?? null)}::text[], ${rows.map((row) => row.contentSealed.toString('base64'))}::text[],
      ${rows.map((row) => row.recipientIndex.toString('base64'))}::text[], ${rows.map((row) => row.queuedAt.toISOString())}::timestamptz[],
      ${rows.map((row) => (row.isLeased ? 1 : 0))}::int[])
      as m (id, channel, template, locale, user_id, content, recipient, queued_at, tries)
    on conflict (institution_id, message_id) do nothing
    returning message_id`;
  return inserted.map((row) => row.message_id);
}

/** Those lanes of which something is due. */
export async function lanesWithBulk(sql: Sql, lanes: readonly Lane[]): Promise<Lane[]> {
  if (lanes.length === 0) return [];
  const rows = await sql<{ institution_id: string; channel: Channel }[]>`
    select l.institution_id, l.channel
    from unnest(${lanes.map((lane) => lane.institutionId)}::text[], ${lanes.map((lane) => lane.channel)}::text[])
      l (institution_id, channel)
    cross join lateral (
      select from messages m
      where m.institution_id = l.institution_id and m.channel = l.channel and m.is_bulk
        and m.status in ('queued', 'sending', 'failed') and m.next_attempt_at <= statement_timestamp()
      limit 1) due`;
  return rows.map((row) => ({ institutionId: row.institution_id, channel: row.channel }));
}

export interface ClaimedBulk {
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly contentSealed: Buffer;
  readonly attempts: number;
}

/** Takes up to `limit` messages of a lane for one try each; others do not get them while the lease lasts. */
export async function claimBulk(
  sql: Sql,
  { institutionId, channel }: Lane,
  limit: number,
  leaseMs: number,
): Promise<ClaimedBulk[]> {
  const rows = await sql<
    { message_id: string; channel: Channel; template: string; locale: string; content_sealed: Buffer; attempts: number }[]
  >`
    update messages m
    set status = 'sending', attempts = m.attempts + 1,
      next_attempt_at = clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'
    from (
      select message_id from messages
      where institution_id = ${institutionId} and channel = ${channel} and is_bulk and status in ('queued', 'sending', 'failed')
        and next_attempt_at <= statement_timestamp()
      order by next_attempt_at limit ${limit} for update skip locked) due
    where m.institution_id = ${institutionId} and m.message_id = due.message_id
    returning m.message_id, m.channel, m.template, m.locale, m.content_sealed, m.attempts`;
  return rows.map((row) => ({
    messageId: row.message_id,
    channel: row.channel,
    template: row.template,
    locale: row.locale,
    contentSealed: row.content_sealed,
    attempts: row.attempts,
  }));
}

/** How a try ended. `failed` is tried again; `queued` was not tried at all. */
export interface BulkEnd {
  readonly messageId: string;
  readonly attempts: number;
  readonly status: 'sent' | 'failed' | 'dead' | 'queued';
  readonly providerReference: string | undefined;
  readonly failure: string | undefined;
  readonly retryInSeconds: number | undefined;
}

export type SettledBulk = Pick<BulkEnd, 'messageId' | 'attempts' | 'status' | 'failure'>;

/**
 * Writes how tries ended. Only the try that holds a message may say so: an end that comes twice, or after the lease was
 * given to somebody else, changes nothing.
 * @returns What was written.
 */
export async function settleBulk(
  tx: Tx,
  institutionId: string,
  ends: readonly BulkEnd[],
  keepsContent: boolean,
): Promise<SettledBulk[]> {
  const messageIds = ends.map((end) => end.messageId);
  // The ids are named twice: joined alone, a planner that does not know the table yet reads all messages of the institution.
  const rows = await tx<{ message_id: string; attempts: number; status: BulkEnd['status']; failure: string | null }[]>`
    update messages m
    set status = e.status, provider_reference = e.reference,
      failure = case when e.status = 'queued' then m.failure else e.failure end,
      attempts = m.attempts - (e.status = 'queued')::int,
      finished_at = case when e.status in ('sent', 'dead') then clock_timestamp() end,
      next_attempt_at = clock_timestamp() + coalesce(e.retry_seconds, 0) * interval '1 second',
      content_sealed = case when e.status = 'sent' and not ${keepsContent} then null else m.content_sealed end
    from unnest(${messageIds}::uuid[], ${ends.map((end) => end.attempts)}::int[],
      ${ends.map((end) => end.status)}::text[], ${ends.map((end) => end.failure ?? null)}::text[],
      ${ends.map((end) => end.providerReference ?? null)}::text[],
      ${ends.map((end) => end.retryInSeconds ?? null)}::double precision[])
      as e (message_id, attempts, status, failure, reference, retry_seconds)
    where m.institution_id = ${institutionId} and m.message_id = any(${messageIds}::uuid[]) and m.message_id = e.message_id
      and m.status = 'sending' and m.attempts = e.attempts
    returning m.message_id, m.attempts, m.status, m.failure`;
  return rows.map((row) => ({
    messageId: row.message_id,
    attempts: row.attempts,
    status: row.status,
    failure: row.failure ?? undefined,
  }));
}

/**
 * For a transaction that updates many rows by their keys, each with values of its own: rows and values are matched by
 * hashing. What the planner believes of a young table is one row, and for one row it compares each with each.
 */
export async function matchByHash(tx: Tx): Promise<void> {
  await tx`select set_config('enable_nestloop', 'off', true)`;
}

/** A notification holds less than 8,000 bytes. */
const announcedAtOnce = 128;

/** Tells the inbox pages of all processes. */
export async function announceSent(tx: Tx, institutionId: string, messageIds: readonly string[]): Promise<void> {
  for (let first = 0; first < messageIds.length; first += announcedAtOnce) {
    const some = messageIds.slice(first, first + announcedAtOnce);
    await tx`select pg_notify(${inboxChannel}, ${[institutionId, ...some].join(' ')})`;
  }
}

/**
 * What the provider says of a message that it had taken. The first word counts: one that comes again, or another one,
 * changes nothing.
 * @returns `taken` when it counts now, `repeated` when something was said before, `unknown` without such a message.
 */
export async function confirmMessage(
  tx: Tx,
  institutionId: string,
  messageId: string,
  outcome: { readonly isDelivered: boolean; readonly failure: string | undefined },
): Promise<{ readonly kind: 'taken'; readonly attempts: number } | { readonly kind: 'repeated' | 'unknown' }> {
  const [row] = await tx<{ confirmed_at: Date | null; attempts: number; status: string }[]>`
    select confirmed_at, attempts, status from messages
    where institution_id = ${institutionId} and message_id = ${messageId} for update`;
  if (row === undefined) return { kind: 'unknown' };
  if (row.confirmed_at !== null) return { kind: 'repeated' };
  await tx`
    update messages
    set confirmed_at = clock_timestamp(), status = ${outcome.isDelivered ? 'sent' : 'dead'}, failure = ${outcome.failure ?? null},
      finished_at = coalesce(finished_at, clock_timestamp()),
      content_sealed = case when ${outcome.isDelivered} then null else content_sealed end
    where institution_id = ${institutionId} and message_id = ${messageId}`;
  return { kind: 'taken', attempts: row.attempts };
}
