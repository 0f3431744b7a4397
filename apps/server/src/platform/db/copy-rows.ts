import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tx } from './database.ts';

export type CopyValue = string | number | bigint | boolean | Date | null | undefined;

/** Text that is sent at once; the rows are made while the database takes what came before. */
const chunkCharacters = 65_536;

/**
 * Writes rows by COPY, the fastest way in; nothing is kept in memory but the chunk that is under way.
 * @throws Error when the database refuses a row. The driver loses its reason, which stands in the database's log.
 */
export async function copyRows(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  const refuse = (cause: unknown) => {
    throw new Error(`The database refused rows of ${table}: its log says why.`, { cause });
  };
  const stream = await tx`copy ${tx(table)} (${tx([...columns])}) from stdin`.writable();
  stream.on('error', () => undefined);
  for (const chunk of chunksOf(rows)) {
    // A stream that was ended by a refusal would never drain.
    if (stream.destroyed) break;
    if (!stream.write(chunk)) await once(stream, 'drain').catch(refuse);
  }
  while (stream.writableLength > 0 && !stream.destroyed) await nextTurn();
  stream.end();
  await nextTurn();
  // A driver that is refused after its last row waits for ever: whether all went well is seen by the next statement.
  await tx`select 1`.catch(refuse);
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
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' && /[\\\t\n\r]/u.test(value)
    ? value.replace(/[\\\t\n\r]/gu, (one) => escapes[one] ?? one)
    : String(value);
}
