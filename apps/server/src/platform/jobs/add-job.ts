import type { Sql, Tx } from '../db/database.ts';

/** Adds work to the queue; in a transaction it is there when the transaction commits. */
export async function addJob(sql: Sql | Tx, name: string, payload: Readonly<Record<string, string>>): Promise<void> {
  await sql`
    select 1 from graphile_worker.add_job(identifier => ${name}::text, payload => ${sql.json(payload)}::json, max_attempts => 3)`;
}
