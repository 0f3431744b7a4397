-- Registration: the disclosures of an institution, and the evidence that a user has accepted them.

create table institution_disclosures (
  institution_id             text    not null,
  institution_disclosure_id  text    not null collate "C",
  -- Compared without regard to case.
  name                       text    not null,
  data                       text,
  data_type                  text    not null default 'URL',
  is_enabled                 boolean not null default false,
  constraint institution_disclosures__pk primary key (institution_id, institution_disclosure_id),
  constraint institution_disclosures__institution foreign key (institution_id) references institutions (institution_id),
  constraint institution_disclosures__id_shape check (institution_disclosure_id ~ '^[0-9A-F]{32}$'),
  constraint institution_disclosures__data_type_known check (data_type in ('UNKNOWN', 'URL', 'CONFIG', 'RAW'))
);
create unique index institution_disclosures__name on institution_disclosures (institution_id, upper(name));

create table institution_user_disclosures (
  institution_id                  text        not null,
  institution_user_disclosure_id  text        not null collate "C",
  institution_user_id             text        not null collate "C",
  institution_disclosure_id       text        not null collate "C",
  status                          text        not null,
  status_at                       timestamptz not null,
  -- Evidence: which text, by which application, in which call, from which address.
  data                            text,
  data_hash                       bytea,
  client_id                       text,
  trace_id                        text,
  originating_ip                  text,
  constraint institution_user_disclosures__pk primary key (institution_id, institution_user_disclosure_id),
  constraint institution_user_disclosures__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint institution_user_disclosures__disclosure foreign key (institution_id, institution_disclosure_id)
    references institution_disclosures (institution_id, institution_disclosure_id),
  constraint institution_user_disclosures__id_shape check (institution_user_disclosure_id ~ '^[0-9A-F]{32}$'),
  constraint institution_user_disclosures__status_known check (status in ('ACCEPTED', 'NOT_ACCEPTED', 'ENROLLED', 'NOT_ENROLLED')),
  constraint institution_user_disclosures__one unique (institution_id, institution_user_id, institution_disclosure_id)
);

-- Parts of a name that nothing but registration knows.
alter table institution_users add column title_prefix text;
alter table institution_users add column name_suffix text;
