import type { Sql, Tx } from '../../../platform/db/database.ts';
import { deleteInPieces } from '../../../platform/db/delete-in-pieces.ts';
import type { SeedApplication, SeedCustomer, SeedInstitution } from '../domain/seed-plan.ts';

/** Writes and removes the rows of a seeded institution. Several rows go in one statement each. */

export interface SeededPassword {
  readonly passwordHash: string;
  readonly pepperId: string;
}

export async function lockSeeding(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('openbranch sandbox seed', 0))`;
}

export async function hasInstitutions(tx: Tx): Promise<boolean> {
  const rows = await tx`select 1 from institutions limit 1`;
  return rows.length > 0;
}

export async function insertInstitution(tx: Tx, { institutionId, name, timeZone }: SeedInstitution): Promise<void> {
  await tx`insert into institutions (institution_id, name, time_zone) values (${institutionId}, ${name}, ${timeZone})`;
}

export async function insertApplication(
  tx: Tx,
  institutionId: string,
  application: SeedApplication,
  secretHash: Buffer,
  createdAt: Date,
): Promise<void> {
  const { clientId, name, edition, grants, scopes } = application;
  const isLegacy = edition === 'v1';
  await tx`
    insert into applications (client_id, name, institution_ids, products, grants_v1, grants_v2, allowed_scopes)
    values (${clientId}, ${name}, ${[institutionId]}, ${isLegacy ? ['legacy-authentication'] : ['authentication']},
      ${isLegacy ? [...grants] : []}, ${isLegacy ? [] : [...grants]}, ${[...scopes]})`;
  await tx`
    insert into application_secrets (client_id, secret_id, secret_hash, created_at)
    values (${clientId}, 'seed', ${secretHash}, ${createdAt})`;
}

export async function insertCustomers(
  tx: Tx,
  institutionId: string,
  customers: readonly SeedCustomer[],
  passwords: readonly SeededPassword[],
  now: Date,
  maxFailed: number,
): Promise<void> {
  const own = customers.filter(({ customerId, reachedCustomerId }) => customerId === reachedCustomerId);
  await tx`insert into customers ${tx(
    own.map((customer) => ({
      institution_id: institutionId,
      customer_id: customer.customerId,
      customer_type: customer.userType,
      member_number: customer.memberNumber,
      host_login_id: customer.memberNumber,
    })),
  )}`;
  await tx`insert into institution_users ${tx(
    customers.map((customer) => ({
      institution_id: institutionId,
      institution_user_id: customer.institutionUserId,
      auth_id: customer.authId,
      customer_guid: customer.customerId,
      user_type: customer.userType,
      user_role: customer.role,
      parent_institution_user_id: customer.parentInstitutionUserId ?? null,
      login_name: customer.loginName,
      first_name: customer.firstName,
      middle_name: customer.middleName,
      last_name: customer.lastName,
      email_address: customer.emailAddress,
      registered_at: now,
    })),
  )}`;
  await tx`insert into institution_user_customers ${tx(
    customers.map((customer) => ({
      institution_id: institutionId,
      institution_user_id: customer.institutionUserId,
      customer_id: customer.reachedCustomerId,
      is_primary: true,
    })),
  )}`;
  await tx`insert into credentials ${tx(customers.map((customer, index) => toCredentialRow(institutionId, customer, passwords[index], now, maxFailed)))}`;
}

function toCredentialRow(
  institutionId: string,
  customer: SeedCustomer,
  password: SeededPassword | undefined,
  now: Date,
  maxFailed: number,
) {
  const isLocked = customer.state === 'locked';
  const isOnHold = customer.state === 'onHold';
  return {
    institution_id: institutionId,
    institution_user_id: customer.institutionUserId,
    password_hash: password?.passwordHash ?? null,
    pepper_id: password?.pepperId ?? null,
    registration: 'approved',
    is_locked: isLocked,
    locked_at: isLocked ? now : null,
    lock_reason: isLocked ? 'FAILED_LOGINS' : null,
    failed_login_count: isLocked ? maxFailed : 0,
    is_on_hold: isOnHold,
    held_at: isOnHold ? now : null,
    hold_reason: isOnHold ? 'Identity check pending' : null,
    hold_initiated_by: isOnHold ? 'sandbox seed' : null,
    must_change_password: customer.state === 'reset',
    has_accepted_disclosure: true,
  };
}

/** Waits for the sign-ins that run, and lets new ones wait until the transaction ends. */
export async function lockSignIns(tx: Tx, institutionId: string): Promise<void> {
  await tx`select 1 from credentials where institution_id = ${institutionId} order by institution_user_id for update`;
}

/** Whether it has more than one transaction should delete; the seed itself is far below. */
export async function isLarge(sql: Sql, institutionId: string): Promise<boolean> {
  const [row] = await sql<{ is_large: boolean }[]>`
    select exists (select 1 from institution_users where institution_id = ${institutionId} offset 1000)
      or exists (select 1 from postings where institution_id = ${institutionId} offset 60000)
      or exists (select 1 from alert_outcomes where institution_id = ${institutionId} offset 20000)
      or exists (select 1 from messages where institution_id = ${institutionId} offset 20000)
      or exists (select 1 from replays where institution_id = ${institutionId} offset 20000)
      or exists (select 1 from activities where institution_id = ${institutionId} offset 50000) as is_large`;
  return row?.is_large === true;
}

/** No token of it is good any more, and none is granted. */
export async function switchOff(tx: Tx, institutionId: string): Promise<void> {
  await tx`update institutions set is_active = false where institution_id = ${institutionId}`;
}

/** What happened in an institution that is switched off, but for its people: see `deleteInPieces`. */
export function deleteTrafficInPieces(sql: Sql, institutionId: string): Promise<boolean> {
  return deleteInPieces(sql, institutionId, [
    { name: 'replays' },
    { name: 'messages' },
    { name: 'statement_documents' },
    { name: 'transfer_executions' },
    { name: 'transfer_schedules' },
    { name: 'disclosure_evidence' },
    { name: 'activities' },
    { name: 'activity_batches' },
  ]);
}

/** The people of an institution that is switched off; their tokens have ended. */
export function deletePeopleInPieces(sql: Sql, institutionId: string): Promise<boolean> {
  return deleteInPieces(sql, institutionId, [
    { name: 'recipients' },
    { name: 'password_resets' },
    { name: 'user_personal_data' },
    { name: 'identification_documents' },
    { name: 'contact_methods' },
    { name: 'postal_addresses' },
    { name: 'institution_user_disclosures' },
    { name: 'refresh_tokens' },
    { name: 'token_chains' },
    { name: 'credentials' },
    { name: 'institution_user_customers' },
    { name: 'institution_users', pointing: { column: 'parent_institution_user_id', key: 'institution_user_id' } },
    { name: 'customers' },
  ]);
}

/** Everything that happened in the institution since the seed; applications, their secrets and keys stay. */
export async function deleteInstitutionData(tx: Tx, institutionId: string): Promise<void> {
  await tx`delete from replays where institution_id = ${institutionId}`;
  await tx`delete from token_chains where institution_id = ${institutionId}`;
  await tx`delete from credentials where institution_id = ${institutionId}`;
  await tx`delete from institution_user_customers where institution_id = ${institutionId}`;
  await tx`delete from institution_users where institution_id = ${institutionId}`;
  await tx`delete from institution_disclosures where institution_id = ${institutionId}`;
  await tx`delete from disclosure_evidence where institution_id = ${institutionId}`;
  await tx`delete from customers where institution_id = ${institutionId}`;
  await tx`delete from quota_windows where institution_id = ${institutionId}`;
  await tx`delete from activities where institution_id = ${institutionId}`;
  await tx`delete from activity_heads where institution_id = ${institutionId}`;
  await tx`delete from activity_batches where institution_id = ${institutionId}`;
  await tx`update institutions set is_active = true, clock_offset_ms = 0, switches = '{}', policies = '{}'
    where institution_id = ${institutionId}`;
}
