import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from './setup-error.ts';

/** One SQL file `NNNN-name.sql`; `checksum` is the hexadecimal SHA-256 of its text with Unix line ends. */
export type MigrationFile = {
  readonly number: number;
  readonly name: string;
  readonly fileName: string;
  readonly checksum: string;
  readonly text: string;
};

/**
 * Reads the migrations of a folder, in order.
 * @throws SetupError when a file is not named NNNN-name.sql, a number is missing or given twice, or a file ends its own transaction.
 */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory).catch(noFolder(directory))).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => readMigrationFile(directory, name)));
  files.forEach((file, index) => {
    if (file.number === index + 1) return;
    const previous = files[index - 1];
    if (file.number === previous?.number)
      throw new SetupError(`Two migrations have one number: ${previous.fileName} and ${file.fileName}; rename the newer one.`);
    throw new SetupError(
      `Migration ${formatNumber(index + 1)} is missing before ${file.fileName}: restore the file or renumber.`,
    );
  });
  return files;
}

/** The number as it stands in file names. */
export function formatNumber(number: number): string {
  return String(number).padStart(4, '0');
}

function noFolder(directory: string): (cause: unknown) => never {
  return (cause) => {
    throw new SetupError(`The folder of migrations ${directory} cannot be read: install Openbranch again.`, { cause });
  };
}

async function readMigrationFile(directory: string, fileName: string): Promise<MigrationFile> {
  const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(fileName);
  if (match === null) throw new SetupError(`The migration ${fileName} is not named like 0001-name.sql: rename it.`);
  // Git may check files out with Windows line ends, which must not count as a change.
  const text = (await readFile(join(directory, fileName), 'utf8')).replaceAll('\r\n', '\n');
  // Each file is one transaction; one that ends it half-way could fail and leave half of itself.
  if (/^\s*(begin|commit|rollback|end|start\s+transaction)(\s+(work|transaction))?\s*;/im.test(withoutBodies(text))) {
    throw new SetupError(
      `The migration ${fileName} begins or ends a transaction itself: remove that line, each file is one transaction.`,
    );
  }
  const checksum = createHash('sha256').update(text).digest('hex');
  return { number: Number(match[1]), name: match[2] ?? '', fileName, checksum, text };
}

/** Takes out the bodies of functions, in which `end;` is no end of a transaction. */
function withoutBodies(text: string): string {
  return text.replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''");
}
