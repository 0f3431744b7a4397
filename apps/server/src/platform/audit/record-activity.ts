import type { Tx } from '../db/database.ts';

/** What the activity log knows. Rows are written in the transaction of what they tell. */
export type ActivityKind =
  | 'user_signed_in'
  | 'user_sign_in_failed'
  | 'user_locked'
  | 'user_unlocked'
  | 'contact_info_updated'
  | 'passcode_sent'
  | 'passcode_refused'
  | 'passcode_accepted'
  | 'passcode_wrong'
  | 'password_changed'
  | 'user_held'
  | 'user_registered'
  | 'user_registration_refused'
  | 'disclosure_created'
  | 'disclosure_updated'
  | 'disclosure_text_seen'
  | 'user_disclosure_created'
  | 'user_disclosure_updated'
  | 'user_disclosure_deleted'
  | 'token_granted'
  | 'token_refreshed'
  | 'token_revoked'
  | 'refresh_token_reused'
  | 'signing_key_rotated'
  | 'data_key_rotated'
  | 'data_keys_destroyed'
  | 'messages_retried'
  | 'application_created'
  | 'application_secret_rotated'
  | 'application_enabled'
  | 'application_disabled'
  | 'ledger_exported'
  | 'ledger_corrected'
  | 'institution_created'
  | 'institution_changed'
  | 'alert_type_created'
  | 'alert_type_updated'
  | 'alert_type_deleted'
  | 'alert_opt_in_created'
  | 'alert_opt_in_updated'
  | 'alert_opt_in_deleted'
  | 'alert_template_created'
  | 'alert_template_updated'
  | 'alert_template_deleted'
  | 'alert_read_flag_set'
  | 'alert_preference_created'
  | 'alert_preference_updated'
  | 'alert_preference_deleted'
  | 'alert_destinations_created'
  | 'alert_destinations_updated'
  | 'alert_destinations_deleted'
  | 'alert_subscription_created'
  | 'alert_subscription_updated'
  | 'alert_subscription_deleted'
  | 'institution_alert_preference_created'
  | 'institution_alert_preference_updated'
  | 'institution_alert_preference_deleted'
  | 'sandbox_reset'
  | 'sandbox_posting_booked'
  | 'sandbox_hold_settled'
  | 'transfer_limits_changed'
  | 'recipient_created'
  | 'recipient_changed'
  | 'recipient_deleted'
  | 'recipient_refused'
  | 'transfer_made'
  | 'transfer_refused'
  | 'transfer_scheduled'
  | 'scheduled_transfer_made'
  | 'scheduled_transfer_failed'
  | 'transfer_schedule_cancelled';

/** Plain values only, and no personal data: details are kept for ever. */
export type ActivityDetails = Readonly<Record<string, string | number | boolean | null>>;

export interface Activity {
  readonly institutionId: string;
  readonly occurredAt: Date;
  readonly kind: ActivityKind;
  readonly institutionUserId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly operation?: string | undefined;
  readonly traceId?: string | undefined;
  readonly address?: string | undefined;
  readonly details?: ActivityDetails | undefined;
}

export async function recordActivity(tx: Tx, activity: Activity): Promise<void> {
  await tx`
    insert into activities (institution_id, occurred_at, kind, institution_user_id, client_id, operation, trace_id, address, details)
    values (${activity.institutionId}, ${activity.occurredAt}, ${activity.kind}, ${activity.institutionUserId ?? null},
      ${activity.clientId ?? null}, ${activity.operation ?? null}, ${activity.traceId ?? null}, ${activity.address ?? null}, ${tx.json(activity.details ?? {})})`;
}
