import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';
import { type DisclosureRow, disclosureColumns, fromDisclosureRow } from './institution-disclosures.ts';

interface UserDisclosureRow extends DisclosureRow {
  readonly institution_user_disclosure_id: string;
  readonly institution_user_id: string;
  readonly institution_customer_id: string | null;
  readonly account_id: string | null;
  readonly status: UserDisclosure['status'];
  readonly status_at: Date;
  readonly paper_waiver: boolean | null;
}

/** Whose decisions: a user, and of a business user those at one location. */
export interface DecidingUser {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly institutionCustomerId: string | undefined;
}

/** Lets transactions about the decisions of one user wait for each other. */
export async function lockDecisions(tx: Tx, { institutionId, institutionUserId }: DecidingUser): Promise<void> {
  const name = `openbranch disclosures ${institutionId} ${institutionUserId}`;
  await tx`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** Every decision of the user at the location, by name and account. */
export async function listDecisions(sql: Sql | Tx, user: DecidingUser): Promise<UserDisclosure[]> {
  const rows = await sql<UserDisclosureRow[]>`
    select d.institution_user_disclosure_id, d.institution_user_id, d.institution_customer_id, d.account_id, d.status, d.status_at,
      d.paper_waiver, ${disclosureColumns(sql)}
    from institution_user_disclosures d join institution_disclosures i using (institution_id, institution_disclosure_id)
    where d.institution_id = ${user.institutionId} and d.institution_user_id = ${user.institutionUserId}
      and d.institution_customer_id is not distinct from ${user.institutionCustomerId ?? null}
    order by upper(i.name), d.account_id collate "C" nulls first`;
  return rows.map((row) => ({
    institutionUserDisclosureId: row.institution_user_disclosure_id,
    institutionUserId: row.institution_user_id,
    institutionCustomerId: row.institution_customer_id ?? undefined,
    disclosure: fromDisclosureRow(row),
    accountId: row.account_id ?? undefined,
    status: row.status,
    statusAt: row.status_at,
    paperWaiver: row.paper_waiver ?? undefined,
  }));
}

/** The same, when no other transaction changes them any more. */
export async function lockAndListDecisions(tx: Tx, user: DecidingUser): Promise<UserDisclosure[]> {
  // Sent together, they run one after the other: what is read is read under the lock.
  const [, decisions] = await Promise.all([lockDecisions(tx, user), listDecisions(tx, user)]);
  return decisions;
}

/** Writes decisions, each in place of the one with its id. */
export async function saveDecisions(tx: Tx, institutionId: string, decisions: readonly UserDisclosure[]): Promise<void> {
  await tx`
    insert into institution_user_disclosures ${tx(
      decisions.map((one) => ({
        institution_id: institutionId,
        institution_user_disclosure_id: one.institutionUserDisclosureId,
        institution_user_id: one.institutionUserId,
        institution_customer_id: one.institutionCustomerId ?? null,
        institution_disclosure_id: one.disclosure.institutionDisclosureId,
        account_id: one.accountId ?? null,
        status: one.status,
        status_at: one.statusAt,
        paper_waiver: one.paperWaiver ?? null,
      })),
    )}
    on conflict (institution_id, institution_user_disclosure_id) do update
    set status = excluded.status, status_at = excluded.status_at, paper_waiver = excluded.paper_waiver`;
}

export async function deleteDecision(tx: Tx, institutionId: string, institutionUserDisclosureId: string): Promise<void> {
  await tx`
    delete from institution_user_disclosures
    where institution_id = ${institutionId} and institution_user_disclosure_id = ${institutionUserDisclosureId}`;
}

/** True when the user has accepted every enabled disclosure of these names, wherever. */
export async function hasAcceptedAll(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  names: readonly string[],
): Promise<boolean> {
  const missing = await tx`
    select 1 from institution_disclosures i
    where i.institution_id = ${institutionId} and i.is_enabled and upper(i.name) = any(${names.map((name) => name.toUpperCase())})
      and not exists (
        select 1 from institution_user_disclosures d
        where d.institution_id = ${institutionId} and d.institution_user_id = ${institutionUserId}
          and d.institution_disclosure_id = i.institution_disclosure_id and d.account_id is null and d.status = 'ACCEPTED')
    limit 1`;
  return missing.length === 0;
}
