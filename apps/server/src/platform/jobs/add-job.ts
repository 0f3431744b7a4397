import type { Sql, Tx } from '../db/database.ts';

/** A run that dies with its process counts too: a server that is killed a few times in a row must not lose work. */
const maxAttempts = 12;

/** Adds work to the queue; in a transaction it is there when the transaction commits. */
export async function addJob(sql: Sql | Tx, name: string, payload: Readonly<Record<string, string>>): Promise<void> {
  await sql`
    select 1 from graphile_worker.add_job(identifier => ${name}::text, payload => ${sql.json(payload)}::json, max_attempts => ${maxAttempts}::int)`;
}
