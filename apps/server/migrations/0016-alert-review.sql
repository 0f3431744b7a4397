-- The condition that is silent, in words: the preference with what it asked. One that was changed since, or that has taken
-- its place, is not silent.
alter table alert_silences add column condition text not null default '';

-- A page of the subscriptions to a rare type, or of those that have ended, does not walk through all customers.
create index alert_subscriptions__type on alert_subscriptions (institution_id, event_type, customer_guid, subscription_id);
create index alert_subscriptions__state on alert_subscriptions (institution_id, is_active, customer_guid, subscription_id);
