import type { Sql, Tx } from '../db/database.ts';
import type { Channel, InboxChannel } from './channel.ts';
import type { TemplateTexts } from './templates.ts';

/** The tables messages and message_templates. Times of delivery are real times, so the database's clock serves. */

/** The job that brings one message on its way. */
export const deliverJob = 'deliver_message';

export interface NewRow {
  readonly institutionId: string;
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly institutionUserId: string | undefined;
  readonly contentSealed: Buffer;
  readonly recipientIndex: Buffer;
  readonly queuedAt: Date;
  readonly usableForSeconds: number | undefined;
}

/** The row and its job, or neither. */
export async function insertMessage(tx: Tx, row: NewRow): Promise<void> {
  await Promise.all([
    tx`
      insert into messages (institution_id, message_id, channel, template, locale, institution_user_id, content_sealed,
        recipient_index, queued_at, usable_until)
      values (${row.institutionId}, ${row.messageId}, ${row.channel}, ${row.template}, ${row.locale},
        ${row.institutionUserId ?? null}, ${row.contentSealed}, ${row.recipientIndex}, ${row.queuedAt},
        clock_timestamp() + ${row.usableForSeconds ?? null}::double precision * interval '1 second')`,
    addDeliverJob(tx, row.institutionId, row.messageId, 0, 'replace'),
  ]);
}

/** At most one job of a message waits; `preserve_run_at` leaves one that does where it is in the queue. */
export async function addDeliverJob(
  tx: Sql | Tx,
  institutionId: string,
  messageId: string,
  inSeconds: number,
  mode: 'replace' | 'preserve_run_at',
): Promise<void> {
  await tx`
    select 1 from graphile_worker.add_job(
      identifier => ${deliverJob}::text, payload => ${tx.json({ institutionId, messageId })}::json,
      run_at => clock_timestamp() + ${inSeconds}::double precision * interval '1 second',
      max_attempts => 3, job_key => ${`message ${messageId}`}::text, job_key_mode => ${mode}::text)`;
}

export interface ClaimedMessage {
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly contentSealed: Buffer;
  readonly attempts: number;
  readonly isTooLate: boolean;
}

/**
 * Takes a message that is due for one try. While the lease lasts nobody else gets it; a process that dies leaves it to
 * whoever comes after the lease.
 */
export async function claimMessage(
  sql: Sql,
  institutionId: string,
  messageId: string,
  leaseMs: number,
): Promise<ClaimedMessage | undefined> {
  const [row] = await sql<
    {
      channel: Channel;
      template: string;
      locale: string;
      content_sealed: Buffer | null;
      attempts: number;
      is_too_late: boolean;
    }[]
  >`
    update messages
    set status = 'sending', attempts = attempts + 1,
      next_attempt_at = clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'
    where institution_id = ${institutionId} and message_id = ${messageId}
      and status in ('queued', 'failed', 'sending') and next_attempt_at <= clock_timestamp() and not is_bulk
    returning channel, template, locale, content_sealed, attempts, coalesce(usable_until < clock_timestamp(), false) as is_too_late`;
  if (row === undefined || row.content_sealed === null) return undefined;
  return {
    channel: row.channel,
    template: row.template,
    locale: row.locale,
    contentSealed: row.content_sealed,
    attempts: row.attempts,
    isTooLate: row.is_too_late,
  };
}

/** A claim: only the try that holds it may say how it ended. */
export interface Claim {
  readonly institutionId: string;
  readonly messageId: string;
  readonly attempts: number;
}

export interface SentOutcome {
  readonly providerReference: string | undefined;
  /** The inbox shows what was sent; anywhere else nobody needs it any more. */
  readonly keepsContent: boolean;
}

export const inboxChannel = 'openbranch_inbox';

export async function markSent(sql: Sql, claim: Claim, outcome: SentOutcome): Promise<void> {
  if (outcome.keepsContent) {
    await sql`
      with sent as (
        update messages
        set status = 'sent', finished_at = clock_timestamp(), provider_reference = ${outcome.providerReference ?? null}, failure = null
        where institution_id = ${claim.institutionId} and message_id = ${claim.messageId}
          and status = 'sending' and attempts = ${claim.attempts}
        returning institution_id, message_id)
      select pg_notify(${inboxChannel}, institution_id || ' ' || message_id::text) from sent`;
    return;
  }
  await sql`
    update messages
    set status = 'sent', finished_at = clock_timestamp(), provider_reference = ${outcome.providerReference ?? null}, failure = null,
      content_sealed = null
    where institution_id = ${claim.institutionId} and message_id = ${claim.messageId}
      and status = 'sending' and attempts = ${claim.attempts}`;
}

/** The try has failed and another one follows. */
export async function markFailed(sql: Sql, claim: Claim, failure: string, retryInSeconds: number): Promise<void> {
  await sql.begin(async (tx) => {
    const rows = await tx`
      update messages
      set status = 'failed', failure = ${failure},
        next_attempt_at = clock_timestamp() + ${retryInSeconds}::double precision * interval '1 second'
      where institution_id = ${claim.institutionId} and message_id = ${claim.messageId}
        and status = 'sending' and attempts = ${claim.attempts}
      returning 1`;
    if (rows.length > 0) await addDeliverJob(tx, claim.institutionId, claim.messageId, retryInSeconds, 'replace');
  });
}

/** No further try: a dead letter. What is of no use later, like a passcode, is wiped at once. */
export async function markDead(sql: Sql, claim: Claim, failure: string): Promise<void> {
  await sql`
    update messages
    set status = 'dead', finished_at = clock_timestamp(), failure = ${failure},
      content_sealed = case when usable_until is null then content_sealed end
    where institution_id = ${claim.institutionId} and message_id = ${claim.messageId}
      and status = 'sending' and attempts = ${claim.attempts}`;
}

/** Gives every message that is overdue a new job: its own was lost with a process. @returns How many there were. */
export async function requeueOverdue(sql: Sql, institutionId: string, overdueMs: number): Promise<number> {
  const rows = await sql<{ message_id: string }[]>`
    select message_id from messages
    where institution_id = ${institutionId} and status in ('queued', 'sending', 'failed') and not is_bulk
      and next_attempt_at < clock_timestamp() - ${overdueMs}::double precision * interval '1 millisecond'
    order by next_attempt_at limit 1000`;
  for (const row of rows) await addDeliverJob(sql, institutionId, row.message_id, 0, 'preserve_run_at');
  return rows.length;
}

const daysOfDeadContent = 7;
const daysOfRows = 90;

const deletedAtOnce = 5000;

/** Wipes the content of dead letters after a week, and removes what was finished long ago, a portion at a time. */
export async function deleteOldMessages(sql: Sql, institutionId: string, daysOfInbox: number | undefined): Promise<void> {
  await sql`
    update messages set content_sealed = null
    where institution_id = ${institutionId} and status = 'dead' and content_sealed is not null
      and finished_at < clock_timestamp() - ${daysOfDeadContent} * interval '1 day'`;
  for (let deleted = deletedAtOnce; deleted === deletedAtOnce; ) {
    const { count } = await sql`
      delete from messages
      where institution_id = ${institutionId} and message_id in (
        select message_id from messages
        where institution_id = ${institutionId}
          and finished_at < clock_timestamp() - ${daysOfInbox ?? daysOfRows} * interval '1 day'
        limit ${deletedAtOnce})`;
    deleted = count;
  }
}

/** The keys of an institution are destroyed: what was said is gone, and what waits cannot be sent any more. */
export async function wipeMessages(tx: Tx, institutionId: string): Promise<void> {
  await tx`
    update messages
    set content_sealed = null, status = case when finished_at is null then 'dead' else status end,
      failure = case when finished_at is null then 'key_destroyed' else failure end,
      finished_at = coalesce(finished_at, clock_timestamp())
    where institution_id = ${institutionId} and content_sealed is not null`;
}

/** Everything of an institution: its sandbox begins anew. */
export async function deleteMessages(tx: Tx, institutionId: string): Promise<void> {
  await tx`delete from messages where institution_id = ${institutionId}`;
  await tx`delete from message_templates where institution_id = ${institutionId}`;
  await tx`delete from delivery_faults where institution_id = ${institutionId}`;
}

/** The institution's own texts for a template on a channel, by locale. */
export async function findOwnTexts(
  tx: Sql | Tx,
  institutionId: string,
  template: string,
  channel: Channel,
): Promise<ReadonlyMap<string, TemplateTexts>> {
  const rows = await tx<{ locale: string; subject: string | null; body_text: string; body_html: string | null }[]>`
    select locale, subject, body_text, body_html from message_templates
    where institution_id = ${institutionId} and template = ${template} and channel = ${channel}`;
  return new Map(
    rows.map((row) => [
      row.locale,
      {
        text: row.body_text,
        ...(row.subject === null ? {} : { subject: row.subject }),
        ...(row.body_html === null ? {} : { html: row.body_html }),
      },
    ]),
  );
}

export interface InboxRow {
  readonly institution_id: string;
  readonly message_id: string;
  readonly channel: InboxChannel;
  readonly template: string;
  readonly locale: string;
  readonly content_sealed: Buffer;
  readonly queued_at: Date;
  readonly finished_at: Date;
}

export interface InboxQuery {
  readonly institutionIds: readonly string[];
  /** Of the recipients that are meant, in each institution. */
  readonly recipientIndexes: readonly Buffer[] | undefined;
  readonly channel: InboxChannel | undefined;
  /** Sent at this real time or later. */
  readonly sentSince: Date | undefined;
  readonly messageId: string | undefined;
  readonly limit: number;
}

/** Messages that were sent and are kept, newest first. */
export async function listSent(sql: Sql, query: InboxQuery): Promise<InboxRow[]> {
  const { recipientIndexes, channel, sentSince, messageId } = query;
  return sql<InboxRow[]>`
    select institution_id, message_id, channel, template, locale, content_sealed, queued_at, finished_at
    from messages
    where institution_id = any(${[...query.institutionIds]}) and status = 'sent' and content_sealed is not null
      ${recipientIndexes === undefined ? sql`` : sql`and recipient_index in ${sql([...recipientIndexes])}`}
      ${channel === undefined ? sql`` : sql`and channel = ${channel}`}
      ${sentSince === undefined ? sql`` : sql`and finished_at >= ${sentSince}`}
      ${messageId === undefined ? sql`` : sql`and message_id = ${messageId}`}
    order by recorded_at desc, message_id
    limit ${query.limit}`;
}
