-- What alerts carry and say lies under the data key of its institution, like all personal data, and goes when its time is
-- over.

-- Until now it lay under keys of the platform, with which no data key opens it and a destruction would not have reached
-- it. No version with it was released, so it is wiped, not moved: the history keeps its rows without words, and an event
-- that still waits is dead with this reason.
alter table alert_outcomes
  drop constraint alert_outcomes__sent_or_reason,
  add constraint alert_outcomes__dropped_has_no_words check (reason is null or content_sealed is null);
update alert_outcomes set summary_sealed = null, content_sealed = null where content_sealed is not null;
update alert_event_queue
set payload_sealed = '', dead_at = coalesce(dead_at, clock_timestamp()),
  failure = case when dead_at is null then 'sealed_before_data_keys' else failure end;

-- The sweep asks for the oldest rows each hour: parts of the table that are new must not be read for that.
alter index alert_events__accepted_at set (autosummarize = on);
