import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { AlertType } from '../domain/alert-type.ts';
import { findAlertTypeByName, holdAlertType } from '../store/alert-types.ts';
import { findOptIn } from '../store/institution-alert-types.ts';

/** The type of this name, when the institution offers it on the channel; it stays until the transaction ends. */
export async function findOfferedType(
  tx: Tx,
  institutionId: string,
  alertTypeName: string,
  channel: AlertChannel,
): Promise<Result<AlertType, 'typeNotForInstitution' | 'channelNotConfigured'>> {
  const type = await findAlertTypeByName(tx, institutionId, alertTypeName);
  if (type === undefined || !(await holdAlertType(tx, institutionId, type.alertTypeId))) return refuse('typeNotForInstitution');
  const optIn = await findOptIn(tx, institutionId, type.alertTypeId);
  if (optIn?.isActive !== true) return refuse('typeNotForInstitution');
  const isOffered = optIn.channels.includes(channel) && type.channels.includes(channel);
  return isOffered ? accept(type) : refuse('channelNotConfigured');
}
