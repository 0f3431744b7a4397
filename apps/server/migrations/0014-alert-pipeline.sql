-- What the pipeline of alerts needs beside the data model: messages that are sent in bulk, what a provider says of a
-- message afterwards, and, in a sandbox, what a provider does wrong.

-- Which application published the event: this row is its record, there is no activity for each event.
alter table alert_events add column client_id text collate "C";

-- Messages of which thousands may be due at once are claimed and settled many in a statement, and have no job each.
alter table messages add column is_bulk boolean not null default false;
-- Set when the provider has said what became of the message; what it says later changes nothing any more.
alter table messages add column confirmed_at timestamptz;
create index messages__bulk_due on messages (institution_id, next_attempt_at)
  where is_bulk and status in ('queued', 'sending', 'failed');

create table delivery_faults (
  institution_id  text     not null,
  channel         text     not null,
  kind            text     not null,
  percent         integer  not null default 100,
  delay_ms        integer  not null default 2000,
  constraint delivery_faults__pk primary key (institution_id, channel),
  constraint delivery_faults__institution foreign key (institution_id) references institutions (institution_id),
  constraint delivery_faults__channel_known check (channel in ('EMAIL', 'SMS', 'VOICE', 'PUSH')),
  constraint delivery_faults__kind_known check (kind in ('SLOW', 'REFUSES', 'FAILS', 'TIMES_OUT', 'ANSWERS_TWICE')),
  constraint delivery_faults__percent_range check (percent between 1 and 100),
  constraint delivery_faults__delay_range check (delay_ms between 0 and 60000)
);
