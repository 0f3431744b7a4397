import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { AlertType } from '../domain/alert-type.ts';
import { findAlertTypeById, findAlertTypeByName, holdAlertType } from '../store/alert-types.ts';

/** The type that a template names by id, by name, or by both; it stays until the transaction ends. */
export async function findTemplateType(
  tx: Tx,
  institutionId: string,
  named: { readonly alertTypeId: bigint | undefined; readonly alertTypeName: string | undefined },
): Promise<Result<AlertType, 'nameUnknown' | 'idUnknown' | 'valueInvalid'>> {
  const { alertTypeId, alertTypeName } = named;
  const byId = alertTypeId === undefined ? undefined : await findAlertTypeById(tx, institutionId, alertTypeId);
  if (alertTypeId !== undefined && byId === undefined) return refuse('idUnknown');
  const byName =
    alertTypeName === undefined ? undefined : await findAlertTypeByName(tx, institutionId, alertTypeName.toUpperCase());
  if (alertTypeName !== undefined && byName === undefined) return refuse('nameUnknown');
  if (byId !== undefined && byName !== undefined && byId.alertTypeId !== byName.alertTypeId) return refuse('valueInvalid');
  const type = byId ?? byName;
  if (type === undefined || !(await holdAlertType(tx, institutionId, type.alertTypeId))) return refuse('idUnknown');
  return accept(type);
}
