-- Statements that were made once, kept so that they need not be made again.

create table statement_documents (
  institution_id   text        not null,
  account_key      bigint      not null,
  -- Year and month: 202605.
  period           text        not null collate "C",
  -- Fingerprint of what it tells and the file, sealed under the institution's data key.
  document_sealed  bytea       not null,
  made_at          timestamptz not null,
  constraint statement_documents__pk primary key (institution_id, account_key, period),
  constraint statement_documents__account foreign key (institution_id, account_key)
    references accounts (institution_id, account_key) on delete cascade
);

-- The report on e-statements of a whole institution reads the decisions on accounts of some days.
create index institution_user_disclosures__accounts on institution_user_disclosures (institution_id, status_at)
  where account_id is not null;
