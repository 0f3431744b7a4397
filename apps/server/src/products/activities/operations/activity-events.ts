import type { ActivityKind } from '../../../platform/audit/record-activity.ts';
import type { ActivityEvent } from '../domain/activity-event.ts';

type Shows = ActivityEvent['shows'];

const did = (eventId: string, shows: Shows = {}): ActivityEvent => ({ eventId, eventType: 'user', result: 'Success', shows });
const failed = (eventId: string, shows: Shows = {}): ActivityEvent => ({ ...did(eventId, shows), result: 'Failure' });
const system = (eventId: string, shows: Shows = {}): ActivityEvent => ({ ...did(eventId, shows), eventType: 'system' });

const registration = { channel: 'channel', reqctx_userproduct: 'userProduct' } as const;
const session = { reqctx_sessionid: 'chainId' } as const;

const amount = { amount: { minorUnits: 'amountMinor' } } as const;
const transfer = { ...amount, confno: 'reference', payeeid: 'recipientId' } as const;
const scheduled = { ...transfer, paymentid: 'scheduleId' } as const;

const decision = { nickname: 'disclosure', type: 'newStatus', comment: 'oldStatus' } as const;

/**
 * How the search shows each kind of activity. A new kind is one line: its event id, and by the key that shows them the
 * details that may be seen. What is not listed here never leaves the log.
 */
export const activityEvents: Readonly<Record<ActivityKind, ActivityEvent>> = {
  user_signed_in: did('login'),
  user_sign_in_failed: failed('login', { errorcode: 'reason' }),
  user_locked: did('lockUser', { type: 'reason' }),
  user_unlocked: did('unlockUser', { comment: 'by' }),
  user_held: did('holdUser', { type: 'reason', comment: 'by' }),
  contact_info_updated: did('contactInfoChange', { comment: 'by' }),
  passcode_sent: did('resetPassword', { type: 'channel' }),
  passcode_refused: failed('resetPassword', { type: 'channel', errorcode: 'reason' }),
  passcode_accepted: did('mfaChallenge'),
  passcode_wrong: failed('mfaChallenge', { errorcode: 'reason' }),
  password_changed: did('resetPassword', { comment: 'by' }),
  user_registered: did('RegistrationUser', registration),
  user_registration_refused: failed('RegistrationUser', { ...registration, errorcode: 'code' }),
  disclosure_created: system('disclosureChange', { nickname: 'name' }),
  disclosure_updated: system('disclosureChange', { nickname: 'name' }),
  user_disclosure_created: did('disclosureAcceptance', decision),
  user_disclosure_updated: did('disclosureAcceptance', decision),
  user_disclosure_deleted: did('disclosureAcceptance', decision),
  token_granted: did('apiUse', session),
  token_refreshed: did('apiUse', session),
  refresh_token_reused: failed('apiUse', session),
  token_revoked: did('logout', session),
  signing_key_rotated: system('keyChange'),
  data_key_rotated: system('keyChange'),
  data_keys_destroyed: system('keyChange'),
  application_created: system('applicationChange', { nickname: 'name' }),
  application_secret_rotated: system('applicationChange'),
  application_enabled: system('applicationChange', { nickname: 'name' }),
  application_disabled: system('applicationChange', { nickname: 'name' }),
  institution_created: system('institutionChange'),
  institution_changed: system('institutionChange', { type: 'what' }),
  disclosure_text_seen: system('disclosureChange', { nickname: 'name' }),
  ledger_exported: system('ledgerExport', { type: 'format' }),
  ledger_corrected: system('ledgerCorrection', { trnuid: 'correctionId' }),
  messages_retried: system('messagesRetried'),
  alert_type_created: system('alertTypeChange'),
  alert_type_updated: system('alertTypeChange'),
  alert_type_deleted: system('alertTypeChange'),
  alert_opt_in_created: system('alertOptInChange'),
  alert_opt_in_updated: system('alertOptInChange'),
  alert_opt_in_deleted: system('alertOptInChange'),
  alert_template_created: system('alertTemplateChange'),
  alert_template_updated: system('alertTemplateChange'),
  alert_template_deleted: system('alertTemplateChange'),
  alert_read_flag_set: did('alertRead'),
  alert_preference_created: did('alertPreferenceChange'),
  alert_preference_updated: did('alertPreferenceChange'),
  alert_preference_deleted: did('alertPreferenceChange'),
  alert_destinations_created: did('alertDestinationChange'),
  alert_destinations_updated: did('alertDestinationChange'),
  alert_destinations_deleted: did('alertDestinationChange'),
  alert_subscription_created: did('alertSubscriptionChange'),
  alert_subscription_updated: did('alertSubscriptionChange'),
  alert_subscription_deleted: did('alertSubscriptionChange'),
  institution_alert_preference_created: system('alertPreferenceChange'),
  institution_alert_preference_updated: system('alertPreferenceChange'),
  institution_alert_preference_deleted: system('alertPreferenceChange'),
  recipient_created: did('recipientAdd', { payeeid: 'recipientId' }),
  recipient_changed: did('recipientUpdate', { payeeid: 'recipientId' }),
  recipient_deleted: did('recipientDelete', { payeeid: 'recipientId' }),
  recipient_refused: failed('recipientAdd', { comment: 'reason' }),
  transfer_made: did('transfer', { ...transfer, transactiontype: 'kind', trnuid: 'entryId', fromaccount: 'fromAccount' }),
  transfer_refused: failed('transfer', { ...amount, comment: 'reason' }),
  transfer_scheduled: did('transfer', { ...scheduled, paymenttiming: 'frequency', fromaccount: 'fromAccount' }),
  scheduled_transfer_made: did('transfer', { ...scheduled, trnuid: 'entryId' }),
  scheduled_transfer_failed: failed('transfer', { ...scheduled, errorcode: 'code' }),
  transfer_schedule_cancelled: did('transfer', { paymentid: 'scheduleId' }),
  sandbox_posting_booked: system('sandboxPosting', { type: 'type' }),
  sandbox_hold_settled: system('sandboxPosting', { type: 'how' }),
  transfer_limits_changed: system('transferLimitChange'),
  sandbox_reset: system('sandboxReset'),
};
