-- Delivery: the persisted queue of messages to people, and the texts that an institution words itself.

create table messages (
  institution_id       text        not null,
  message_id           uuid        not null,
  channel              text        not null,
  template             text        not null,
  locale               text        not null,
  institution_user_id  text        collate "C",
  -- Recipient, subject, text and HTML under AES-256-GCM; gone once the message needs to be read by nobody any more.
  content_sealed       bytea,
  -- Keyed hash of the recipient, by which the inbox is searched.
  recipient_index      bytea       not null,
  status               text        not null default 'queued',
  attempts             integer     not null default 0,
  -- Clock of the institution.
  queued_at            timestamptz not null,
  -- Real time from here on: providers and time-outs do not follow a sandbox clock.
  recorded_at          timestamptz not null default clock_timestamp(),
  next_attempt_at      timestamptz not null default clock_timestamp(),
  usable_until         timestamptz,
  finished_at          timestamptz,
  provider_reference   text,
  -- A code, never the words of a provider: those may quote the recipient.
  failure              text,
  constraint messages__pk primary key (institution_id, message_id),
  constraint messages__institution foreign key (institution_id) references institutions (institution_id),
  constraint messages__channel_known check (channel in ('EMAIL', 'SMS', 'VOICE', 'PUSH')),
  constraint messages__status_known check (status in ('queued', 'sending', 'sent', 'failed', 'dead')),
  constraint messages__finished_has_time check ((status in ('sent', 'dead')) = (finished_at is not null)),
  constraint messages__attempts_not_negative check (attempts >= 0)
) with (fillfactor = 80);
create index messages__due on messages (institution_id, next_attempt_at) where status in ('queued', 'sending', 'failed');
create index messages__finished on messages (institution_id, finished_at) where finished_at is not null;
create index messages__newest on messages (institution_id, recorded_at desc, message_id);
create index messages__recipient on messages (institution_id, recipient_index, recorded_at desc);

create table message_templates (
  institution_id  text not null,
  template        text not null,
  channel         text not null,
  locale          text not null,
  -- E-mail only.
  subject         text,
  body_text       text not null,
  body_html       text,
  constraint message_templates__pk primary key (institution_id, template, channel, locale),
  constraint message_templates__institution foreign key (institution_id) references institutions (institution_id),
  constraint message_templates__channel_known check (channel in ('EMAIL', 'SMS', 'VOICE', 'PUSH')),
  constraint message_templates__mail_has_subject check ((channel = 'EMAIL') = (subject is not null)),
  constraint message_templates__html_is_mail check (body_html is null or channel = 'EMAIL')
);
