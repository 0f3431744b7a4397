-- How far the books of an institution have come with what every month brings: interest, statements, due dates.

create table ledger_months (
  institution_id    text   not null,
  -- The last day of the last month that is closed for all accounts.
  closed_through    date   not null,
  -- While the month after it is being closed: the account up to which it is.
  done_account_key  bigint not null default 0,
  constraint ledger_months__pk primary key (institution_id),
  constraint ledger_months__institution foreign key (institution_id) references institutions (institution_id),
  constraint ledger_months__month_end check (extract(day from closed_through + 1) = 1)
);
