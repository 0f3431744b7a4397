import { PostgresError, type Sql, type Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { PreferenceScope } from '../domain/choose-preference.ts';
import type { AdditionalInfo } from '../domain/condition.ts';
import { type ConditionColumns, fromConditionColumns, toConditionColumns } from './condition-columns.ts';

/** What a user wants. */
export interface StoredPreference {
  readonly alertPreferenceId: bigint;
  readonly alertTypeId: bigint;
  readonly alertTypeName: string;
  readonly channel: AlertChannel;
  readonly customerId: string;
  readonly scope: PreferenceScope;
  readonly isOpted: boolean;
  readonly allowsCallback: boolean;
  readonly additionalInfo: AdditionalInfo;
}

export type NewPreference = Omit<StoredPreference, 'alertPreferenceId' | 'alertTypeName'>;

/** What a preference must be to be listed; what is undefined does not matter. */
export interface PreferenceFilter {
  readonly customerId: string | undefined;
  readonly accountId: string | undefined;
  readonly accountExternalId: string | undefined;
  readonly externalId: string | undefined;
  readonly alertTypeNames: readonly string[] | undefined;
}

interface PreferenceRow extends ConditionColumns {
  readonly alert_preference_id: bigint;
  readonly alert_type_id: bigint;
  readonly alert_type_name: string;
  readonly channel: AlertChannel;
  readonly customer_id: string;
  readonly account_id: string | null;
  readonly account_external_id: string | null;
  readonly external_id: string | null;
  readonly card_number: string | null;
  readonly is_opted: boolean;
  readonly allows_callback: boolean;
}

interface UserKey {
  readonly institutionId: string;
  readonly institutionUserId: string;
}

/** The preferences of one user with the names of their types. */
function ofUser(sql: Sql | Tx, { institutionId, institutionUserId }: UserKey) {
  return sql`
    select p.alert_preference_id, p.alert_type_id, t.alert_type_name, p.channel, p.customer_id, p.account_id,
      p.account_external_id, p.external_id, p.card_number, p.is_opted, p.allows_callback, p.comparator, p.threshold_minor,
      p.currency_code, p.other_info
    from alert_preferences p join (
      select alert_type_id, alert_type_name from system_alert_types
      union all
      select alert_type_id, alert_type_name from alert_types where institution_id = ${institutionId}) t using (alert_type_id)
    where p.institution_id = ${institutionId} and p.institution_user_id = ${institutionUserId}`;
}

function fitting(sql: Sql | Tx, filter: PreferenceFilter) {
  const { customerId, accountId, accountExternalId, externalId, alertTypeNames } = filter;
  return sql`
    ${customerId === undefined ? sql`` : sql`and p.customer_id = ${customerId}`}
    ${accountId === undefined ? sql`` : sql`and p.account_id = ${accountId}`}
    ${accountExternalId === undefined ? sql`` : sql`and p.account_external_id = ${accountExternalId}`}
    ${externalId === undefined ? sql`` : sql`and p.external_id = ${externalId}`}
    ${alertTypeNames === undefined ? sql`` : sql`and t.alert_type_name = any(${[...alertTypeNames]})`}`;
}

/** A page of those that fit, by type, channel, account and id. */
export async function listPreferences(
  sql: Sql | Tx,
  user: UserKey,
  filter: PreferenceFilter,
  page: { readonly skip: number; readonly size: number },
): Promise<StoredPreference[]> {
  const rows = await sql<PreferenceRow[]>`
    ${ofUser(sql, user)} ${fitting(sql, filter)}
    order by t.alert_type_name, p.channel, p.account_id nulls first, p.alert_preference_id
    limit ${page.size} offset ${page.skip}`;
  return rows.map(fromRow);
}

export async function hasPreference(sql: Sql | Tx, user: UserKey, filter: PreferenceFilter): Promise<boolean> {
  const rows = await sql`${ofUser(sql, user)} ${fitting(sql, filter)} limit 1`;
  return rows.length > 0;
}

export async function findPreference(
  sql: Sql | Tx,
  user: UserKey,
  alertPreferenceId: bigint,
): Promise<StoredPreference | undefined> {
  const [row] = await sql<PreferenceRow[]>`${ofUser(sql, user)} and p.alert_preference_id = ${String(alertPreferenceId)}`;
  return row === undefined ? undefined : fromRow(row);
}

/** For a change; nobody else changes it meanwhile. */
export async function lockPreference(tx: Tx, user: UserKey, alertPreferenceId: bigint): Promise<StoredPreference | undefined> {
  const [row] = await tx<PreferenceRow[]>`
    ${ofUser(tx, user)} and p.alert_preference_id = ${String(alertPreferenceId)} for update of p`;
  return row === undefined ? undefined : fromRow(row);
}

/** @returns Its id; undefined when the user has one for all of that. */
export async function insertPreference(tx: Tx, user: UserKey, preference: NewPreference): Promise<bigint | undefined> {
  const key = { institution_id: user.institutionId, institution_user_id: user.institutionUserId };
  const [row] = await tx<{ alert_preference_id: bigint }[]>`
    insert into alert_preferences ${tx({ ...key, ...toColumns(tx, preference) })}
    on conflict on constraint alert_preferences__one_each do nothing returning alert_preference_id`;
  return row?.alert_preference_id;
}

/** @throws PostgresError when the user has another one for all of that: see `isPreferenceTaken`. */
export async function updatePreference(
  tx: Tx,
  user: UserKey,
  alertPreferenceId: bigint,
  preference: NewPreference,
): Promise<void> {
  await tx`
    update alert_preferences set ${tx(toColumns(tx, preference))}
    where institution_id = ${user.institutionId} and institution_user_id = ${user.institutionUserId}
      and alert_preference_id = ${String(alertPreferenceId)}`;
}

export function isPreferenceTaken(error: unknown): boolean {
  return (
    error instanceof PostgresError &&
    (error.constraint_name === 'alert_preferences__one_each' ||
      error.constraint_name === 'institution_alert_preferences__one_each')
  );
}

/** @returns false when there is none. */
export async function deletePreference(tx: Tx, user: UserKey, alertPreferenceId: bigint): Promise<boolean> {
  const rows = await tx`
    delete from alert_preferences
    where institution_id = ${user.institutionId} and institution_user_id = ${user.institutionUserId}
      and alert_preference_id = ${String(alertPreferenceId)} returning 1`;
  return rows.length > 0;
}

/** A change that the vendor of the type is to hear of. */
export async function insertPreferenceCallback(
  tx: Tx,
  institutionId: string,
  callback: {
    readonly alertPreferenceId: bigint;
    readonly externalSystem: string;
    readonly change: 'CREATED' | 'UPDATED' | 'DELETED';
    readonly recordedAt: Date;
  },
): Promise<void> {
  await tx`
    insert into alert_preference_callbacks (institution_id, alert_preference_id, external_system, change, recorded_at)
    values (${institutionId}, ${String(callback.alertPreferenceId)}, ${callback.externalSystem}, ${callback.change},
      ${callback.recordedAt})`;
}

function toColumns(tx: Tx, preference: NewPreference) {
  const { accountId, accountExternalId, externalId, cardNumber } = preference.scope;
  return {
    alert_type_id: String(preference.alertTypeId),
    channel: preference.channel,
    customer_id: preference.customerId,
    account_id: accountId ?? null,
    account_external_id: accountExternalId ?? null,
    external_id: externalId ?? null,
    card_number: cardNumber ?? null,
    is_opted: preference.isOpted,
    allows_callback: preference.allowsCallback,
    ...toConditionColumns(tx, preference.additionalInfo),
  };
}

function fromRow(row: PreferenceRow): StoredPreference {
  return {
    alertPreferenceId: row.alert_preference_id,
    alertTypeId: row.alert_type_id,
    alertTypeName: row.alert_type_name,
    channel: row.channel,
    customerId: row.customer_id,
    scope: {
      accountId: row.account_id ?? undefined,
      accountExternalId: row.account_external_id ?? undefined,
      externalId: row.external_id ?? undefined,
      cardNumber: row.card_number ?? undefined,
    },
    isOpted: row.is_opted,
    allowsCallback: row.allows_callback,
    additionalInfo: fromConditionColumns(row),
  };
}
