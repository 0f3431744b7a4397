import { primaryKeyOf, type SealedColumn, type SealedTable, sealedTables } from '../../kernel/personal-data.ts';
import type { Sql, Tx } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { loadInstitutionKeys } from './data-key-rows.ts';
import { type InstitutionKeys, openWith, sealedHeader, sealWith } from './institution-keys.ts';
import { sealedTableNames, underKeys } from './sealed-values.ts';

/** Values that are encrypted in one transaction. */
const batchSize = 200;
/** Rows that a statement looks at to find them: most rows of a large table may hold nothing under an old key. */
const pageSize = 5000;
/** Longer than any transaction that may still seal with a key that was retired while it ran, and than the change feed takes. */
const settledAfterMinutes = 5;

/**
 * Encrypts again what is still under retired keys, for every institution that has some. May be stopped at any time:
 * what is left shows in the values themselves. Rows that somebody is writing are left for the next run.
 * @returns How many values it encrypted again.
 */
export async function reencryptPersonalData(
  sql: Sql,
  keyRing: KeyRing,
  institutionIds: readonly string[],
  log: LineLog,
): Promise<number> {
  let total = 0;
  for (const institutionId of institutionIds) {
    const waiting = await sql`
      select 1 from data_keys
      where institution_id = ${institutionId} and purpose = 'data' and retired_at is not null and destroyed_at is null
        and emptied_at is null limit 1`;
    if (waiting.length === 0) continue;
    const { values, unreadable } = await reencryptInstitution(sql, keyRing, institutionId);
    if (values > 0) log.info(`Institution ${institutionId}: ${values} values of personal data were encrypted under the new key.`);
    if (unreadable > 0) log.error(`Institution ${institutionId}: ${unreadable} values of personal data are not what was sealed.`);
    total += values;
  }
  return total;
}

interface Progress {
  readonly values: number;
  readonly unreadable: number;
  /** Something is still under a retired key: somebody was writing it, or it is unreadable. */
  readonly hasLeft: boolean;
}

async function reencryptInstitution(sql: Sql, keyRing: KeyRing, institutionId: string): Promise<Progress> {
  const keys = await loadInstitutionKeys(sql, keyRing, institutionId);
  if (keys.current === undefined) return { values: 0, unreadable: 0, hasLeft: false };
  const [begun] = await sql<{ at: Date }[]>`select clock_timestamp() as at`;
  const { keyNumber } = keys.current;
  const retired = [...keys.readable.keys()].filter((number) => number !== keyNumber);
  let values = 0;
  let unreadable = 0;
  let hasLeft = false;
  for (const table of sealedTableNames) {
    let after: readonly string[] | undefined;
    do {
      const last = after;
      const batch = await sql.begin((tx) => reencryptBatch(tx, { institutionId, keys, retired, table, after: last }));
      values += batch.values;
      unreadable += batch.unreadable;
      hasLeft ||= batch.hasLeft;
      after = batch.last;
    } while (after !== undefined);
  }
  if (retired.length > 0 && !hasLeft && begun !== undefined) await markEmptied(sql, institutionId, retired, begun.at);
  return { values, unreadable, hasLeft };
}

interface Batch {
  readonly institutionId: string;
  readonly keys: InstitutionKeys;
  readonly retired: readonly number[];
  readonly table: SealedTable;
  /** The primary key after which it begins. */
  readonly after: readonly string[] | undefined;
}

/** @returns The primary key of the last row that it looked at, undefined when there is nothing after it. */
async function reencryptBatch(
  tx: Tx,
  { institutionId, keys, retired, table, after }: Batch,
): Promise<Progress & { readonly last: readonly string[] | undefined }> {
  const { rowId, columns } = sealedTables[table];
  const key = primaryKeyOf(table);
  const isAfter = after === undefined ? tx`` : tx`and (${tx([...key])}) > (${list(tx, after)})`;
  const [lastOfPage] = await tx<Readonly<Record<string, unknown>>[]>`
    select ${tx([...key])} from ${tx(table)} where institution_id = ${institutionId} ${isAfter}
    order by ${tx([...key])} offset ${pageSize - 1} limit 1`;
  const end = lastOfPage === undefined ? undefined : valuesOf(lastOfPage, key);
  const rows = await tx<Readonly<Record<string, unknown>>[]>`
    select ${tx([...new Set([...key, ...rowId, ...columns])])} from ${tx(table)}
    where institution_id = ${institutionId} and ${underKeys(tx, table, retired)} ${isAfter} ${upTo(tx, key, end)}
    order by ${tx([...key])} limit ${batchSize} for update skip locked`;
  let values = 0;
  let unreadable = 0;
  for (const row of rows) {
    const resealed: Record<string, Buffer> = {};
    for (const column of columns) {
      const value = reseal(keys, { institutionId, table, column, rowId: valuesOf(row, rowId).join('/') }, row[column]);
      if (value === 'unreadable') unreadable += 1;
      else if (value !== undefined) resealed[column] = value;
    }
    const count = Object.keys(resealed).length;
    if (count === 0) continue;
    values += count;
    await tx`
      update ${tx(table)} set ${tx(resealed)}
      where institution_id = ${institutionId} and (${tx([...key])}) = (${list(tx, valuesOf(row, key))})`;
  }
  const lastRow = rows.length === batchSize ? rows.at(-1) : undefined;
  const last = lastRow === undefined ? end : valuesOf(lastRow, key);
  const left = await tx`
    select 1 from ${tx(table)}
    where institution_id = ${institutionId} and ${underKeys(tx, table, retired)} ${isAfter} ${upTo(tx, key, last)} limit 1`;
  return { values, unreadable, hasLeft: left.length > 0, last };
}

function upTo(tx: Tx, key: readonly string[], last: readonly string[] | undefined) {
  return last === undefined ? tx`` : tx`and (${tx([...key])}) <= (${list(tx, last)})`;
}

function valuesOf(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string[] {
  return columns.map((column) => String(row[column]));
}

/** Values separated by commas. */
function list(tx: Tx, values: readonly string[]) {
  return values.map((value, at) => (at === 0 ? tx`${value}` : tx`, ${value}`));
}

/** Undefined for what is not there, under the current key already, or under a destroyed one. */
function reseal(
  keys: InstitutionKeys,
  place: { institutionId: string; table: SealedTable; column: SealedColumn; rowId: string },
  sealed: unknown,
): Buffer | 'unreadable' | undefined {
  if (!Buffer.isBuffer(sealed)) return undefined;
  const currentHeader = sealedHeader(keys.current?.keyNumber ?? 0);
  if (sealed.subarray(0, currentHeader.length).equals(currentHeader)) return undefined;
  try {
    const opened = openWith(keys, place, sealed);
    return opened.kind === 'text' ? sealWith(keys, place, opened.text) : undefined;
  } catch {
    return 'unreadable';
  }
}

/** A key that holds nothing any more is not looked for again. @param begun When the look at all tables began. */
async function markEmptied(sql: Sql, institutionId: string, retired: readonly number[], begun: Date): Promise<void> {
  await sql`
    update data_keys set emptied_at = clock_timestamp()
    where institution_id = ${institutionId} and key_number = any(${[...retired]}) and destroyed_at is null and emptied_at is null
      and retired_at < ${begun}::timestamptz - ${settledAfterMinutes} * interval '1 minute'`;
}
