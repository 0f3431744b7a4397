import type { Sql } from '../../../platform/db/database.ts';

/** The institution user with this login name, as a list. */
export async function listUsersByLoginName(sql: Sql, institutionId: string, loginName: string): Promise<readonly string[]> {
  const rows = await sql<{ institution_user_id: string }[]>`
    select institution_user_id from institution_users
    where institution_id = ${institutionId} and lower(login_name) = lower(${loginName})`;
  return rows.map((row) => row.institution_user_id);
}

/** The retail users whose rows show this member number. */
export async function listUsersByMemberNumber(sql: Sql, institutionId: string, memberNumber: string): Promise<readonly string[]> {
  const rows = await sql<{ institution_user_id: string }[]>`
    select u.institution_user_id
    from customers c
    join institution_user_customers l on l.institution_id = ${institutionId} and l.customer_id = c.customer_id and l.is_primary
    join institution_users u on u.institution_id = ${institutionId} and u.institution_user_id = l.institution_user_id
    where c.institution_id = ${institutionId} and c.member_number = ${memberNumber} and u.user_type = 'RETAIL'`;
  return rows.map((row) => row.institution_user_id);
}
