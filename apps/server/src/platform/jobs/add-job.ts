import type { Sql, Tx } from '../db/database.ts';

/** A run that dies with its process counts too: a server that is killed a few times in a row must not lose work. */
const maxAttempts = 12;

/** Adds work to the queue; in a transaction it is there when the transaction commits. `addLoneJob` is for a job that is alone. */
export async function addJob(sql: Sql | Tx, name: string, payload: Readonly<Record<string, string>>): Promise<void> {
  await sql`
    select 1 from graphile_worker.add_job(identifier => ${name}::text, payload => ${sql.json(payload)}::json, max_attempts => ${maxAttempts}::int)`;
}

/**
 * Adds a run of a job that is alone: it waits until no other one runs. What was added before under the same subject, and
 * still waits, is replaced.
 */
export async function addLoneJob(
  sql: Sql | Tx,
  name: string,
  subject: string,
  payload: Readonly<Record<string, string>>,
): Promise<void> {
  await sql`
    select 1 from graphile_worker.add_job(identifier => ${name}::text, payload => ${sql.json(payload)}::json,
      queue_name => ${name}::text, job_key => ${`${name} ${subject}`}::text, max_attempts => ${maxAttempts}::int)`;
}
