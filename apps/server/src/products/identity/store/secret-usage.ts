import type { Sql } from '../../../platform/db/database.ts';
import type { LineLog } from '../../../platform/db/line-log.ts';

/** When each application secret was last used; kept in memory and written now and then, since every token call uses one. */
export interface SecretUsage {
  /** @param at Milliseconds of real time. */
  note(clientId: string, secretId: string, at: number): void;
  close(): Promise<void>;
}

const flushMs = 5000;

export function createSecretUsage(sql: Sql, log: LineLog): SecretUsage {
  let noted = new Map<string, { clientId: string; secretId: string; at: number }>();
  const flush = async (): Promise<void> => {
    if (noted.size === 0) return;
    // In one order everywhere, so that two processes cannot wait for each other's rows.
    const uses = [...noted.values()].sort((one, other) =>
      one.clientId + one.secretId < other.clientId + other.secretId ? -1 : 1,
    );
    noted = new Map();
    await sql`
      update application_secrets s set last_used_at = greatest(s.last_used_at, u.used_at)
      from unnest(${uses.map((use) => use.clientId)}::text[], ${uses.map((use) => use.secretId)}::text[],
        ${uses.map((use) => new Date(use.at).toISOString())}::timestamptz[]) as u (client_id, secret_id, used_at)
      where s.client_id = u.client_id and s.secret_id = u.secret_id`.catch((error: unknown) => {
      log.warn(`Last uses of application secrets could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const timer = setInterval(() => void flush(), flushMs);
  return {
    note: (clientId, secretId, at) => {
      // A secret id is unique within its application only.
      const key = `${clientId} ${secretId}`;
      const known = noted.get(key);
      if (known === undefined) noted.set(key, { clientId, secretId, at });
      else known.at = at;
    },
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
