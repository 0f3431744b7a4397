-- Foundation: institutions, applications, keys, customers and their logins, tokens, activity log, replay guard.
--
-- Tenant tables have institution_id first in their primary key and in every foreign key, so that the schema
-- distributes by institution_id. Tables without it (institutions, applications, signing keys, change feed) are
-- small reference tables and never point at a tenant table.

create table institutions (
  institution_id     text        not null,
  name               text        not null,
  time_zone          text        not null default 'America/Los_Angeles',
  is_active          boolean     not null default true,
  -- Sandbox only: what is added to the real time to get this institution's time.
  clock_offset_ms    bigint      not null default 0,
  policies           jsonb       not null default '{}',
  switches           jsonb       not null default '{}',
  constraint institutions__pk primary key (institution_id),
  constraint institutions__id_five_digits check (institution_id ~ '^[0-9]{5}$'),
  constraint institutions__policies_object check (jsonb_typeof(policies) = 'object'),
  constraint institutions__switches_object check (jsonb_typeof(switches) = 'object')
);

-- What this database is for, written by the first start: a sandbox must never open on an institution's real data.
create table installation (
  is_only_row  boolean     not null default true,
  mode         text        not null,
  made_at      timestamptz not null default clock_timestamp(),
  constraint installation__pk primary key (is_only_row),
  constraint installation__one_row check (is_only_row),
  constraint installation__mode_known check (mode in ('sandbox', 'production'))
);

create table applications (
  client_id            text        not null,
  name                 text        not null,
  is_enabled           boolean     not null default true,
  institution_ids      text[]      not null default '{}',
  products             text[]      not null default '{authentication}',
  grants_v1            text[]      not null default '{}',
  grants_v2            text[]      not null default '{client_credentials}',
  allowed_scopes       text[]      not null default '{}',
  offering_id          text,
  access_ttl_v1_s      integer     not null default 1800,
  access_ttl_v2_s      integer     not null default 1800,
  refresh_ttl_s        integer     not null default 15552000,
  allowed_addresses    text[]      not null default '{}',
  quota_per_day        integer     not null default 100000,
  spike_per_second     integer     not null default 50,
  -- Whose tokens it may introspect: its own, or every token of its institutions (an API gateway).
  introspection        text        not null default 'own',
  constraint applications__pk primary key (client_id),
  constraint applications__client_id_shape check (client_id ~ '^[0-9A-Za-z]{48}$'),
  constraint applications__products_known check (products <@ '{authentication,legacy-authentication}'::text[]),
  constraint applications__grants_v1_known check (grants_v1 <@ '{client_credentials,password}'::text[]),
  constraint applications__grants_v2_known check (grants_v2 <@ '{client_credentials,password,refresh_token}'::text[]),
  constraint applications__access_ttl_v1_range check (access_ttl_v1_s between 60 and 2592000),
  constraint applications__access_ttl_v2_range check (access_ttl_v2_s between 60 and 2592000),
  constraint applications__refresh_ttl_positive check (refresh_ttl_s > 0),
  constraint applications__limits_not_negative check (quota_per_day >= 0 and spike_per_second >= 0),
  constraint applications__introspection_known check (introspection in ('own', 'institution'))
);

create table application_secrets (
  client_id     text        not null,
  secret_id     text        not null,
  -- Keyed HMAC-SHA-256 of the secret; the secret itself is shown once and stored nowhere.
  secret_hash   bytea       not null,
  created_at    timestamptz not null,
  expires_at    timestamptz,
  last_used_at  timestamptz,
  constraint application_secrets__pk primary key (client_id, secret_id),
  constraint application_secrets__application foreign key (client_id) references applications (client_id) on delete cascade
);

create table signing_keys (
  key_id             text        not null,
  algorithm          text        not null,
  public_jwk         jsonb       not null,
  -- PKCS #8, AES-256-GCM under a key derived from the master key.
  private_key_sealed bytea       not null,
  created_at         timestamptz not null,
  -- The key that signs is the newest whose activation time has come; the others only verify.
  activates_at       timestamptz not null,
  -- Past this time no live token can bear its signature and it leaves the JWKS.
  retires_at         timestamptz,
  constraint signing_keys__pk primary key (key_id),
  constraint signing_keys__algorithm_known check (algorithm in ('ES256'))
);

-- What every process must know within a second: revocations, and caches to read again.
-- Rows stay until expires_at, so that a process that starts later learns of every revocation still in force.
create table change_feed (
  change_id      bigint      generated always as identity,
  topic          text        not null,
  institution_id text,
  subject        text        not null,
  recorded_at    timestamptz not null default clock_timestamp(),
  expires_at     timestamptz not null,
  constraint change_feed__pk primary key (change_id),
  constraint change_feed__topic_known check (topic in
    ('access_token_revoked', 'token_chain_revoked', 'institution_changed', 'applications_changed', 'signing_keys_changed'))
);
create index change_feed__recorded_at on change_feed (recorded_at);
create index change_feed__expires_at on change_feed (expires_at);

create table customers (
  institution_id  text not null,
  customer_id     text not null collate "C",
  customer_type   text not null,
  member_number   text not null,
  host_login_id   text,
  constraint customers__pk primary key (institution_id, customer_id),
  constraint customers__institution foreign key (institution_id) references institutions (institution_id),
  constraint customers__id_shape check (customer_id ~ '^[0-9a-f]{32}$'),
  constraint customers__type_known check (customer_type in ('RETAIL', 'BUSINESS')),
  constraint customers__member_number unique (institution_id, member_number)
);

create table institution_users (
  institution_id              text        not null,
  institution_user_id         text        not null collate "C",
  auth_id                     text        not null collate "C",
  -- The customer GUID of this user: a primary's own customer, a sub-user's own GUID.
  customer_guid               text        not null collate "C",
  user_type                   text        not null,
  user_role                   text        not null,
  parent_institution_user_id  text        collate "C",
  login_name                  text        not null,
  first_name                  text        not null,
  middle_name                 text,
  last_name                   text        not null,
  email_address               text,
  registered_at               timestamptz not null,
  constraint institution_users__pk primary key (institution_id, institution_user_id),
  constraint institution_users__institution foreign key (institution_id) references institutions (institution_id),
  constraint institution_users__id_shape check (institution_user_id ~ '^[0-9A-F]{32}$'),
  constraint institution_users__auth_id unique (institution_id, auth_id),
  constraint institution_users__customer_guid unique (institution_id, customer_guid),
  constraint institution_users__parent foreign key (institution_id, parent_institution_user_id)
    references institution_users (institution_id, institution_user_id),
  constraint institution_users__type_known check (user_type in ('RETAIL', 'BUSINESS')),
  constraint institution_users__role_known check (user_role in
    ('PRIMARY', 'ENTITLED', 'BUSINESS_ADMIN', 'BUSINESS_SECONDARY_ADMIN', 'BUSINESS_USER'))
);
create unique index institution_users__login_name on institution_users (institution_id, lower(login_name));
create index institution_users__parent_index on institution_users (institution_id, parent_institution_user_id)
  where parent_institution_user_id is not null;

create table institution_user_customers (
  institution_id       text    not null,
  institution_user_id  text    not null collate "C",
  customer_id          text    not null collate "C",
  is_primary           boolean not null default false,
  constraint institution_user_customers__pk primary key (institution_id, institution_user_id, customer_id),
  constraint institution_user_customers__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint institution_user_customers__customer foreign key (institution_id, customer_id)
    references customers (institution_id, customer_id) on delete cascade
);
create index institution_user_customers__customer_index on institution_user_customers (institution_id, customer_id);

-- The credential and the state of a login. Apart from the profile because every sign-in writes it: no index covers
-- a column that a sign-in changes, so that those updates stay on their page.
create table credentials (
  institution_id               text        not null,
  institution_user_id          text        not null collate "C",
  password_hash                text,
  pepper_id                    text,
  registration                 text        not null,
  is_locked                    boolean     not null default false,
  locked_at                    timestamptz,
  lock_reason                  text,
  is_on_hold                   boolean     not null default false,
  held_at                      timestamptz,
  hold_reason                  text,
  hold_initiated_by            text,
  must_change_password         boolean     not null default false,
  is_deleted                   boolean     not null default false,
  has_invalid_email            boolean     not null default false,
  has_accepted_disclosure      boolean     not null default false,
  failed_login_count           integer     not null default 0,
  failed_password_reset_count  integer     not null default 0,
  last_login_at                timestamptz,
  constraint credentials__pk primary key (institution_id, institution_user_id),
  constraint credentials__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint credentials__registration_known check (registration in
    ('none', 'pending_disclosure', 'pending_approval', 'approved', 'rejected')),
  constraint credentials__lock_has_time check (is_locked = (locked_at is not null)),
  constraint credentials__hold_has_time check (is_on_hold = (held_at is not null)),
  constraint credentials__counts_not_negative check (failed_login_count >= 0 and failed_password_reset_count >= 0)
) with (fillfactor = 80);

create table token_chains (
  institution_id       text        not null,
  chain_id             text        not null collate "C",
  client_id            text        not null,
  institution_user_id  text        not null collate "C",
  scopes               text[]      not null,
  started_at           timestamptz not null,
  -- When the last of its access tokens expires; a revocation is remembered until then.
  access_until         timestamptz not null,
  revoked_at           timestamptz,
  constraint token_chains__pk primary key (institution_id, chain_id),
  constraint token_chains__application foreign key (client_id) references applications (client_id) on delete cascade,
  constraint token_chains__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade
);
create index token_chains__user_index on token_chains (institution_id, institution_user_id);

create table refresh_tokens (
  institution_id  text        not null,
  token_hash      bytea       not null,
  chain_id        text        not null collate "C",
  issued_at       timestamptz not null,
  expires_at      timestamptz not null,
  used_at         timestamptz,
  -- The pair given at first use, sealed under a key that only the holder of the used token can derive: the 60 s grace.
  answer_sealed   bytea,
  constraint refresh_tokens__pk primary key (institution_id, token_hash),
  constraint refresh_tokens__chain foreign key (institution_id, chain_id)
    references token_chains (institution_id, chain_id) on delete cascade
);
create index refresh_tokens__chain_index on refresh_tokens (institution_id, chain_id);
create index refresh_tokens__expires_at on refresh_tokens (institution_id, expires_at);
create index refresh_tokens__answers on refresh_tokens (institution_id, used_at) where answer_sealed is not null;

-- Append-only: rows are only ever given their seal, once.
create table activities (
  institution_id       text        not null,
  activity_id          bigint      generated always as identity,
  occurred_at          timestamptz not null,
  recorded_at          timestamptz not null default clock_timestamp(),
  kind                 text        not null,
  institution_user_id  text        collate "C",
  client_id            text,
  operation            text,
  trace_id             text,
  -- Where the call came from: the device that the caller names, else the peer.
  address              text,
  details              jsonb       not null default '{}',
  batch_number         bigint,
  seal                 bytea,
  constraint activities__pk primary key (institution_id, activity_id),
  constraint activities__sealed_together check ((batch_number is null) = (seal is null))
);
create index activities__unsealed on activities (institution_id, activity_id) where batch_number is null;
create index activities__batch on activities (institution_id, batch_number, activity_id) where batch_number is not null;
create index activities__user on activities (institution_id, institution_user_id, activity_id);

create table activity_batches (
  institution_id     text        not null,
  batch_number       bigint      not null,
  first_activity_id  bigint      not null,
  last_activity_id   bigint      not null,
  row_count          integer     not null,
  previous_seal      bytea       not null,
  seal               bytea       not null,
  sealed_at          timestamptz not null,
  constraint activity_batches__pk primary key (institution_id, batch_number),
  constraint activity_batches__not_empty check (row_count > 0)
);

-- The newest batch of each institution, authenticated under a key that is not in the database: whoever deletes the
-- newest rows together with their batch cannot write the head that an older end of the log would need.
create table activity_heads (
  institution_id  text    not null,
  batch_number    bigint  not null,
  mac             bytea   not null,
  constraint activity_heads__pk primary key (institution_id)
);

create table replays (
  institution_id  text        not null,
  client_id       text        not null,
  operation       text        not null,
  trace_id        text        not null,
  body_hash       bytea       not null,
  status          integer     not null,
  answer          text        not null,
  expires_at      timestamptz not null,
  constraint replays__pk primary key (institution_id, client_id, operation, trace_id, body_hash)
);
create index replays__expires_at on replays (institution_id, expires_at);

create table quota_windows (
  institution_id  text   not null,
  client_id       text   not null,
  window_start    date   not null,
  used            bigint not null,
  constraint quota_windows__pk primary key (institution_id, client_id, window_start),
  constraint quota_windows__used_not_negative check (used >= 0)
);
