import type { Sql } from './database.ts';

/** Removes stored answers, quota windows and changes whose time is over. */
export async function deleteExpired(sql: Sql, institutionIds: readonly string[]): Promise<void> {
  await sql`delete from change_feed where expires_at < clock_timestamp()`;
  for (const institutionId of institutionIds) {
    await sql`delete from replays where institution_id = ${institutionId} and expires_at < clock_timestamp()`;
    await sql`delete from quota_windows where institution_id = ${institutionId} and window_start < current_date - 400`;
  }
}
