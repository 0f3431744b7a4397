import { spawnSync } from 'node:child_process';
import type { Cores } from './cores.ts';
import type { PreparedDatabase } from './prepared-institution.ts';

/** Keeps the database off the server's core. Connections made from now on stay where their parent is. */
export function pinPostgres({ postgresProcessId }: PreparedDatabase, cores: Cores): void {
  if (cores === undefined) return;
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', cores, String(postgresProcessId)], { stdio: 'ignore' });
  if (status !== 0) console.log('  The database could not be kept off the core of the server.');
}
