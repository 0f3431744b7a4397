import { UsageError } from './usage-error.ts';

/**
 * Replaces the one value that is a single dash by what comes on standard input, without its last line break.
 *
 * @throws {UsageError} when several values are a dash
 */
export async function readDash<Values extends Readonly<Record<string, unknown>>>(values: Values): Promise<Values> {
  const dashed = Object.keys(values).filter((name) => values[name] === '-');
  const [name] = dashed;
  if (name === undefined) return values;
  if (dashed.length > 1) throw new UsageError('only one value can be read from standard input');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return {
    ...values,
    [name]: Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/u, ''),
  };
}
