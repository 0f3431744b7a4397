import { accept, type Result, refuse } from '../../kernel/result.ts';
import type { Sql, Tx } from '../db/database.ts';
import { openInstitutionDirectory } from '../institutions/institution-directory.ts';
import { administer } from '../transactions/administer.ts';
import type { Channel } from './channel.ts';
import { addDeliverJob } from './message-store.ts';

/** A message that was given up. Nothing of it tells to whom it was or what it said. */
export interface DeadLetter {
  readonly institutionId: string;
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly attempts: number;
  /** Clock of the institution. */
  readonly queuedAt: Date;
  /** Real time. */
  readonly givenUpAt: Date;
  /** A code like `smtp_550` or `webhook_404`. */
  readonly reason: string;
  /** False when its words are wiped: a passcode at once, anything else after a week. */
  readonly canBeRetried: boolean;
}

const mostShown = 1000;

/** The newest first, at most 1,000 of each institution. */
export async function listDeadLetters(
  sql: Sql,
  institutionId: string | undefined,
): Promise<Result<readonly DeadLetter[], 'institutionNotFound'>> {
  const all = (await openInstitutionDirectory(sql)).all().map((one) => one.institutionId);
  if (institutionId !== undefined && !all.includes(institutionId)) return refuse('institutionNotFound');
  const letters: DeadLetter[] = [];
  for (const id of institutionId === undefined ? all.sort() : [institutionId]) letters.push(...(await lettersOf(sql, id)));
  return accept(letters);
}

async function lettersOf(sql: Sql, institutionId: string): Promise<DeadLetter[]> {
  const rows = await sql<
    {
      message_id: string;
      channel: Channel;
      template: string;
      attempts: number;
      queued_at: Date;
      finished_at: Date;
      failure: string;
      has_content: boolean;
    }[]
  >`
    select message_id, channel, template, attempts, queued_at, finished_at, coalesce(failure, '') as failure,
      content_sealed is not null as has_content
    from messages where institution_id = ${institutionId} and status = 'dead'
    order by finished_at desc, message_id limit ${mostShown}`;
  return rows.map((row) => ({
    institutionId,
    messageId: row.message_id,
    channel: row.channel,
    template: row.template,
    attempts: row.attempts,
    queuedAt: row.queued_at,
    givenUpAt: row.finished_at,
    reason: row.failure,
    canBeRetried: row.has_content,
  }));
}

/**
 * Queues dead letters again, whose words are still there; they are tried as often as new ones.
 * @param messageId Only this one; undefined for all of the institution.
 * @returns How many were queued.
 */
export async function retryDeadLetters(
  sql: Sql,
  institutionId: string,
  messageId: string | undefined,
): Promise<Result<number, 'institutionNotFound'>> {
  return administer(sql, 'delivery retry', async ({ tx, institutionIds, audit }) => {
    if (!institutionIds.includes(institutionId)) return refuse('institutionNotFound');
    const ids = await reviveMessages(tx, institutionId, messageId);
    if (ids.length > 0) await audit([institutionId], 'messages_retried', { details: { count: ids.length } });
    return accept(ids.length);
  });
}

async function reviveMessages(tx: Tx, institutionId: string, messageId: string | undefined): Promise<readonly string[]> {
  const rows = await tx<{ message_id: string; is_bulk: boolean }[]>`
    update messages
    set status = 'queued', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = null, failure = null,
      confirmed_at = null
    where institution_id = ${institutionId} and status = 'dead' and content_sealed is not null
      ${messageId === undefined ? tx`` : tx`and message_id = ${messageId}`}
    returning message_id, is_bulk`;
  // Messages in bulk have no job each: whoever sends them looks for what is due.
  const single = rows.filter((row) => !row.is_bulk);
  await Promise.all(single.map((row) => addDeliverJob(tx, institutionId, row.message_id, 0, 'replace')));
  return rows.map((row) => row.message_id);
}
