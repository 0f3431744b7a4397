-- The built-in core: members, accounts, a double-entry ledger, holds. docs/ledger.md explains the model.
--
-- Amounts are minor units of the account's currency. A posting is positive when the account's owner gains by it (money
-- into a deposit, less owed on a loan) and negative when the owner loses; the postings of an entry sum to zero.

-- One row of numbers for entries, postings and holds, so that a hold keeps its public id when it is posted.
-- Numbers below 1000 are the institution's own accounts, which have no rows: core/ledger/internal-accounts.ts.
create sequence ledger_numbers start with 1000;

create table core_members (
  institution_id  text not null,
  member_number   text not null,
  first_name      text not null,
  last_name       text not null,
  cif_number      text,
  constraint core_members__pk primary key (institution_id, member_number),
  constraint core_members__institution foreign key (institution_id) references institutions (institution_id)
);

create table accounts (
  institution_id           text     not null,
  -- Internal; the wire shows an opaque text made of it.
  account_key              bigint   not null default nextval('ledger_numbers'),
  account_number           text     not null,
  -- CHECKING, CREDIT_CARD_LOAN, ...: Accounts section 4.4.
  account_type             text     not null,
  category                 text     not null,
  fi_account_type          integer  not null,
  fi_raw_account_type      integer  not null,
  description              text     not null,
  currency                 text     not null default 'USD',
  routing_number           text,
  micr_number              text,
  opened_on                date     not null,
  closed_on                date,
  -- delinquent, inCollection, writtenOff, paymentCoupon, retirementPlan, retPlanOwnedByDeceased, approved, notApproved, deleted, verified
  status_flags             text[]   not null default '{}',
  is_listed                boolean  not null default true,
  is_hidden                boolean  not null default false,
  is_history_enabled       boolean  not null default true,
  is_statement_enabled     boolean  not null default true,
  may_transfer_from        boolean  not null default true,
  may_transfer_to          boolean  not null default true,
  transfer_restriction     text,
  interest_rate            numeric(7, 4),
  interest_year_minor      bigint,
  interest_last_year_minor bigint,
  overdraft_limit_minor    bigint,
  overdraft_account_key    bigint,
  credit_limit_minor       bigint,
  tpv_reference            text,
  tpv_product_code         text,
  last_statement_on        date,
  last_statement_minor     bigint,
  -- Loans and cards.
  payment_rule             text,
  payment_options          text[],
  next_payment_minor       bigint,
  next_payment_on          date,
  minimum_payment_minor    bigint,
  pay_off_minor            bigint,
  escrow_minor             bigint,
  interest_due_minor       bigint,
  fees_due_minor           bigint,
  original_loan_minor      bigint,
  last_principal_minor     bigint,
  loan_originated_on       date,
  principal_past_due_on    date,
  -- Certificates and loans.
  matures_on               date,
  term_duration            integer,
  term_type                text,
  -- Retirement.
  eligible_this_year_minor bigint,
  eligible_last_year_minor bigint,
  maximum_last_year_minor  bigint,
  constraint accounts__pk primary key (institution_id, account_key),
  constraint accounts__institution foreign key (institution_id) references institutions (institution_id),
  constraint accounts__number unique (institution_id, account_number),
  constraint accounts__category_known check (category in
    ('DEPOSIT', 'LOAN', 'INVESTMENT', 'TIERED_LOAN', 'GENERAL_LEDGER')),
  constraint accounts__key_of_a_customer check (account_key >= 1000),
  constraint accounts__overdraft_account foreign key (institution_id, overdraft_account_key)
    references accounts (institution_id, account_key),
  constraint accounts__restriction_known check (transfer_restriction in ('EXCLUDE_ALL', 'EXCLUDE_AS_FROM', 'EXCLUDE_AS_TO')),
  constraint accounts__payment_rule_known check (payment_rule in ('EQUAL_LPAY', 'EQUAL_OR_LESS_LPAY', 'EQUAL_OR_MORE_LPAY')),
  constraint accounts__limits_not_negative check (overdraft_limit_minor >= 0 and credit_limit_minor >= 0)
);

-- Who owns an account. Which of it a user sees is decided by account_entitlements.
create table account_holders (
  institution_id  text   not null,
  member_number   text   not null,
  account_key     bigint not null,
  -- CROSS: reached through a relation between members.
  ownership       text   not null default 'PRIMARY',
  constraint account_holders__pk primary key (institution_id, member_number, account_key),
  constraint account_holders__account foreign key (institution_id, account_key) references accounts (institution_id, account_key),
  constraint account_holders__ownership_known check (ownership in ('PRIMARY', 'JOINT', 'CROSS'))
);
create index account_holders__account_index on account_holders (institution_id, account_key);

-- The only rows that a posting changes. Always locked in the order of account_key. The institution's own accounts have
-- none: every transfer in and out would wait for it.
create table account_balances (
  institution_id  text   not null,
  account_key     bigint not null,
  -- Never changed; here so that posting need not look elsewhere.
  currency        text   not null default 'USD',
  ledger_minor    bigint not null default 0,
  -- Sum of pending holds that take money away; credits to come are not counted.
  held_minor      bigint not null default 0,
  constraint account_balances__pk primary key (institution_id, account_key),
  constraint account_balances__account foreign key (institution_id, account_key) references accounts (institution_id, account_key),
  constraint account_balances__held_not_negative check (held_minor >= 0)
) with (fillfactor = 70);

create table ledger_entries (
  institution_id     text        not null,
  entry_id           bigint      not null default nextval('ledger_numbers'),
  -- transfer, deposit, withdrawal, fee, interest, cheque, import, correction, ...
  kind               text        not null,
  -- Of all its postings.
  currency           text        not null default 'USD',
  booked_at          timestamptz not null,
  -- A correction names the entry that it undoes; an entry is undone once.
  corrects_entry_id  bigint,
  constraint ledger_entries__pk primary key (institution_id, entry_id),
  constraint ledger_entries__corrects_one unique (institution_id, corrects_entry_id),
  constraint ledger_entries__corrected foreign key (institution_id, corrects_entry_id)
    references ledger_entries (institution_id, entry_id)
);

-- No foreign key to accounts: its check would lock the account's row for every posting; the balance row,
-- which is locked anyway, proves that the account is there.
create table postings (
  institution_id       text    not null,
  account_key          bigint  not null,
  transaction_date     date    not null,
  transaction_number   bigint  not null default nextval('ledger_numbers'),
  entry_id             bigint  not null,
  amount_minor         bigint  not null,
  -- The account's balance when this was booked; absent on the institution's own accounts.
  balance_after_minor  bigint,
  effective_date       date    not null,
  -- TRANSFER_DEBIT, CHECK, ...: Transactions section 6.3.
  transaction_type     text    not null,
  description          text,
  memo                 text,
  check_number         text,
  host_transaction_id  text,
  -- CHECK, DEPOSIT_SLIP, DEPOSIT_CHECK
  image_type           text,
  principal_minor      bigint,
  interest_minor       bigint,
  escrow_minor         bigint,
  fees_minor           bigint,
  merchant_name        text,
  merchant_category    text,
  constraint postings__pk primary key (institution_id, account_key, transaction_date, transaction_number),
  constraint postings__entry foreign key (institution_id, entry_id) references ledger_entries (institution_id, entry_id),
  constraint postings__amount_not_zero check (amount_minor <> 0),
  constraint postings__image_known check (image_type in ('CHECK', 'DEPOSIT_SLIP', 'DEPOSIT_CHECK'))
);
create index postings__entry_index on postings (institution_id, entry_id);

-- Money that is spoken for and not booked yet; also credits to come, and rows dated in the future.
create table holds (
  institution_id       text        not null,
  account_key          bigint      not null,
  transaction_number   bigint      not null default nextval('ledger_numbers'),
  amount_minor         bigint      not null,
  status               text        not null default 'PENDING',
  transaction_date     date        not null,
  placed_at            timestamptz not null,
  expires_at           timestamptz,
  settled_at           timestamptz,
  entry_id             bigint,
  transaction_type     text        not null,
  description          text,
  memo                 text,
  check_number         text,
  image_type           text,
  merchant_name        text,
  merchant_category    text,
  constraint holds__pk primary key (institution_id, account_key, transaction_number),
  constraint holds__account foreign key (institution_id, account_key) references accounts (institution_id, account_key),
  constraint holds__entry foreign key (institution_id, entry_id) references ledger_entries (institution_id, entry_id),
  constraint holds__amount_not_zero check (amount_minor <> 0),
  constraint holds__status_known check (status in ('PENDING', 'POSTED', 'VOIDED', 'TIMED_OUT')),
  constraint holds__settled check ((status = 'PENDING') = (settled_at is null)),
  constraint holds__posted_has_entry check ((status = 'POSTED') = (entry_id is not null))
);
create index holds__pending on holds (institution_id, account_key, transaction_date, transaction_number) where status = 'PENDING';
create index holds__expiring on holds (institution_id, expires_at) where status = 'PENDING' and expires_at is not null;

-- What a user may see and do beyond the rule: a primary sees all accounts of the members it reaches; a sub-user sees
-- only what a row here grants.
create table account_entitlements (
  institution_id       text    not null,
  institution_user_id  text    not null collate "C",
  account_key          bigint  not null,
  may_view             boolean not null default true,
  may_transfer_from    boolean not null default true,
  may_transfer_to      boolean not null default true,
  is_history_entitled  boolean not null default true,
  is_hidden            boolean not null default false,
  nick_name            text,
  constraint account_entitlements__pk primary key (institution_id, institution_user_id, account_key),
  constraint account_entitlements__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint account_entitlements__account foreign key (institution_id, account_key) references accounts (institution_id, account_key)
);
create index account_entitlements__account_index on account_entitlements (institution_id, account_key);

-- What is booked stays: a mistake is undone by a new entry. Only an institution of the sandbox can be emptied, in a
-- transaction that names it.
create function refuse_change_of_books() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.institution_id = current_setting('openbranch.emptied_institution', true) then
    return old;
  end if;
  raise exception 'What is booked in % cannot be changed or removed: book a correction.', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger ledger_entries__stay before update or delete on ledger_entries for each row execute function refuse_change_of_books();
create trigger postings__stay before update or delete on postings for each row execute function refuse_change_of_books();
create trigger holds__stay before delete on holds for each row execute function refuse_change_of_books();
create trigger holds__settled_stay before update on holds for each row when (old.status <> 'PENDING')
  execute function refuse_change_of_books();
create trigger ledger_entries__no_truncate before truncate on ledger_entries execute function refuse_change_of_books();
create trigger postings__no_truncate before truncate on postings execute function refuse_change_of_books();
create trigger holds__no_truncate before truncate on holds execute function refuse_change_of_books();
