import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Passwords a second, as many at a time as the server hashes, in a thread pool of the same width. */
export async function measureArgon2(what: 'hash' | 'verify', seconds: number): Promise<number> {
  const width = availableParallelism();
  const script = join(import.meta.dirname, 'servers', 'argon2-alone.ts');
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(width + 2) };
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(seconds), String(width), what], { env });
  return Number(stdout);
}
