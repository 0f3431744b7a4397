-- Search of the activity log: newest first within a stretch of time, of the whole institution or of one user.

create index activities__time on activities (institution_id, occurred_at desc, activity_id desc);

-- Rows of one user are looked for by time, never by id alone.
create index activities__user_time on activities (institution_id, institution_user_id, occurred_at desc, activity_id desc)
  where institution_user_id is not null;
drop index activities__user;
