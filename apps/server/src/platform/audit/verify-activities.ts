import { timingSafeEqual } from 'node:crypto';
import type { Sql, Tx } from '../db/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { firstSeal, headMacOf, type SealableRow, sealedText, sealOf } from './activity-seal.ts';

/** What a walk along the sealed log of one institution has found. */
export interface ActivityVerification {
  readonly institutionId: string;
  readonly batches: number;
  readonly rows: number;
  /** Rows of the last minute or so that no batch has taken in yet. */
  readonly unsealedRows: number;
  /** The first thing that does not fit, undefined when everything does. */
  readonly broken: { readonly activityId: bigint | undefined; readonly problem: string } | undefined;
}

interface BatchRow {
  readonly batch_number: bigint;
  readonly first_activity_id: bigint;
  readonly last_activity_id: bigint;
  readonly row_count: number;
  readonly previous_seal: Buffer;
  readonly seal: Buffer;
}

type Broken = NonNullable<ActivityVerification['broken']>;

/**
 * Walks along the log as it is at this moment: what is sealed meanwhile is not seen, and so not taken for a broken end.
 * @param onProgress Called now and then with the rows that fit so far.
 */
export function verifyActivities(
  sql: Sql,
  keyRing: KeyRing,
  institutionId: string,
  onProgress: (rows: number) => void = () => undefined,
): Promise<ActivityVerification> {
  return sql.begin('isolation level repeatable read read only', (tx) => walk(tx, keyRing, institutionId, onProgress));
}

async function walk(
  sql: Tx,
  keyRing: KeyRing,
  institutionId: string,
  onProgress: (rows: number) => void,
): Promise<ActivityVerification> {
  const [unsealed] = await sql<{ count: bigint }[]>`
    select count(*) from activities where institution_id = ${institutionId} and batch_number is null`;
  let batches = 0;
  let rows = 0;
  let seal: Buffer = firstSeal;
  let lastActivityId: bigint | undefined;
  const found = (broken: Broken | undefined): ActivityVerification => ({
    institutionId,
    batches,
    rows,
    unsealedRows: Number(unsealed?.count ?? 0n),
    broken,
  });

  for (;;) {
    const [batch] = await sql<BatchRow[]>`
      select batch_number, first_activity_id, last_activity_id, row_count, previous_seal, seal from activity_batches
      where institution_id = ${institutionId} and batch_number > ${batches} order by batch_number limit 1`;
    if (batch === undefined) break;
    if (batch.batch_number !== BigInt(batches + 1) || !isSame(batch.previous_seal, seal)) {
      return found({
        activityId: batch.first_activity_id,
        problem: `batch ${batch.batch_number} does not follow from batch ${batches}`,
      });
    }
    const broken = await verifyBatch(sql, keyRing, institutionId, batch);
    if (broken !== undefined) return found(broken);
    batches += 1;
    rows += batch.row_count;
    onProgress(rows);
    seal = batch.seal;
    lastActivityId = batch.last_activity_id;
  }
  return found(await verifyEnd(sql, keyRing, institutionId, BigInt(batches), seal, lastActivityId));
}

async function verifyBatch(sql: Tx, keyRing: KeyRing, institutionId: string, batch: BatchRow): Promise<Broken | undefined> {
  const rows = await sql<(SealableRow & { seal: Buffer })[]>`
    select activity_id, ${sealedText(sql)} as text, seal from activities
    where institution_id = ${institutionId} and batch_number = ${batch.batch_number} order by activity_id`;
  const key = keyRing.key('activity-seal');
  let seal = batch.previous_seal;
  for (const row of rows) {
    seal = sealOf(key, seal, row);
    if (!isSame(seal, row.seal)) {
      return { activityId: row.activity_id, problem: 'the row was changed, moved, or a row before it in its batch is gone' };
    }
  }
  if (rows.length === batch.row_count && isSame(seal, batch.seal)) return undefined;
  const problem = `batch ${batch.batch_number} was sealed with ${batch.row_count} rows up to ${batch.last_activity_id}, and ${rows.length} are left`;
  return { activityId: rows.at(-1)?.activity_id ?? batch.first_activity_id, problem };
}

/** Nothing may be sealed beyond the last batch, and the last batch must be the head. */
async function verifyEnd(
  sql: Tx,
  keyRing: KeyRing,
  institutionId: string,
  lastBatch: bigint,
  seal: Buffer,
  lastActivityId: bigint | undefined,
): Promise<Broken | undefined> {
  const [orphan] = await sql<{ activity_id: bigint }[]>`
    select activity_id from activities where institution_id = ${institutionId} and (batch_number > ${lastBatch} or batch_number < 1)
    order by activity_id limit 1`;
  if (orphan !== undefined)
    return { activityId: orphan.activity_id, problem: 'the row is sealed, and the record of its batch is gone' };
  const [head] = await sql<{ batch_number: bigint; mac: Buffer }[]>`
    select batch_number, mac from activity_heads where institution_id = ${institutionId}`;
  const isHead =
    head !== undefined &&
    head.batch_number === lastBatch &&
    isSame(head.mac, headMacOf(keyRing.key('activity-seal'), institutionId, lastBatch, seal));
  return isHead
    ? undefined
    : { activityId: lastActivityId, problem: `the log ends with batch ${lastBatch}, and its newest batches are gone` };
}

/** Whoever writes into the database can make a seal of any length. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
