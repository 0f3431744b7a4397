import type { Sql, Tx } from '../../../platform/db/database.ts';
import { deleteInPieces } from '../../../platform/db/delete-in-pieces.ts';

/**
 * Opts an institution into every type of the platform, and presumes that security alerts are wanted: preferences with the
 * numbers of their types, the same in every institution.
 */
export async function plantAlertCatalogue(tx: Tx, institutionId: string): Promise<void> {
  await tx`
    insert into institution_alert_types (institution_id, alert_type_id, channels_opted)
    select ${institutionId}, alert_type_id, channels from system_alert_types order by alert_type_id`;
  await tx`
    insert into institution_alert_preferences (institution_id, institution_alert_preference_id, alert_type_id, channel, is_opted)
    select ${institutionId}, alert_type_id, alert_type_id, 'EMAIL', true from system_alert_types where is_mandatory order by alert_type_id`;
}

/** What grows with events and customers, of an institution that is switched off: see `deleteInPieces`. */
export function deleteAlertDataInPieces(sql: Sql, institutionId: string): Promise<boolean> {
  return deleteInPieces(sql, institutionId, [
    { name: 'alert_event_queue' },
    { name: 'alert_deliveries' },
    { name: 'alert_outcomes' },
    { name: 'alert_events' },
    { name: 'alert_silences' },
    { name: 'alert_subscriptions' },
    { name: 'alert_preference_callbacks' },
    { name: 'alert_preferences' },
    { name: 'alert_destinations' },
  ]);
}

/** Everything of alerts that an institution has: its sandbox begins anew. Destinations go with their contact methods. */
export async function deleteAlertData(tx: Tx, institutionId: string): Promise<void> {
  // First, because it waits for whoever is making outcomes and messages of what waits here.
  await tx`delete from alert_event_queue where institution_id = ${institutionId}`;
  await tx`delete from alert_deliveries where institution_id = ${institutionId}`;
  await tx`delete from alert_outcomes where institution_id = ${institutionId}`;
  await tx`delete from alert_events where institution_id = ${institutionId}`;
  await tx`delete from alert_silences where institution_id = ${institutionId}`;
  await tx`delete from alert_subscriptions where institution_id = ${institutionId}`;
  await tx`delete from alert_preference_callbacks where institution_id = ${institutionId}`;
  await tx`delete from alert_preferences where institution_id = ${institutionId}`;
  await tx`delete from institution_alert_preferences where institution_id = ${institutionId}`;
  await tx`delete from institution_alert_types where institution_id = ${institutionId}`;
  await tx`delete from alert_templates where institution_id = ${institutionId}`;
  await tx`delete from alert_types where institution_id = ${institutionId}`;
  await tx`delete from notification_apps where institution_id = ${institutionId}`;
}
