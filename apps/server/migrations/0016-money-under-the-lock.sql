-- Money that is decided under its lock: what is owed follows from the balance alone, entries remember what they changed of
-- an account's terms, and what a user moves during a recovery hold is counted.

-- What is owed changes with every posting, so it is read from the balance and kept nowhere else. The column stays for
-- processes of the version before, which write it while they are replaced.
comment on column accounts.pay_off_minor is 'Not read any more.';

-- What an entry has changed of an account's terms, so that its correction can take it back.
create table entry_terms (
  institution_id         text    not null,
  entry_id               bigint  not null,
  account_key            bigint  not null,
  -- By how much what is due has risen; a payment makes it fall.
  interest_due_minor     bigint  not null default 0,
  fees_due_minor         bigint  not null default 0,
  -- By how much what may still be contributed has risen, and for which year.
  eligible_minor         bigint  not null default 0,
  contribution_year      integer,
  closed_on_before       date,
  closed_on_after        date,
  constraint entry_terms__pk primary key (institution_id, entry_id, account_key),
  constraint entry_terms__entry foreign key (institution_id, entry_id) references ledger_entries (institution_id, entry_id),
  constraint entry_terms__eligible_has_year check (eligible_minor = 0 or contribution_year is not null)
);

-- What a user has moved out, or scheduled, since a recovery began to hold.
create table recovery_hold_sums (
  institution_id       text        not null,
  institution_user_id  text        not null collate "C",
  -- The first transfer of the sum; a sum that is older than the hold counts no more.
  began_at             timestamptz not null,
  moved_minor          bigint      not null,
  constraint recovery_hold_sums__pk primary key (institution_id, institution_user_id),
  constraint recovery_hold_sums__user foreign key (institution_id, institution_user_id)
    references institution_users (institution_id, institution_user_id) on delete cascade,
  constraint recovery_hold_sums__not_negative check (moved_minor >= 0)
) with (fillfactor = 80);

-- Every transfer asks when a reset has set the password last.
create index password_resets__set_at on password_resets (institution_id, institution_user_id, password_set_at)
  where password_set_at is not null;
