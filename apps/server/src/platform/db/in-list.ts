import type { Sql, Tx } from './database.ts';

/**
 * `in (...)` for a column, the values as parameters. Of an array the server does not know how long it is, and plans a statement
 * anew each time; of a list it knows. Lists are filled up to 1, 2, 4, 8, ... so that few statements are prepared.
 */
export function inList(sql: Sql | Tx, values: readonly (string | bigint)[]) {
  const last = values.at(-1);
  if (last === undefined) return sql`in (null)`;
  const wanted = 2 ** Math.ceil(Math.log2(values.length));
  const texts = values.map(String);
  return sql`in ${sql([...texts, ...Array.from({ length: wanted - values.length }, () => String(last))])}`;
}
