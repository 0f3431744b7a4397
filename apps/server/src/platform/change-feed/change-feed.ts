import type { Sql, Tx } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';

/**
 * What every process must know within a second: revocations, and what it holds in memory and must read again. A change
 * is a row, written in the transaction that causes it. NOTIFY wakes the readers at once; because a notification can be
 * lost (a broken connection, a pooler between), every reader also polls.
 */
export type ChangeTopic =
  | 'access_token_revoked'
  | 'token_chain_revoked'
  | 'institution_changed'
  | 'applications_changed'
  | 'signing_keys_changed'
  | 'data_keys_changed';

export interface Change {
  readonly topic: ChangeTopic;
  readonly institutionId: string | undefined;
  readonly subject: string;
  /** Until when a process that starts must still learn of it. */
  readonly expiresAt: Date;
}

export interface ChangeFeed {
  /** Tells this process at once of changes that it has committed itself. */
  apply(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

interface ChangeRow {
  readonly change_id: bigint;
  readonly topic: ChangeTopic;
  readonly institution_id: string | null;
  readonly subject: string;
  readonly expires_at: Date;
}

const channel = 'openbranch_changes';
const pollMs = 500;
/**
 * Rows become visible when their transaction commits, not in the order of their ids. Every poll looks this far back;
 * no transaction lives longer (statement_timeout, idle_in_transaction_session_timeout).
 */
const overlapSeconds = 60;

/** Adds changes in the caller's transaction. */
export async function announceChanges(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    topic: change.topic,
    institution_id: change.institutionId ?? null,
    subject: change.subject,
    expires_at: change.expiresAt,
  }));
  await Promise.all([tx`insert into change_feed ${tx(rows)}`, tx`select pg_notify(${channel}, '')`]);
}

/**
 * Reads every change still in force, then goes on reading; `onChange` is told of each change once or more, so it must
 * be idempotent. Returns when the first reading is done.
 */
export async function openChangeFeed(
  sql: Sql,
  log: LineLog,
  onChange: (change: Change) => Promise<void> | void,
): Promise<ChangeFeed> {
  const seen = new Map<bigint, number>();
  let reading: Promise<void> | undefined;
  let readAgain = false;
  let isClosed = false;

  const tellAll = async (rows: readonly ChangeRow[]): Promise<void> => {
    for (const row of rows) {
      if (seen.has(row.change_id)) continue;
      await onChange({
        topic: row.topic,
        institutionId: row.institution_id ?? undefined,
        subject: row.subject,
        expiresAt: row.expires_at,
      });
      seen.set(row.change_id, performance.now());
    }
  };

  const readRecent = async (): Promise<void> => {
    const rows = await sql<ChangeRow[]>`
      select change_id, topic, institution_id, subject, expires_at
      from change_feed
      where recorded_at > clock_timestamp() - ${overlapSeconds} * interval '1 second'
      order by change_id`;
    await tellAll(rows);
    const horizon = performance.now() - 2 * overlapSeconds * 1000;
    for (const [id, at] of seen) if (at < horizon) seen.delete(id);
  };

  // One reading at a time; a wish that comes during a reading starts one more after it.
  const read = (): Promise<void> => {
    if (reading !== undefined) {
      readAgain = true;
      return reading;
    }
    reading = readRecent()
      .catch((error: unknown) => {
        if (!isClosed)
          log.warn(`The change feed cannot be read, trying again: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => {
        reading = undefined;
        if (readAgain && !isClosed) {
          readAgain = false;
          void read();
        }
      });
    return reading;
  };

  const listener = await sql.listen(
    channel,
    () => void read(),
    () => void read(),
  );
  await tellAll(
    await sql<ChangeRow[]>`
      select change_id, topic, institution_id, subject, expires_at
      from change_feed where expires_at > clock_timestamp() order by change_id`,
  );
  const timer = setInterval(() => void read(), pollMs);
  return {
    apply: async (changes) => {
      for (const change of changes) await onChange(change);
    },
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await reading;
      await listener.unlisten().catch(() => undefined);
    },
  };
}
