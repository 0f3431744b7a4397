-- What a developer wants calls of a sandbox to meet: a refusal, a delay, a cut connection, an answer that cannot be read.
create table call_faults (
  institution_id text     not null,
  fault_id       uuid     not null,
  fault_number   bigint   not null generated always as identity,
  client_id      text     collate "C",
  user_name      text     collate "C",
  operation      text     collate "C",
  effect         text     not null,
  error          text     collate "C",
  delay_ms       integer,
  -- Calls that will still meet it; null: every call until it is disarmed.
  remaining      integer,
  constraint call_faults__pk primary key (institution_id, fault_id),
  constraint call_faults__institution foreign key (institution_id) references institutions (institution_id),
  constraint call_faults__effect_known check (effect in ('ERROR', 'DELAY', 'CUT', 'MALFORMED')),
  constraint call_faults__error_named check ((effect = 'ERROR') = (error is not null)),
  constraint call_faults__delay_named check ((effect = 'DELAY') = (delay_ms is not null)),
  constraint call_faults__remaining_range check (remaining >= 0)
);

alter table change_feed drop constraint change_feed__topic_known;
alter table change_feed add constraint change_feed__topic_known check (topic in
  ('access_token_revoked', 'token_chain_revoked', 'institution_changed', 'applications_changed', 'signing_keys_changed',
   'data_keys_changed', 'alert_catalogue_changed', 'call_faults_changed'));
