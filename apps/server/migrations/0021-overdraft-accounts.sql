-- Whoever deletes an account asks which accounts take from it what they lack; without this, every one of the institution
-- was read for each.
create index accounts__overdraft_account_index on accounts (institution_id, overdraft_account_key)
  where overdraft_account_key is not null;
