import type { Tx } from '../platform/db/database.ts';
import type { KeyRing } from '../platform/keys/key-ring.ts';
import { open, seal } from '../platform/keys/sealed-box.ts';

/**
 * Replay guard (Conventions section 13). The key is (application, institution, operation, trace id) with the hash of
 * the body; it is written in the transaction of the operation, so key, effect and stored answer are there together or
 * not at all. Answers may hold personal data and bodies passwords, so the answer is sealed and the hash is keyed. While the first call runs, an advisory lock on the key lets a second one see that.
 */
export interface ReplayKey {
  readonly institutionId: string;
  readonly clientId: string;
  readonly operation: string;
  readonly traceId: string;
  readonly bodyHash: Buffer;
}

/** The same call was answered before: its answer is given again. */
export class ReplayedAnswer extends Error {
  override readonly name = 'ReplayedAnswer';
  readonly status: number;
  readonly answer: unknown;

  constructor(status: number, answer: unknown) {
    super('replayed');
    this.status = status;
    this.answer = answer;
  }
}

/** The trace id was used with another body, and the institution wants that refused. */
export class ReplayConflictError extends Error {
  override readonly name = 'ReplayConflictError';
}

/** The same call is running at this moment. */
export class ReplayInFlightError extends Error {
  override readonly name = 'ReplayInFlightError';
}

const lifetimeHours = 24;

export function replayBodyHash(keyRing: KeyRing, body: unknown): Buffer {
  return keyRing.hmac('replay', JSON.stringify(body) ?? '');
}

/**
 * Runs work once for its key.
 * @param isStrict Another body under the same key is refused (switch `replay.strict`).
 * @throws ReplayedAnswer when it ran before, ReplayInFlightError when it is running now, ReplayConflictError.
 */
export async function runOnce<Value>(
  tx: Tx,
  keyRing: KeyRing,
  key: ReplayKey,
  status: number,
  isStrict: boolean,
  work: () => Promise<Value>,
): Promise<Value> {
  const lockName = `${key.institutionId} ${key.clientId} ${key.operation} ${key.traceId}`;
  // Sent together: the server runs the second after the first, so what it reads is read under the lock.
  const [[lock], earlier] = await Promise.all([
    tx<{ is_free: boolean }[]>`select pg_try_advisory_xact_lock(hashtextextended(${lockName}, 0)) as is_free`,
    tx<{ status: number; answer_sealed: Buffer; body_hash: Buffer }[]>`
      select status, answer_sealed, body_hash from replays
      where institution_id = ${key.institutionId} and client_id = ${key.clientId} and operation = ${key.operation}
        and trace_id = ${key.traceId} and expires_at > clock_timestamp()`,
  ]);
  if (lock?.is_free !== true) throw new ReplayInFlightError();
  const stored = earlier.find((row) => row.body_hash.equals(key.bodyHash));
  if (stored === undefined && earlier.length > 0 && isStrict) throw new ReplayConflictError();
  if (stored !== undefined) {
    const answer = open(keyRing.key('replay'), lockName, stored.answer_sealed).toString();
    throw new ReplayedAnswer(stored.status, JSON.parse(answer));
  }
  const value = await work();
  const sealed = seal(keyRing.key('replay'), lockName, Buffer.from(JSON.stringify(value ?? null)));
  await tx`
    insert into replays (institution_id, client_id, operation, trace_id, body_hash, status, answer_sealed, expires_at)
    values (${key.institutionId}, ${key.clientId}, ${key.operation}, ${key.traceId}, ${key.bodyHash}, ${status},
      ${sealed}, clock_timestamp() + ${lifetimeHours} * interval '1 hour')
    on conflict (institution_id, client_id, operation, trace_id, body_hash)
      do update set status = excluded.status, answer_sealed = excluded.answer_sealed, expires_at = excluded.expires_at`;
  return value;
}
