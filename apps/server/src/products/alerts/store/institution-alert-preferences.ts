import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { AdditionalInfo } from '../domain/condition.ts';
import { type ConditionColumns, fromConditionColumns, toConditionColumns } from './condition-columns.ts';

/** What the institution presumes of users who said nothing. */
export interface StoredInstitutionPreference {
  readonly institutionAlertPreferenceId: bigint;
  readonly alertTypeId: bigint;
  readonly alertTypeName: string;
  readonly channel: AlertChannel;
  readonly isOpted: boolean;
  readonly additionalInfo: AdditionalInfo;
}

export type NewInstitutionPreference = Omit<StoredInstitutionPreference, 'institutionAlertPreferenceId' | 'alertTypeName'>;

interface PreferenceRow extends ConditionColumns {
  readonly institution_alert_preference_id: bigint;
  readonly alert_type_id: bigint;
  readonly alert_type_name: string;
  readonly channel: AlertChannel;
  readonly is_opted: boolean;
}

/** Every type name that the institution sees, by id. */
function typeNames(sql: Sql | Tx, institutionId: string) {
  return sql`(
    select alert_type_id, alert_type_name from system_alert_types
    union all
    select alert_type_id, alert_type_name from alert_types where institution_id = ${institutionId})`;
}

/** By type and channel. @param names undefined for all types. */
export async function listInstitutionPreferences(
  sql: Sql | Tx,
  institutionId: string,
  names?: readonly string[],
): Promise<StoredInstitutionPreference[]> {
  const rows = await sql<PreferenceRow[]>`
    select p.institution_alert_preference_id, p.alert_type_id, t.alert_type_name, p.channel, p.is_opted, p.comparator,
      p.threshold_minor, p.currency_code, p.other_info
    from institution_alert_preferences p join ${typeNames(sql, institutionId)} t using (alert_type_id)
    where p.institution_id = ${institutionId} ${names === undefined ? sql`` : sql`and t.alert_type_name = any(${[...names]})`}
    order by t.alert_type_name, p.channel`;
  return rows.map(fromRow);
}

/** For a change; nobody else changes it meanwhile. */
export async function lockInstitutionPreference(
  tx: Tx,
  institutionId: string,
  institutionAlertPreferenceId: bigint,
): Promise<StoredInstitutionPreference | undefined> {
  const [row] = await tx<PreferenceRow[]>`
    select p.institution_alert_preference_id, p.alert_type_id, t.alert_type_name, p.channel, p.is_opted, p.comparator,
      p.threshold_minor, p.currency_code, p.other_info
    from institution_alert_preferences p join ${typeNames(tx, institutionId)} t using (alert_type_id)
    where p.institution_id = ${institutionId} and p.institution_alert_preference_id = ${String(institutionAlertPreferenceId)}
    for update of p`;
  return row === undefined ? undefined : fromRow(row);
}

/** @returns Its id; undefined when there is one for the type and channel. */
export async function insertInstitutionPreference(
  tx: Tx,
  institutionId: string,
  preference: NewInstitutionPreference,
): Promise<bigint | undefined> {
  const [row] = await tx<{ institution_alert_preference_id: bigint }[]>`
    insert into institution_alert_preferences ${tx({ institution_id: institutionId, ...toColumns(tx, preference) })}
    on conflict (institution_id, alert_type_id, channel) do nothing returning institution_alert_preference_id`;
  return row?.institution_alert_preference_id;
}

/** @throws PostgresError when there is another one for the type and channel. */
export async function updateInstitutionPreference(
  tx: Tx,
  institutionId: string,
  institutionAlertPreferenceId: bigint,
  preference: NewInstitutionPreference,
): Promise<void> {
  await tx`
    update institution_alert_preferences set ${tx(toColumns(tx, preference))}
    where institution_id = ${institutionId} and institution_alert_preference_id = ${String(institutionAlertPreferenceId)}`;
}

/** @returns false when there is none. */
export async function deleteInstitutionPreference(
  tx: Tx,
  institutionId: string,
  institutionAlertPreferenceId: bigint,
): Promise<boolean> {
  const rows = await tx`
    delete from institution_alert_preferences
    where institution_id = ${institutionId} and institution_alert_preference_id = ${String(institutionAlertPreferenceId)}
    returning 1`;
  return rows.length > 0;
}

function toColumns(tx: Tx, preference: NewInstitutionPreference) {
  return {
    alert_type_id: String(preference.alertTypeId),
    channel: preference.channel,
    is_opted: preference.isOpted,
    ...toConditionColumns(tx, preference.additionalInfo),
  };
}

function fromRow(row: PreferenceRow): StoredInstitutionPreference {
  return {
    institutionAlertPreferenceId: row.institution_alert_preference_id,
    alertTypeId: row.alert_type_id,
    alertTypeName: row.alert_type_name,
    channel: row.channel,
    isOpted: row.is_opted,
    additionalInfo: fromConditionColumns(row),
  };
}
