import type { Sql, Tx } from '../../../platform/db/database.ts';
import { inList } from '../../../platform/db/in-list.ts';
import type { Entitlement } from '../domain/entitlement.ts';

export interface AccountEntitlement extends Entitlement {
  readonly institutionUserId: string;
  readonly accountKey: bigint;
}

/** What is on file for one user. */
export async function listEntitlementsOfUser(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<readonly AccountEntitlement[]> {
  const rows = await sql<EntitlementRow[]>`
    select institution_user_id, account_key, may_view, may_transfer_from, may_transfer_to, is_history_entitled, is_hidden, nick_name
    from account_entitlements
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  return rows.map(fromRow);
}

/** What is on file for one account, whoever the user is: a few rows, read before it is known who asks. */
export async function listEntitlementsOfAccount(
  sql: Sql | Tx,
  institutionId: string,
  accountKey: bigint,
): Promise<readonly AccountEntitlement[]> {
  return listEntitlementsOfAccounts(sql, institutionId, [accountKey]);
}

/** What is on file for some accounts, whoever the users are. */
export async function listEntitlementsOfAccounts(
  sql: Sql | Tx,
  institutionId: string,
  accountKeys: readonly bigint[],
): Promise<readonly AccountEntitlement[]> {
  const rows = await sql<EntitlementRow[]>`
    select institution_user_id, account_key, may_view, may_transfer_from, may_transfer_to, is_history_entitled, is_hidden, nick_name
    from account_entitlements
    where institution_id = ${institutionId} and account_key ${inList(sql, accountKeys)}`;
  return rows.map(fromRow);
}

interface EntitlementRow {
  readonly institution_user_id: string;
  readonly account_key: bigint;
  readonly may_view: boolean;
  readonly may_transfer_from: boolean;
  readonly may_transfer_to: boolean;
  readonly is_history_entitled: boolean;
  readonly is_hidden: boolean;
  readonly nick_name: string | null;
}

function fromRow(row: EntitlementRow): AccountEntitlement {
  return {
    institutionUserId: row.institution_user_id,
    accountKey: row.account_key,
    mayView: row.may_view,
    mayTransferFrom: row.may_transfer_from,
    mayTransferTo: row.may_transfer_to,
    isHistoryEntitled: row.is_history_entitled,
    isHidden: row.is_hidden,
    nickName: row.nick_name ?? undefined,
  };
}
