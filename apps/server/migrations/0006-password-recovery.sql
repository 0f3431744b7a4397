-- Password recovery: passcodes on their way to a new password, and how often a user may be wrong.

create table password_resets (
  institution_id       text        not null,
  password_reset_id    uuid        not null,
  institution_user_id  text        not null collate "C",
  contact_method_id    bigint      not null,
  channel              text        not null,
  -- Keyed hash of the number or address that it was sent to, by which sends are throttled.
  recipient_index      bytea       not null,
  -- Keyed HMAC of the digits, bound to institution, user, contact method and this row; gone when the code has ended.
  passcode_hash        bytea,
  tries                integer     not null default 0,
  sent_at              timestamptz not null,
  expires_at           timestamptz not null,
  ended_at             timestamptz,
  end_reason           text,
  -- Keyed hash of the session that a right code opens; it can only set the password, once.
  session_hash         bytea,
  session_expires_at   timestamptz,
  -- Keyed hash of the token in "this was not me" links.
  disown_hash          bytea,
  disown_expires_at    timestamptz,
  constraint password_resets__pk primary key (institution_id, password_reset_id),
  constraint password_resets__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint password_resets__channel_known check (channel in ('EMAIL', 'SMS', 'VOICE')),
  constraint password_resets__ended_has_reason check ((ended_at is null) = (end_reason is null)),
  constraint password_resets__ended_has_no_code check (ended_at is null or passcode_hash is null),
  constraint password_resets__end_reason_known check (end_reason in
    ('used', 'replaced', 'too_many_tries', 'contact_changed', 'disowned')),
  constraint password_resets__tries_not_negative check (tries >= 0)
);
-- One live passcode a user.
create unique index password_resets__one_live on password_resets (institution_id, institution_user_id) where ended_at is null;
create index password_resets__user_sends on password_resets (institution_id, institution_user_id, sent_at);
create index password_resets__recipient_sends on password_resets (institution_id, recipient_index, sent_at);
create index password_resets__sent_at on password_resets (institution_id, sent_at);
create unique index password_resets__session on password_resets (institution_id, session_hash) where session_hash is not null;
create unique index password_resets__disown on password_resets (institution_id, disown_hash) where disown_hash is not null;

-- Wrong passcodes of a user, over all codes and channels, in a window that the first wrong one opens.
create table passcode_failures (
  institution_id       text        not null,
  institution_user_id  text        not null collate "C",
  window_started_at    timestamptz not null,
  failures             integer     not null,
  constraint passcode_failures__pk primary key (institution_id, institution_user_id),
  constraint passcode_failures__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint passcode_failures__not_negative check (failures >= 0)
);
