import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { AlertType } from '../domain/alert-type.ts';
import { insertPreferenceCallback } from '../store/alert-preferences.ts';
import type { AlertUser } from './alert-user.ts';

interface PreferenceChange {
  readonly change: 'CREATED' | 'UPDATED' | 'DELETED';
  readonly alertPreferenceId: bigint;
  readonly type: Pick<AlertType, 'alertTypeName' | 'externalSystem'> | undefined;
  readonly channel: string;
  readonly isOpted: boolean;
  readonly tellsVendor: boolean;
  readonly now: Date;
}

const kinds = {
  CREATED: 'alert_preference_created',
  UPDATED: 'alert_preference_updated',
  DELETED: 'alert_preference_deleted',
} as const;

/** The activity, and the news for the vendor of the type when there is one and it may be told. */
export async function recordPreferenceChange(
  write: Write,
  { institutionId, institutionUserId }: AlertUser,
  { change, alertPreferenceId, type, channel, isOpted, tellsVendor, now }: PreferenceChange,
): Promise<void> {
  const externalSystem = type?.externalSystem;
  if (tellsVendor && externalSystem !== undefined)
    await insertPreferenceCallback(write.sql, institutionId, { alertPreferenceId, externalSystem, change, recordedAt: now });
  await write.audit(kinds[change], {
    institutionUserId,
    details: {
      alertPreferenceId: Number(alertPreferenceId),
      alertTypeName: type?.alertTypeName ?? null,
      channel,
      isOpted,
    },
  });
}
