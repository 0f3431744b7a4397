-- Schedules of a user are counted before one more is taken, and the newest of an institution are listed.

create index transfer_schedules__active_of_user on transfer_schedules (institution_id, institution_user_id) where status = 'ACTIVE';
create index transfer_schedules__newest on transfer_schedules (institution_id, created_at desc, schedule_id);
