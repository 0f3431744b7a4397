import { type SealedTable, sealedTables } from '../../kernel/personal-data.ts';
import type { Sql, Tx } from '../db/database.ts';
import { sealedHeader } from './institution-keys.ts';

export const sealedTableNames: readonly SealedTable[] = Object.keys(sealedTables).filter(isSealedTable);

function isSealedTable(name: string): name is SealedTable {
  return Object.hasOwn(sealedTables, name);
}

/** A condition that is true for rows with a value under one of these keys. */
export function underKeys(sql: Sql | Tx, table: SealedTable, keyNumbers: readonly number[]) {
  const headers = keyNumbers.map((keyNumber) => sealedHeader(keyNumber).toString('hex'));
  const columns: readonly string[] = sealedTables[table].columns;
  return sql`(false ${columns.map((column) => sql`or encode(substring(${sql(column)} from 1 for 5), 'hex') = any(${headers})`)})`;
}

/** How many values each key of an institution holds, by key number. */
export async function countSealedValues(sql: Sql | Tx, institutionId: string): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const table of sealedTableNames) {
    for (const column of sealedTables[table].columns) {
      const rows = await sql<{ header: Buffer; count: bigint }[]>`
        select substring(${sql(column)} from 1 for 5) as header, count(*) as count from ${sql(table)}
        where institution_id = ${institutionId} and ${sql(column)} is not null group by 1`;
      for (const { header, count } of rows) {
        const keyNumber = header.readUInt32BE(1);
        counts.set(keyNumber, (counts.get(keyNumber) ?? 0) + Number(count));
      }
    }
  }
  return counts;
}
