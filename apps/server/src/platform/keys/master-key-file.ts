import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../db/setup-error.ts';

/**
 * The master key of a sandbox: made at the first start and kept in the data directory, readable by its owner only.
 * @returns 32 bytes.
 */
export async function readOrMakeMasterKey(dataDirectory: string): Promise<Buffer> {
  const file = join(dataDirectory, 'master.key');
  const found = await readKey(file);
  if (found !== undefined) return found;
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  // Written aside and linked into place: whole or not there, and never over a key that another start has made.
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  await link(aside, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(aside);
  const made = await readKey(file);
  if (made === undefined) throw new SetupError(`${file} cannot be read: check its permissions.`);
  return made;
}

async function readKey(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new SetupError(`${file} cannot be read (${error.code}): check its permissions.`);
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new SetupError(`${file} is not a master key of 32 bytes in base64: restore it from a backup.`);
  return key;
}
