-- The condition that is silent, in words: the preference with what it asked. One that was changed since, or that has taken
-- its place, is not silent.
alter table alert_silences add column condition text not null default '';

-- A page of the subscriptions to a rare type, or of those that have ended, does not walk through all customers.
create index alert_subscriptions__type on alert_subscriptions (institution_id, event_type, customer_guid, subscription_id);
create index alert_subscriptions__state on alert_subscriptions (institution_id, is_active, customer_guid, subscription_id);

-- Processes keep the catalogues of alerts in memory, and hear of changes.
alter table change_feed drop constraint change_feed__topic_known;
alter table change_feed add constraint change_feed__topic_known check (topic in
  ('access_token_revoked', 'token_chain_revoked', 'institution_changed', 'applications_changed', 'signing_keys_changed',
   'data_keys_changed', 'alert_catalogue_changed'));

-- In a sandbox the inbox shows what the page of an application would.
alter table messages drop constraint messages__channel_known;
alter table messages add constraint messages__channel_known check (channel in ('EMAIL', 'SMS', 'VOICE', 'PUSH', 'WEB'));
