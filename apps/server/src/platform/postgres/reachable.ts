import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OsAccount } from './os-account.ts';

/**
 * Whether the account can enter a directory: it, and every directory above it, must let the account through.
 * Only owner, group and mode count; a right given by an access control list is not seen, which costs a copy and no more.
 */
export async function isReachable(directory: string, account: OsAccount): Promise<boolean> {
  const real = await realpath(directory).catch(() => undefined);
  if (real === undefined) return false;
  for (let at = real; ; at = dirname(at)) {
    if (!(await letsThrough(at, account))) return false;
    if (at === dirname(at)) return true;
  }
}

async function letsThrough(directory: string, account: OsAccount): Promise<boolean> {
  const { uid, gid, mode } = await stat(directory);
  if (account.uid === 0) return true;
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
