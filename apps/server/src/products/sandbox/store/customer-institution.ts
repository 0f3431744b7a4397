import type { Sql } from '../../../platform/db/database.ts';

/** Which of the institutions the customer belongs to. */
export async function findInstitutionOfCustomer(
  sql: Sql,
  institutionIds: readonly string[],
  customerId: string,
): Promise<string | undefined> {
  const [row] = await sql<{ institution_id: string }[]>`
    select institution_id from customers
    where institution_id = any(${[...institutionIds]}::text[]) and customer_id = ${customerId}
    order by institution_id limit 1`;
  return row?.institution_id;
}
