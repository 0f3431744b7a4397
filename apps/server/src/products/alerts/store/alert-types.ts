import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import { type AlertType, type EventDomain, isPlatformId } from '../domain/alert-type.ts';
import type { Comparator } from '../domain/condition.ts';

/** Types of the platform (reference table) and of an institution are told apart by their id. */

interface AlertTypeRow {
  readonly alert_type_id: bigint;
  readonly alert_type_name: string;
  readonly display_name: string | null;
  readonly description: string | null;
  readonly alert_category: string;
  readonly event_domain: EventDomain;
  readonly applicable_account_types: string[] | null;
  readonly channels: AlertChannel[];
  readonly external_system: string | null;
  readonly is_active: boolean;
  readonly additional_info: Record<string, string>;
  readonly user_input_type: string | null;
  readonly default_comparator: Comparator | null;
  readonly is_mandatory: boolean;
}

/** What an institution says of a type of its own. */
export type NewAlertType = Omit<AlertType, 'alertTypeId' | 'defaultComparator' | 'isMandatory' | 'isPlatforms'>;

function columnsOf(sql: Sql | Tx) {
  return sql`
    alert_type_id, alert_type_name, display_name, description, alert_category, event_domain, applicable_account_types, channels,
    external_system, is_active, additional_info, user_input_type`;
}

/** Those of the platform and those of the institution, by name. */
export async function listAlertTypes(sql: Sql | Tx, institutionId: string): Promise<AlertType[]> {
  const rows = await sql<AlertTypeRow[]>`
    select ${columnsOf(sql)}, default_comparator, is_mandatory from system_alert_types
    union all
    select ${columnsOf(sql)}, null, false from alert_types where institution_id = ${institutionId}
    order by alert_type_name, alert_type_id`;
  return rows.map(fromRow);
}

/** A type that the institution sees; its own comes before one of the platform of the same name. */
export async function findAlertTypeByName(
  sql: Sql | Tx,
  institutionId: string,
  alertTypeName: string,
): Promise<AlertType | undefined> {
  const [row] = await sql<AlertTypeRow[]>`
    select ${columnsOf(sql)}, default_comparator, is_mandatory from system_alert_types where alert_type_name = ${alertTypeName}
    union all
    select ${columnsOf(sql)}, null, false from alert_types
    where institution_id = ${institutionId} and alert_type_name = ${alertTypeName}
    order by alert_type_id desc limit 1`;
  return row === undefined ? undefined : fromRow(row);
}

export async function findAlertTypeById(
  sql: Sql | Tx,
  institutionId: string,
  alertTypeId: bigint,
): Promise<AlertType | undefined> {
  const [row] = isPlatformId(alertTypeId)
    ? await sql<AlertTypeRow[]>`
        select ${columnsOf(sql)}, default_comparator, is_mandatory from system_alert_types
        where alert_type_id = ${String(alertTypeId)}`
    : await sql<AlertTypeRow[]>`
        select ${columnsOf(sql)}, null as default_comparator, false as is_mandatory from alert_types
        where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)}`;
  return row === undefined ? undefined : fromRow(row);
}

/**
 * Keeps a type from being deleted while something that names it is written.
 * @returns false when it has gone.
 */
export async function holdAlertType(tx: Tx, institutionId: string, alertTypeId: bigint): Promise<boolean> {
  if (isPlatformId(alertTypeId)) return true;
  const rows = await tx`
    select 1 from alert_types where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)} for key share`;
  return rows.length > 0;
}

/** The own type, for a change; nobody else changes it meanwhile. */
export async function lockAlertType(tx: Tx, institutionId: string, alertTypeId: bigint): Promise<AlertType | undefined> {
  const [row] = await tx<AlertTypeRow[]>`
    select ${columnsOf(tx)}, null as default_comparator, false as is_mandatory from alert_types
    where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)} for no key update`;
  return row === undefined ? undefined : fromRow(row);
}

/** @returns undefined when the institution has a type of this name. */
export async function insertAlertType(tx: Tx, institutionId: string, type: NewAlertType): Promise<AlertType | undefined> {
  const [row] = await tx<AlertTypeRow[]>`
    insert into alert_types ${tx({ institution_id: institutionId, ...toColumns(tx, type) })}
    on conflict (institution_id, alert_type_name) do nothing
    returning ${columnsOf(tx)}, null as default_comparator, false as is_mandatory`;
  return row === undefined ? undefined : fromRow(row);
}

/** @throws PostgresError when another type of the institution has the name. */
export async function updateAlertType(tx: Tx, institutionId: string, alertTypeId: bigint, type: NewAlertType): Promise<void> {
  await tx`
    update alert_types set ${tx(toColumns(tx, type))}
    where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)}`;
}

/**
 * A type with its templates, its opt-in and all preferences. The type goes first: whoever is writing something that
 * names it is waited for, and whoever comes later does not find it.
 * @returns false when there is none.
 */
export async function deleteAlertType(tx: Tx, institutionId: string, alertTypeId: bigint): Promise<boolean> {
  const id = String(alertTypeId);
  const gone = await tx`delete from alert_types where institution_id = ${institutionId} and alert_type_id = ${id} returning 1`;
  if (gone.length === 0) return false;
  await tx`delete from alert_templates where institution_id = ${institutionId} and alert_type_id = ${id}`;
  await tx`delete from institution_alert_types where institution_id = ${institutionId} and alert_type_id = ${id}`;
  await tx`delete from institution_alert_preferences where institution_id = ${institutionId} and alert_type_id = ${id}`;
  await tx`delete from alert_preferences where institution_id = ${institutionId} and alert_type_id = ${id}`;
  return true;
}

function toColumns(tx: Tx, type: NewAlertType) {
  return {
    alert_type_name: type.alertTypeName,
    display_name: type.displayName ?? null,
    description: type.description ?? null,
    alert_category: type.alertCategory,
    event_domain: type.eventDomain,
    applicable_account_types: type.applicableAccountTypes === undefined ? null : [...type.applicableAccountTypes],
    channels: [...type.channels],
    external_system: type.externalSystem ?? null,
    is_active: type.isActive,
    additional_info: tx.json(type.additionalInfo),
    user_input_type: type.userInputType ?? null,
  };
}

function fromRow(row: AlertTypeRow): AlertType {
  return {
    alertTypeId: row.alert_type_id,
    alertTypeName: row.alert_type_name,
    displayName: row.display_name ?? undefined,
    description: row.description ?? undefined,
    alertCategory: row.alert_category,
    eventDomain: row.event_domain,
    applicableAccountTypes: row.applicable_account_types ?? undefined,
    channels: row.channels,
    externalSystem: row.external_system ?? undefined,
    isActive: row.is_active,
    additionalInfo: row.additional_info,
    userInputType: row.user_input_type ?? undefined,
    defaultComparator: row.default_comparator ?? undefined,
    isMandatory: row.is_mandatory,
    isPlatforms: isPlatformId(row.alert_type_id),
  };
}
