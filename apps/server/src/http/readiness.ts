import type { ChangeFeed } from '../platform/change-feed/change-feed.ts';
import type { Database } from '../platform/db/database.ts';
import { isMigrated } from '../platform/db/migrate.ts';
import { migrationsDirectory } from '../platform/db/migrations-directory.ts';

/** What keeps this process from serving; nothing when it is ready. */
export function createReadiness({ sql }: Database, feed: ChangeFeed): () => Promise<readonly string[]> {
  // Migrations only go forward: once there, they stay, and their files need not be read again.
  let hasMigrations = false;
  return async () => {
    try {
      if (hasMigrations) await sql`select 1`;
      else hasMigrations = await isMigrated(sql, migrationsDirectory);
    } catch {
      return ['the database does not answer'];
    }
    if (!hasMigrations) return ['the database lacks migrations'];
    return feed.isFresh() ? [] : ['the change feed cannot be read'];
  };
}
