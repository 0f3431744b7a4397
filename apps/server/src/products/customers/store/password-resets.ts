import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { PasscodeChannel, PastSends } from '../domain/password-reset.ts';

/**
 * Passcodes, the sessions that they open, and how often a user was wrong. The calls of a user come one after another:
 * whoever writes here holds the lock of the credential.
 */

type EndReason = 'used' | 'replaced' | 'too_many_tries' | 'contact_changed' | 'disowned';

const quarterHourMs = 900_000;
const dayMs = 86_400_000;

/** Two users may share a number: sends to it have an order too. */
export async function lockRecipient(tx: Tx, institutionId: string, recipientIndex: Buffer): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`passcodes ${institutionId} ${recipientIndex.toString('hex')}`}, 0))`;
}

/** @param ceiling How far the sends of the institution are counted. */
export async function countSends(
  tx: Tx,
  to: { readonly institutionId: string; readonly institutionUserId: string; readonly recipientIndex: Buffer },
  now: Date,
  ceiling: number,
): Promise<PastSends> {
  const quarterHourAgo = new Date(now.getTime() - quarterHourMs);
  const dayAgo = new Date(now.getTime() - dayMs);
  const [row] = await tx<{ last_to_recipient: Date | null; in_quarter_hour: bigint; in_day: bigint; by_institution: bigint }[]>`
    select
      max(sent_at) filter (where recipient_index = ${to.recipientIndex}) as last_to_recipient,
      count(*) filter (where sent_at > ${quarterHourAgo}) as in_quarter_hour,
      count(*) as in_day,
      (select count(*) from (
        select 1 from password_resets
        where institution_id = ${to.institutionId} and sent_at > ${dayAgo} and sent_at <= ${now}
        limit ${ceiling}) counted) as by_institution
    from password_resets
    where institution_id = ${to.institutionId}
      and (institution_user_id = ${to.institutionUserId} or recipient_index = ${to.recipientIndex})
      and sent_at > ${dayAgo} and sent_at <= ${now}`;
  return {
    lastToRecipientAt: row?.last_to_recipient ?? undefined,
    inQuarterHour: Number(row?.in_quarter_hour ?? 0),
    inDay: Number(row?.in_day ?? 0),
    byInstitutionInDay: Number(row?.by_institution ?? 0),
  };
}

/** Wrong passcodes in the open window of 24 hours. */
export async function countFailures(tx: Tx, institutionId: string, institutionUserId: string, now: Date): Promise<number> {
  const [row] = await tx<{ failures: number }[]>`
    select failures from passcode_failures
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
      and window_started_at > ${new Date(now.getTime() - dayMs)}`;
  return row?.failures ?? 0;
}

/** The same statements run for a user who does not exist. @returns Wrong passcodes in the window, this one included. */
export async function addFailure(tx: Tx, institutionId: string, institutionUserId: string, now: Date): Promise<number> {
  const [row] = await tx<{ failures: number }[]>`
    insert into passcode_failures (institution_id, institution_user_id, window_started_at, failures)
    select institution_id, institution_user_id, ${now}::timestamptz, 1 from credentials
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
    on conflict on constraint passcode_failures__pk do update set
      window_started_at = case when passcode_failures.window_started_at > ${new Date(now.getTime() - dayMs)}
        then passcode_failures.window_started_at else excluded.window_started_at end,
      failures = case when passcode_failures.window_started_at > ${new Date(now.getTime() - dayMs)}
        then passcode_failures.failures + 1 else 1 end
    returning failures`;
  await tx`
    update credentials set failed_password_reset_count = failed_password_reset_count + 1
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  return row?.failures ?? 0;
}

export interface NewPasscode {
  readonly institutionId: string;
  readonly passwordResetId: string;
  readonly institutionUserId: string;
  readonly contactMethodId: string;
  readonly channel: PasscodeChannel;
  readonly recipientIndex: Buffer;
  readonly passcodeHash: Buffer;
  readonly sentAt: Date;
  readonly expiresAt: Date;
}

/** A new passcode ends the one before it. */
export async function replacePasscode(tx: Tx, passcode: NewPasscode): Promise<void> {
  await endLivePasscode(tx, passcode.institutionId, passcode.institutionUserId, 'replaced', passcode.sentAt);
  await tx`
    insert into password_resets (institution_id, password_reset_id, institution_user_id, contact_method_id, channel,
      recipient_index, passcode_hash, sent_at, expires_at)
    values (${passcode.institutionId}, ${passcode.passwordResetId}, ${passcode.institutionUserId}, ${passcode.contactMethodId},
      ${passcode.channel}, ${passcode.recipientIndex}, ${passcode.passcodeHash}, ${passcode.sentAt}, ${passcode.expiresAt})`;
}

export async function endLivePasscode(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  reason: EndReason,
  endedAt: Date,
): Promise<void> {
  await tx`
    update password_resets set ended_at = ${endedAt}, end_reason = ${reason}, passcode_hash = null
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and ended_at is null`;
}

/** Ends what is on its way to contact methods that have just changed. */
export async function endPasscodesOfMethods(
  tx: Tx,
  institutionId: string,
  contactMethodIds: readonly string[],
  endedAt: Date,
): Promise<void> {
  await tx`
    update password_resets set ended_at = ${endedAt}, end_reason = 'contact_changed', passcode_hash = null
    where institution_id = ${institutionId} and contact_method_id = any(${[...contactMethodIds]}::bigint[]) and ended_at is null`;
}

export interface ReservedTry {
  readonly passwordResetId: string;
  readonly contactMethodId: string;
  readonly passcodeHash: Buffer;
  /** This one included. */
  readonly tries: number;
}

/** Takes one of the tries of the live passcode, before anybody looks whether it is right. */
export async function reserveTry(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  maxTries: number,
  now: Date,
): Promise<ReservedTry | undefined> {
  const [row] = await tx<{ password_reset_id: string; contact_method_id: bigint; passcode_hash: Buffer; tries: number }[]>`
    update password_resets set tries = tries + 1
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
      and ended_at is null and passcode_hash is not null and tries < ${maxTries} and expires_at > ${now} and sent_at <= ${now}
    returning password_reset_id, contact_method_id, passcode_hash, tries`;
  if (row === undefined) return undefined;
  return {
    passwordResetId: row.password_reset_id,
    contactMethodId: String(row.contact_method_id),
    passcodeHash: row.passcode_hash,
    tries: row.tries,
  };
}

/** The passcode is used up and opens a session. */
export async function openSession(
  tx: Tx,
  institutionId: string,
  passwordResetId: string,
  session: { readonly hash: Buffer; readonly openedAt: Date; readonly expiresAt: Date },
): Promise<boolean> {
  const rows = await tx`
    update password_resets
    set ended_at = ${session.openedAt}, end_reason = 'used', passcode_hash = null,
      session_hash = ${session.hash}, session_expires_at = ${session.expiresAt}
    where institution_id = ${institutionId} and password_reset_id = ${passwordResetId} and ended_at is null
    returning 1`;
  return rows.length > 0;
}

/** The user whose session this is, while it lasts. */
export async function findSessionUser(
  sql: Sql | Tx,
  institutionId: string,
  sessionHash: Buffer,
  now: Date,
): Promise<string | undefined> {
  const [row] = await sql<{ institution_user_id: string }[]>`
    select institution_user_id from password_resets
    where institution_id = ${institutionId} and session_hash = ${sessionHash} and session_expires_at > ${now}`;
  return row?.institution_user_id;
}

/** Uses a session up: of several that try at once one gets it. @returns The contact method that carried its passcode. */
export async function consumeSession(
  tx: Tx,
  institutionId: string,
  sessionHash: Buffer,
  now: Date,
  disown: { readonly hash: Buffer; readonly expiresAt: Date },
): Promise<string | undefined> {
  const [row] = await tx<{ contact_method_id: bigint }[]>`
    update password_resets
    set session_hash = null, session_expires_at = null, password_set_at = ${now}, disown_hash = ${disown.hash},
      disown_expires_at = ${disown.expiresAt}
    where institution_id = ${institutionId} and session_hash = ${sessionHash} and session_expires_at > ${now}
    returning contact_method_id`;
  return row === undefined ? undefined : String(row.contact_method_id);
}

/** Other sessions of the user, opened by earlier passcodes, end with the password that they were for. */
export async function endSessionsForPassword(tx: Tx, institutionId: string, institutionUserId: string): Promise<void> {
  await tx`
    update password_resets set session_hash = null, session_expires_at = null
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and session_hash is not null`;
}

/** New password; the lock, the duty to change the password and all counters are gone. */
export async function saveResetCredential(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  password: { readonly passwordHash: string; readonly pepperId: string },
): Promise<void> {
  await tx`
    update credentials
    set password_hash = ${password.passwordHash}, pepper_id = ${password.pepperId}, must_change_password = false,
      is_locked = false, locked_at = null, lock_reason = null, failed_login_count = 0, failed_password_reset_count = 0
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  await tx`
    delete from passcode_failures where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
}

/** The user whose password change somebody says was not theirs. The link goes on working: pressing twice does no harm. */
export async function findDisowner(
  sql: Sql | Tx,
  institutionId: string,
  disownHash: Buffer,
  now: Date,
): Promise<string | undefined> {
  const [row] = await sql<{ institution_user_id: string }[]>`
    select institution_user_id from password_resets
    where institution_id = ${institutionId} and disown_hash = ${disownHash} and disown_expires_at > ${now}`;
  return row?.institution_user_id;
}

/** @returns false when the user was on hold already. */
export async function holdUser(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  hold: { readonly heldAt: Date; readonly reason: string; readonly initiatedBy: string },
): Promise<boolean> {
  const rows = await tx`
    update credentials
    set is_on_hold = true, held_at = ${hold.heldAt}, hold_reason = ${hold.reason}, hold_initiated_by = ${hold.initiatedBy}
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and not is_on_hold
    returning 1`;
  return rows.length > 0;
}

export async function markMustChangePassword(tx: Tx, institutionId: string, institutionUserId: string): Promise<void> {
  await tx`
    update credentials set must_change_password = true
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
}

/** Removes what no rule counts any more. */
export async function deleteOldPasswordResets(sql: Sql, institutionId: string, before: Date): Promise<void> {
  await sql`delete from password_resets where institution_id = ${institutionId} and sent_at < ${before}`;
  await sql`delete from passcode_failures where institution_id = ${institutionId} and window_started_at < ${before}`;
}
