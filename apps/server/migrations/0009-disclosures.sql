-- Disclosures: versions of what an institution wants to be accepted, decisions at locations and on single accounts, and
-- the evidence of every decision, which nothing but the reset of a sandbox deletes.

alter table institution_disclosures
  -- Counts the texts: a change of name, data or type makes the next one.
  add column version integer not null default 1,
  -- SHA-256 of what the URL held, where it was fetched, and when.
  add column content_hash bytea,
  add column content_seen_at timestamptz,
  add constraint institution_disclosures__version_positive check (version > 0),
  add constraint institution_disclosures__content_seen_together check ((content_hash is null) = (content_seen_at is null));

-- One row for each decision: made, changed, or deleted.
create table disclosure_evidence (
  institution_id                  text        not null,
  evidence_id                     bigint      generated always as identity,
  -- No foreign keys: the evidence outlives the user and the row.
  institution_user_id             text        not null collate "C",
  institution_customer_id         text        collate "C",
  account_id                      text        collate "C",
  institution_user_disclosure_id  text        not null collate "C",
  institution_disclosure_id       text        not null collate "C",
  -- Which text: the definition as it was, and its hash.
  definition_version              integer     not null,
  definition_name                 text        not null,
  definition_data                 text,
  definition_hash                 bytea       not null,
  content_hash                    bytea,
  content_seen_at                 timestamptz,
  event                           text        not null,
  old_status                      text,
  new_status                      text,
  old_paper_waiver                boolean,
  new_paper_waiver                boolean,
  -- When the user decided, as the application says, and when we heard of it.
  decided_at                      timestamptz not null,
  occurred_at                     timestamptz not null,
  operation                       text        not null,
  client_id                       text        not null,
  is_by_user                      boolean     not null,
  trace_id                        text,
  address                         text        not null,
  constraint disclosure_evidence__pk primary key (institution_id, evidence_id),
  constraint disclosure_evidence__institution foreign key (institution_id) references institutions (institution_id),
  constraint disclosure_evidence__event_known check (event in ('created', 'updated', 'deleted')),
  constraint disclosure_evidence__status_fits check ((event = 'deleted') = (new_status is null) and (event = 'created') = (old_status is null))
);
create index disclosure_evidence__user on disclosure_evidence (institution_id, institution_user_id, evidence_id);

-- Of registrations from before, the hash is that of the URL alone.
insert into disclosure_evidence (institution_id, institution_user_id, institution_user_disclosure_id, institution_disclosure_id,
  definition_version, definition_name, definition_data, definition_hash, event, new_status, decided_at, occurred_at, operation,
  client_id, is_by_user, trace_id, address)
select d.institution_id, d.institution_user_id, d.institution_user_disclosure_id, d.institution_disclosure_id,
  1, i.name, d.data, coalesce(d.data_hash, sha256(convert_to(i.name, 'UTF8'))), 'created', d.status, d.status_at, d.status_at, 'registerCustomer',
  coalesce(d.client_id, ''), false, d.trace_id, coalesce(d.originating_ip, '')
from institution_user_disclosures d join institution_disclosures i using (institution_id, institution_disclosure_id);

alter table institution_user_disclosures
  -- The location of a business at which the decision holds.
  add column institution_customer_id text collate "C",
  -- Online statements of one account.
  add column account_id text collate "C",
  -- Online statements: true is electronic, false is paper.
  add column paper_waiver boolean,
  drop column data,
  drop column data_hash,
  drop column client_id,
  drop column trace_id,
  drop column originating_ip,
  drop constraint institution_user_disclosures__one,
  add constraint institution_user_disclosures__one unique nulls not distinct
    (institution_id, institution_user_id, institution_disclosure_id, institution_customer_id, account_id),
  add constraint institution_user_disclosures__location foreign key (institution_id, institution_customer_id)
    references customers (institution_id, customer_id) on delete cascade,
  add constraint institution_user_disclosures__account_has_waiver check (account_id is null or paper_waiver is not null);
