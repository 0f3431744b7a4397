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
  | 'data_keys_changed'
  | 'alert_catalogue_changed'
  | 'call_faults_changed';

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
  /** False when the last complete reading is so old that this process may not know of a revocation. */
  isFresh(): boolean;
  close(): Promise<void>;
}

interface ChangeRow {
  readonly change_id: bigint;
  readonly topic: ChangeTopic;
  readonly institution_id: string | null;
  readonly subject: string;
  readonly expires_at: Date;
}

/** How long a wish to read something again is kept; a process that starts later reads everything anyway. */
export const reloadKeptMs = 120_000;

const channel = 'openbranch_changes';
const pollMs = 500;
/**
 * Rows become visible when their transaction commits, not in the order of their ids. Every poll looks this far back;
 * no transaction lives longer (statement_timeout, idle_in_transaction_session_timeout).
 */
const overlapSeconds = 60;
/** Without a complete reading for this long the process is not ready. */
const staleMs = 5000;

/** A row of the feed, or none, beside the time of the reading on the database's clock. */
type ReadingRow = { readonly read_at: Date } & { readonly [Column in keyof ChangeRow]: ChangeRow[Column] | null };

function toChangeRow({ change_id, topic, institution_id, subject, expires_at }: ReadingRow): ChangeRow[] {
  const isThere = change_id !== null && topic !== null && subject !== null && expires_at !== null;
  return isThere ? [{ change_id, topic, institution_id, subject, expires_at }] : [];
}

function toChange(row: ChangeRow): Change {
  return {
    topic: row.topic,
    institutionId: row.institution_id ?? undefined,
    subject: row.subject,
    expiresAt: row.expires_at,
  };
}

/** Adds changes in the caller's transaction. */
export async function announceChanges(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  // One array for each column: a list of rows would meet the bound of parameters when many chains end together.
  await Promise.all([
    tx`
      insert into change_feed (topic, institution_id, subject, expires_at)
      select * from unnest(${changes.map((change) => change.topic)}::text[], ${changes.map((change) => change.institutionId ?? null)}::text[],
        ${changes.map((change) => change.subject)}::text[], ${changes.map((change) => change.expiresAt.toISOString())}::timestamptz[])`,
    tx`select pg_notify(${channel}, '')`,
  ]);
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
  /** The database's time of the last reading whose every change was taken in. */
  let readThrough: Date | undefined;
  let lastSuccess = performance.now();

  // One change that cannot be taken in must not keep back the others: a revocation may be among them.
  const tellAll = async (rows: readonly ChangeRow[]): Promise<void> => {
    const failures: unknown[] = [];
    for (const row of rows) {
      if (seen.has(row.change_id)) continue;
      try {
        await onChange(toChange(row));
        seen.set(row.change_id, performance.now());
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  // From the last complete reading on, however long ago that was: a process that was paused or cut off misses nothing.
  const readNew = async (): Promise<void> => {
    const rows = await sql<ReadingRow[]>`
      select m.read_at, c.change_id, c.topic, c.institution_id, c.subject, c.expires_at
      from (select clock_timestamp() as read_at) m
        left join change_feed c on case when ${readThrough ?? null}::timestamptz is null then c.expires_at > m.read_at
          else c.recorded_at > ${readThrough ?? null}::timestamptz - ${overlapSeconds} * interval '1 second' end
      order by c.change_id`;
    await tellAll(rows.flatMap(toChangeRow));
    readThrough = rows[0]?.read_at;
    lastSuccess = performance.now();
    const horizon = lastSuccess - 2 * overlapSeconds * 1000;
    for (const [id, at] of seen) if (at < horizon) seen.delete(id);
  };

  // One reading at a time; a wish that comes during a reading starts one more after it.
  const read = (): Promise<void> => {
    if (reading !== undefined) {
      readAgain = true;
      return reading;
    }
    reading = readNew()
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
  // A start without knowing every revocation in force would be worse than no start.
  await reading;
  if (readThrough === undefined) await readNew();
  const timer = setInterval(() => void read(), pollMs);
  return {
    apply: async (changes) => {
      for (const change of changes) await onChange(change);
    },
    isFresh: () => performance.now() - lastSuccess < staleMs,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await reading;
      await listener.unlisten().catch(() => undefined);
    },
  };
}
