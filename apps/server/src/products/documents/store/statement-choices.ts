import type { Sql } from '../../../platform/db/database.ts';

/** What a retail user has decided about the statements of one account, for the report. */
export interface StatementChoice {
  readonly authId: string;
  readonly loginName: string;
  readonly accountId: string;
  readonly isAccepted: boolean;
  readonly isElectronic: boolean;
  readonly decidedAt: Date;
}

interface ChoiceQuery {
  /** Only of this user. */
  readonly institutionUserId: string | undefined;
  /** Only decisions of this time. */
  readonly range: { readonly from: Date; readonly before: Date } | undefined;
  readonly most: number;
}

/** @returns 'tooMany' when there are more than `most`. */
export async function listStatementChoices(
  sql: Sql,
  institutionId: string,
  { institutionUserId, range, most }: ChoiceQuery,
): Promise<readonly StatementChoice[] | 'tooMany'> {
  const ofUser = institutionUserId === undefined ? sql`` : sql`and d.institution_user_id = ${institutionUserId}`;
  const inRange = range === undefined ? sql`` : sql`and d.status_at >= ${range.from} and d.status_at < ${range.before}`;
  const rows = await sql<
    { auth_id: string; login_name: string; account_id: string; status: string; paper_waiver: boolean; status_at: Date }[]
  >`
    select u.auth_id, u.login_name, d.account_id, d.status, d.paper_waiver, d.status_at
    from institution_user_disclosures d
      join institution_disclosures i on i.institution_id = ${institutionId} and i.institution_disclosure_id = d.institution_disclosure_id
      join institution_users u on u.institution_id = ${institutionId} and u.institution_user_id = d.institution_user_id
      join credentials c on c.institution_id = ${institutionId} and c.institution_user_id = d.institution_user_id
    where d.institution_id = ${institutionId} and d.account_id is not null and upper(i.name) = 'OLS'
      and u.user_type = 'RETAIL' and not c.is_deleted ${ofUser} ${inRange}
    limit ${most + 1}`;
  if (rows.length > most) return 'tooMany';
  return rows.map((row) => ({
    authId: row.auth_id,
    loginName: row.login_name,
    accountId: row.account_id,
    isAccepted: row.status === 'ACCEPTED',
    isElectronic: row.paper_waiver,
    decidedAt: row.status_at,
  }));
}
