import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { InstitutionPreference, UserPreference } from '../domain/choose-preference.ts';
import type { Comparator } from '../domain/condition.ts';
import type { Destination } from '../domain/match-alert.ts';

/** What the pipeline knows of the users of a batch: one statement for each kind of fact, however many they are. */

interface ConditionRow {
  readonly comparator: Comparator | null;
  readonly threshold_minor: bigint | null;
  readonly currency_code: string | null;
}

function toCondition(row: ConditionRow) {
  return {
    comparator: row.comparator ?? undefined,
    thresholdMinor: row.threshold_minor ?? undefined,
    currencyCode: row.currency_code ?? undefined,
  };
}

/** By user, then by type. */
export type ByUserAndType<Value> = ReadonlyMap<string, readonly Value[]>;

export function keyOf(institutionUserId: string, alertTypeId: bigint): string {
  return `${institutionUserId} ${alertTypeId}`;
}

function group<Row, Key, Value>(rows: readonly Row[], keyOfRow: (row: Row) => Key, toValue: (row: Row) => Value) {
  const groups = new Map<Key, Value[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [toValue(row)]);
    else known.push(toValue(row));
  }
  return groups;
}

export async function loadUserPreferences(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
  alertTypeIds: readonly bigint[],
): Promise<ByUserAndType<UserPreference>> {
  const rows = await sql<
    (ConditionRow & {
      alert_preference_id: bigint;
      institution_user_id: string;
      alert_type_id: bigint;
      channel: AlertChannel;
      customer_id: string;
      account_id: string | null;
      account_external_id: string | null;
      external_id: string | null;
      card_number: string | null;
      is_opted: boolean;
    })[]
  >`
    select alert_preference_id, institution_user_id, alert_type_id, channel, customer_id, account_id, account_external_id,
      external_id, card_number, is_opted, comparator, threshold_minor, currency_code
    from alert_preferences
    where institution_id = ${institutionId} and institution_user_id = any(${[...institutionUserIds]})
      and alert_type_id = any(${alertTypeIds.map(String)}::bigint[])`;
  return group(
    rows,
    (row) => keyOf(row.institution_user_id, row.alert_type_id),
    (row) => ({
      alertPreferenceId: row.alert_preference_id,
      channel: row.channel,
      customerId: row.customer_id,
      scope: {
        accountId: row.account_id ?? undefined,
        accountExternalId: row.account_external_id ?? undefined,
        externalId: row.external_id ?? undefined,
        cardNumber: row.card_number ?? undefined,
      },
      isOpted: row.is_opted,
      condition: toCondition(row),
    }),
  );
}

/** By type. */
export async function loadInstitutionPreferences(
  sql: Sql | Tx,
  institutionId: string,
): Promise<ReadonlyMap<bigint, readonly InstitutionPreference[]>> {
  const rows = await sql<
    (ConditionRow & {
      institution_alert_preference_id: bigint;
      alert_type_id: bigint;
      channel: AlertChannel;
      is_opted: boolean;
    })[]
  >`
    select institution_alert_preference_id, alert_type_id, channel, is_opted, comparator, threshold_minor, currency_code
    from institution_alert_preferences where institution_id = ${institutionId}`;
  return group(
    rows,
    (row) => row.alert_type_id,
    (row) => ({
      institutionAlertPreferenceId: row.institution_alert_preference_id,
      channel: row.channel,
      isOpted: row.is_opted,
      condition: toCondition(row),
    }),
  );
}

/** A destination with what to write on the message. */
export interface ReachableDestination extends Destination {
  /** An address, a phone number with `+`, or the token of a device. */
  readonly recipient: string;
}

/** Those of the application that alerts are sent for, by user. */
export async function loadDestinations(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReachableDestination[]>> {
  const rows = await sql<
    {
      institution_user_id: string;
      contact_method_id: bigint;
      protocol: 'EMAIL' | 'SMS' | 'VOICE' | 'TOKEN';
      is_primary: boolean;
      is_activated: boolean;
      contact_info: string;
      country_code: string | null;
    }[]
  >`
    select d.institution_user_id, d.contact_method_id, d.protocol, d.is_primary, m.is_activated, m.contact_info, m.country_code
    from alert_destinations d join contact_methods m using (institution_id, contact_method_id)
    where d.institution_id = ${institutionId} and d.institution_user_id = any(${[...institutionUserIds]})
      and d.product_id = 'DIGITAL' and d.notification_app_id = 'ALERTS' and d.protocol in ('EMAIL', 'SMS', 'VOICE', 'TOKEN')
    order by d.contact_method_id`;
  return group(
    rows,
    (row) => row.institution_user_id,
    (row) => ({
      contactMethodId: row.contact_method_id,
      channel: row.protocol === 'TOKEN' ? 'PUSH' : row.protocol,
      isActivated: row.is_activated,
      isPrimary: row.is_primary,
      recipient:
        row.protocol === 'SMS' || row.protocol === 'VOICE' ? `+${row.country_code ?? ''}${row.contact_info}` : row.contact_info,
    }),
  );
}

/** A condition that has fired for an account and is silent on a channel. */
export interface Silence {
  readonly institutionUserId: string;
  readonly accountId: string;
  readonly alertTypeId: bigint;
  readonly channel: AlertChannel;
  /** The preference that fired, with what it asked. */
  readonly condition: string;
}

export async function loadSilences(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
  alertTypeIds: readonly bigint[],
): Promise<Silence[]> {
  const rows = await sql<
    { institution_user_id: string; account_id: string; alert_type_id: bigint; channel: AlertChannel; condition: string }[]
  >`
    select institution_user_id, account_id, alert_type_id, channel, condition from alert_silences
    where institution_id = ${institutionId} and institution_user_id = any(${[...institutionUserIds]})
      and alert_type_id = any(${alertTypeIds.map(String)}::bigint[])`;
  return rows.map((row) => ({
    institutionUserId: row.institution_user_id,
    accountId: row.account_id,
    alertTypeId: row.alert_type_id,
    channel: row.channel,
    condition: row.condition,
  }));
}

export async function endSilences(tx: Tx, institutionId: string, silences: readonly Silence[]): Promise<void> {
  if (silences.length === 0) return;
  await tx`
    delete from alert_silences s
    using unnest(${silences.map((one) => one.institutionUserId)}::text[], ${silences.map((one) => one.accountId)}::text[],
      ${silences.map((one) => String(one.alertTypeId))}::bigint[], ${silences.map((one) => one.channel)}::text[])
      as d (user_id, account_id, type_id, channel)
    where s.institution_id = ${institutionId} and s.institution_user_id = d.user_id and s.account_id = d.account_id
      and s.alert_type_id = d.type_id and s.channel = d.channel`;
}

/**
 * A condition that fired anew takes the place of the one before.
 * @returns How many began; fewer than were given when somebody else has begun the same one meanwhile.
 */
export async function beginSilences(tx: Tx, institutionId: string, silences: readonly Silence[], firedAt: Date): Promise<number> {
  if (silences.length === 0) return 0;
  const written = await tx`
    insert into alert_silences as known (institution_id, institution_user_id, account_id, alert_type_id, channel, condition,
      fired_at)
    select ${institutionId}, s.user_id, s.account_id, s.type_id, s.channel, s.condition, ${firedAt}
    from unnest(${silences.map((one) => one.institutionUserId)}::text[], ${silences.map((one) => one.accountId)}::text[],
      ${silences.map((one) => String(one.alertTypeId))}::bigint[], ${silences.map((one) => one.channel)}::text[],
      ${silences.map((one) => one.condition)}::text[])
      as s (user_id, account_id, type_id, channel, condition)
    order by s.user_id, s.account_id, s.type_id, s.channel
    on conflict (institution_id, institution_user_id, account_id, alert_type_id, channel) do update
      set condition = excluded.condition, fired_at = excluded.fired_at where known.condition <> excluded.condition`;
  return written.count;
}
