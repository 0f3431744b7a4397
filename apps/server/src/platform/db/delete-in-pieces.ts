import type { Sql, Tx } from './database.ts';

/** A table whose rows of an institution may be more than one statement can delete in its time. */
export interface LargeTable {
  readonly name: string;
  /** Rows of the same table may point at a row, by this column at that key: such a row goes after them. */
  readonly pointing?: { readonly column: string; readonly key: string };
}

/** 512 KiB; some thousand rows, which a statement deletes within a second, with what hangs on them. */
const pagesAtOnce = 64;

/**
 * Deletes the rows of an institution that is switched off, table by table, a stretch of pages after the other, each in a
 * transaction of its own: what a process leaves behind when it dies, another one goes on with. Rows that are written
 * meanwhile may stay.
 * @param tables Each before what it points at.
 * @param prepare Begins each transaction.
 * @returns false when the institution is not switched off any more: somebody else has done it.
 */
export async function deleteInPieces(
  sql: Sql,
  institutionId: string,
  tables: readonly LargeTable[],
  prepare: (tx: Tx) => Promise<unknown> = () => Promise.resolve(),
): Promise<boolean> {
  for (const table of tables) {
    // Where rows point at each other, a row may have to wait for the next round.
    for (let deleted = 1; deleted > 0; ) {
      deleted = 0;
      const pages = await countPages(sql, table);
      for (let from = 0; from < pages; from += pagesAtOnce) {
        const count = await sql.begin(async (tx) => {
          if (!(await isSwitchedOff(tx, institutionId))) return undefined;
          await prepare(tx);
          return deletePiece(tx, institutionId, table, from);
        });
        if (count === undefined) return false;
        deleted += count;
      }
      if (table.pointing === undefined) break;
    }
  }
  return true;
}

async function countPages(sql: Sql, { name }: LargeTable): Promise<number> {
  const [row] = await sql<{ pages: bigint }[]>`
    select pg_relation_size(${name}::text::regclass) / current_setting('block_size')::bigint as pages`;
  return Number(row?.pages ?? 0n);
}

/** It cannot be switched on before the transaction ends. */
async function isSwitchedOff(tx: Tx, institutionId: string): Promise<boolean> {
  const rows = await tx`select 1 from institutions where institution_id = ${institutionId} and not is_active for share`;
  return rows.length > 0;
}

async function deletePiece(tx: Tx, institutionId: string, { name, pointing }: LargeTable, fromPage: number): Promise<number> {
  const [from, until] = [`(${fromPage},0)`, `(${fromPage + pagesAtOnce},0)`];
  const free =
    pointing === undefined
      ? tx``
      : tx`and not exists (
          select 1 from ${tx(name)} p where p.institution_id = ${institutionId} and p.${tx(pointing.column)} = t.${tx(pointing.key)})`;
  const deleted = await tx`
    delete from ${tx(name)} t
    where t.institution_id = ${institutionId} and t.ctid >= ${from}::tid and t.ctid < ${until}::tid ${free}`;
  return deleted.count;
}
