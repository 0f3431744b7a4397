import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Tx } from './database.ts';

export type CopyValue = string | number | bigint | boolean | Date | null | undefined;

/** Text that is sent at once; the rows are made while the database takes what came before. */
const chunkCharacters = 65_536;

/** Writes rows by COPY, the fastest way in; nothing is kept in memory but the chunk that is under way. */
export async function copyRows(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  const stream = await tx`copy ${tx(table)} (${tx([...columns])}) from stdin`.writable();
  await pipeline(Readable.from(chunksOf(rows)), stream);
}

function* chunksOf(rows: Iterable<readonly CopyValue[]>): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${row.map(toCopyText).join('\t')}\n`;
    if (text.length < chunkCharacters) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function toCopyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string')
    return /[\\\t\n\r]/u.test(value) ? value.replace(/[\\\t\n\r]/gu, (one) => escapes[one] ?? one) : value;
  return value instanceof Date ? value.toISOString() : String(value);
}
