-- Personal data: values that leave the database only decrypted by a key of their institution.
--
-- A column named ..._sealed holds: version (1 byte), key number (4 bytes), nonce (12), tag (16), ciphertext of AES-256-GCM.
-- The key number says which data key opens it; institution, table, column and row are authenticated with it, so that a
-- value that is moved elsewhere opens no more.

create table data_keys (
  institution_id  text        not null,
  key_number      integer     not null,
  -- data: encrypts values. index: makes the keyed hashes by which a value can be looked up.
  purpose         text        not null,
  -- AES-256-GCM under a key derived from the master key; null once the key is destroyed.
  wrapped_key     bytea,
  created_at      timestamptz not null,
  -- A retired key opens what it has sealed and seals nothing more.
  retired_at      timestamptz,
  -- When the last value under a retired key had been encrypted again.
  emptied_at      timestamptz,
  destroyed_at    timestamptz,
  constraint data_keys__pk primary key (institution_id, key_number),
  constraint data_keys__institution foreign key (institution_id) references institutions (institution_id),
  constraint data_keys__purpose_known check (purpose in ('data', 'index')),
  constraint data_keys__number_positive check (key_number > 0),
  constraint data_keys__destroyed_has_no_key check ((destroyed_at is null) = (wrapped_key is not null)),
  constraint data_keys__destroyed_is_retired check (destroyed_at is null or retired_at is not null)
);
create unique index data_keys__one_current on data_keys (institution_id, purpose) where retired_at is null;

create table user_personal_data (
  institution_id             text   not null,
  institution_user_id        text   not null collate "C",
  ssn_sealed                 bytea,
  -- HMAC-SHA-256 under the index key of the institution.
  ssn_index                  bytea,
  birth_date_sealed          bytea,
  mother_maiden_name_sealed  bytea,
  constraint user_personal_data__pk primary key (institution_id, institution_user_id),
  constraint user_personal_data__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint user_personal_data__ssn_has_index check ((ssn_sealed is null) = (ssn_index is null))
);
create index user_personal_data__ssn on user_personal_data (institution_id, ssn_index) where ssn_index is not null;

create table identification_documents (
  institution_id       text    not null,
  institution_user_id  text    not null collate "C",
  -- Counts the documents of a user from 1.
  document_id          integer not null,
  document_type        text    not null,
  -- The last four characters behind asterisks.
  masked_id            text    not null,
  number_sealed        bytea   not null,
  issuer_state         text,
  issuer_country       text,
  issued_date          date,
  expiry_date          date,
  constraint identification_documents__pk primary key (institution_id, institution_user_id, document_id),
  constraint identification_documents__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint identification_documents__type_known check (document_type in
    ('DRIVERS_LICENSE', 'PASSPORT', 'STATE_ID', 'SSN', 'TIN', 'EIN', 'ITIN', 'ATIN', 'PTIN', 'UNKNOWN'))
);

-- Stored answers may hold personal data (a registration echoes what it was given), so they are sealed as well.
-- They live for a day: those of before are let go.
delete from replays;
alter table replays drop column answer;
alter table replays add column answer_sealed bytea not null;

alter table change_feed drop constraint change_feed__topic_known;
alter table change_feed add constraint change_feed__topic_known check (topic in
  ('access_token_revoked', 'token_chain_revoked', 'institution_changed', 'applications_changed', 'signing_keys_changed',
   'data_keys_changed'));
