import type { Sql } from './database.ts';
import { SetupError } from './setup-error.ts';

/**
 * Says, at the first start, what a database is for, and refuses every later start for something else: the sandbox can
 * wipe an institution, and demo applications have no place in production.
 * @throws SetupError
 */
export async function claimInstallation(sql: Sql, mode: 'sandbox' | 'production'): Promise<void> {
  await sql`insert into installation (mode) values (${mode}) on conflict do nothing`;
  const [installation] = await sql<{ mode: string }[]>`select mode from installation`;
  if (installation?.mode === mode) return;
  throw new SetupError(
    `This database was made in ${installation?.mode} mode and cannot be opened in ${mode} mode: set OPENBRANCH_MODE=${installation?.mode}, or choose another database.`,
  );
}
