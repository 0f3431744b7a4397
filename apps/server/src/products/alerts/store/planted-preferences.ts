import type { Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';

/** A preference of a seed, with the number that it has wherever it is planted. The comparison is that of its type. */
export interface PlantedPreference {
  readonly preferenceId: bigint;
  /** Of the platform. */
  readonly alertTypeName: string;
  readonly channel: AlertChannel;
  readonly isOpted: boolean;
  readonly thresholdMinor: bigint | undefined;
}

export interface PlantedUserPreference extends PlantedPreference {
  readonly institutionUserId: string;
  readonly customerId: string;
  readonly accountId: string | undefined;
}

const currencyCode = 'USD';

/** Numbers below those that the database gives. */
export async function plantInstitutionPreferences(
  tx: Tx,
  institutionId: string,
  preferences: readonly PlantedPreference[],
): Promise<void> {
  await tx`
    insert into institution_alert_preferences (institution_id, institution_alert_preference_id, alert_type_id, channel, is_opted,
      threshold_minor, currency_code)
    select ${institutionId}, p.preference_id, t.alert_type_id, p.channel, p.is_opted::boolean, p.threshold_minor,
      case when p.threshold_minor is not null then ${currencyCode} end
    from unnest(${preferences.map((one) => String(one.preferenceId))}::bigint[],
      ${preferences.map((one) => one.alertTypeName)}::text[], ${preferences.map((one) => one.channel)}::text[],
      ${preferences.map((one) => String(one.isOpted))}::text[],
      ${preferences.map((one) => one.thresholdMinor?.toString() ?? null)}::bigint[])
      as p (preference_id, alert_type_name, channel, is_opted, threshold_minor)
    join system_alert_types t using (alert_type_name)
    on conflict do nothing`;
}

/** What a user has said already stays. */
export async function plantUserPreferences(
  tx: Tx,
  institutionId: string,
  preferences: readonly PlantedUserPreference[],
): Promise<void> {
  await tx`
    insert into alert_preferences (institution_id, alert_preference_id, institution_user_id, alert_type_id, channel, customer_id,
      account_id, is_opted, threshold_minor, currency_code)
    select ${institutionId}, p.preference_id, p.user_id, t.alert_type_id, p.channel, p.customer_id, p.account_id, p.is_opted::boolean,
      p.threshold_minor, case when p.threshold_minor is not null then ${currencyCode} end
    from unnest(${preferences.map((one) => String(one.preferenceId))}::bigint[],
      ${preferences.map((one) => one.institutionUserId)}::text[], ${preferences.map((one) => one.alertTypeName)}::text[],
      ${preferences.map((one) => one.channel)}::text[], ${preferences.map((one) => one.customerId)}::text[],
      ${preferences.map((one) => one.accountId ?? null)}::text[], ${preferences.map((one) => String(one.isOpted))}::text[],
      ${preferences.map((one) => one.thresholdMinor?.toString() ?? null)}::bigint[])
      as p (preference_id, user_id, alert_type_name, channel, customer_id, account_id, is_opted, threshold_minor)
    join system_alert_types t using (alert_type_name)
    on conflict do nothing`;
}
