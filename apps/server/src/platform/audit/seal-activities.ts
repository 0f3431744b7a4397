import type { Sql, Tx } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { firstSeal, headMacOf, type SealableRow, sealedText, sealOf } from './activity-seal.ts';

const rowsPerBatch = 1000;

/** Seals what is new in the activity log of each given institution. @returns How many rows were sealed. */
export async function sealActivities(
  sql: Sql,
  keyRing: KeyRing,
  institutionIds: readonly string[],
  log: LineLog,
): Promise<number> {
  let sealed = 0;
  for (const institutionId of institutionIds) {
    let rows = rowsPerBatch;
    while (rows === rowsPerBatch) {
      rows = await sql.begin((tx) => sealBatch(tx, keyRing, institutionId, log));
      sealed += rows;
    }
  }
  return sealed;
}

/** Keeps sealers out until the transaction ends. */
export async function lockActivityLog(tx: Tx, institutionId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${sealLockName(institutionId)}, 0))`;
}

function sealLockName(institutionId: string): string {
  return `openbranch activity seal ${institutionId}`;
}

/** Begins the log of a new institution: from now on a log without a head has been tampered with. */
export async function beginActivityLog(tx: Tx, keyRing: KeyRing, institutionId: string): Promise<void> {
  await saveHead(tx, institutionId, 0n, headMacOf(keyRing.key('activity-seal'), institutionId, 0n, firstSeal));
}

async function saveHead(tx: Tx, institutionId: string, batchNumber: bigint, mac: Buffer): Promise<void> {
  await tx`
    insert into activity_heads (institution_id, batch_number, mac) values (${institutionId}, ${batchNumber}, ${mac})
    on conflict (institution_id) do update set batch_number = excluded.batch_number, mac = excluded.mac`;
}

async function sealBatch(tx: Tx, keyRing: KeyRing, institutionId: string, log: LineLog): Promise<number> {
  // One sealer at a time for each institution; another process is doing it already.
  const [lock] = await tx<{ is_free: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${sealLockName(institutionId)}, 0)) as is_free`;
  if (lock?.is_free !== true) return 0;
  const rows = await tx<SealableRow[]>`
    select activity_id, ${sealedText(tx)} as text from activities
    where institution_id = ${institutionId} and batch_number is null
    order by activity_id limit ${rowsPerBatch}`;
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const [newest] = await tx<{ batch_number: bigint; seal: Buffer }[]>`
    select batch_number, seal from activity_batches where institution_id = ${institutionId} order by batch_number desc limit 1`;
  const batchNumber = (newest?.batch_number ?? 0n) + 1n;
  const previousSeal = newest?.seal ?? firstSeal;
  const key = keyRing.key('activity-seal');
  const seals: Buffer[] = [];
  for (const row of rows) seals.push(sealOf(key, seals.at(-1) ?? previousSeal, row));
  const seal = seals.at(-1) ?? previousSeal;
  // As texts: postgres.js takes a list of bigints or buffers for a single one.
  const { count } = await tx`
    update activities a set batch_number = ${batchNumber}, seal = decode(s.seal, 'hex')
    from unnest(${rows.map((row) => String(row.activity_id))}::bigint[], ${seals.map((one) => one.toString('hex'))}::text[])
      as s (activity_id, seal)
    where a.institution_id = ${institutionId} and a.activity_id = s.activity_id`;
  if (count !== rows.length) throw new Error(`Of ${rows.length} activity rows only ${count} could be sealed.`);
  await tx`
    insert into activity_batches (institution_id, batch_number, first_activity_id, last_activity_id, row_count, previous_seal, seal, sealed_at)
    values (${institutionId}, ${batchNumber}, ${first.activity_id}, ${last.activity_id}, ${rows.length}, ${previousSeal}, ${seal}, clock_timestamp())`;
  await saveHead(tx, institutionId, batchNumber, headMacOf(key, institutionId, batchNumber, seal));
  // In a log that is kept elsewhere this line is one more witness of how far the activity log went.
  log.info(
    `Sealed activity batch ${batchNumber} of institution ${institutionId}: ${rows.length} rows, seal ${seal.toString('hex')}`,
  );
  return rows.length;
}
