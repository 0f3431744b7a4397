import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { InstitutionAlertType } from '../domain/alert-type.ts';

interface OptInRow {
  readonly institution_alert_type_id: bigint;
  readonly alert_type_id: bigint;
  readonly channels_opted: AlertChannel[];
  readonly is_active: boolean;
  readonly reason: string | null;
}

export type NewInstitutionAlertType = Omit<InstitutionAlertType, 'institutionAlertTypeId'>;

export async function listInstitutionAlertTypes(sql: Sql | Tx, institutionId: string): Promise<InstitutionAlertType[]> {
  const rows = await sql<OptInRow[]>`
    select institution_alert_type_id, alert_type_id, channels_opted, is_active, reason
    from institution_alert_types where institution_id = ${institutionId} order by institution_alert_type_id`;
  return rows.map(fromRow);
}

export async function findOptIn(
  sql: Sql | Tx,
  institutionId: string,
  alertTypeId: bigint,
): Promise<InstitutionAlertType | undefined> {
  const [row] = await sql<OptInRow[]>`
    select institution_alert_type_id, alert_type_id, channels_opted, is_active, reason
    from institution_alert_types where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)}`;
  return row === undefined ? undefined : fromRow(row);
}

/** For a change; nobody else changes it meanwhile. */
export async function lockInstitutionAlertType(
  tx: Tx,
  institutionId: string,
  institutionAlertTypeId: bigint,
): Promise<InstitutionAlertType | undefined> {
  const [row] = await tx<OptInRow[]>`
    select institution_alert_type_id, alert_type_id, channels_opted, is_active, reason from institution_alert_types
    where institution_id = ${institutionId} and institution_alert_type_id = ${String(institutionAlertTypeId)} for update`;
  return row === undefined ? undefined : fromRow(row);
}

/** @returns undefined when there is a row for the type. */
export async function insertInstitutionAlertType(
  tx: Tx,
  institutionId: string,
  optIn: NewInstitutionAlertType,
): Promise<InstitutionAlertType | undefined> {
  const [row] = await tx<OptInRow[]>`
    insert into institution_alert_types (institution_id, alert_type_id, channels_opted, is_active, reason)
    values (${institutionId}, ${String(optIn.alertTypeId)}, ${[...optIn.channels]}, ${optIn.isActive}, ${optIn.reason ?? null})
    on conflict (institution_id, alert_type_id) do nothing
    returning institution_alert_type_id, alert_type_id, channels_opted, is_active, reason`;
  return row === undefined ? undefined : fromRow(row);
}

export async function updateInstitutionAlertType(tx: Tx, institutionId: string, optIn: InstitutionAlertType): Promise<void> {
  await tx`
    update institution_alert_types
    set channels_opted = ${[...optIn.channels]}, is_active = ${optIn.isActive}, reason = ${optIn.reason ?? null}
    where institution_id = ${institutionId} and institution_alert_type_id = ${String(optIn.institutionAlertTypeId)}`;
}

/** @returns false when there is none. */
export async function deleteInstitutionAlertType(
  tx: Tx,
  institutionId: string,
  institutionAlertTypeId: bigint,
): Promise<boolean> {
  const rows = await tx`
    delete from institution_alert_types
    where institution_id = ${institutionId} and institution_alert_type_id = ${String(institutionAlertTypeId)} returning 1`;
  return rows.length > 0;
}

function fromRow(row: OptInRow): InstitutionAlertType {
  return {
    institutionAlertTypeId: row.institution_alert_type_id,
    alertTypeId: row.alert_type_id,
    channels: row.channels_opted,
    isActive: row.is_active,
    reason: row.reason ?? undefined,
  };
}
