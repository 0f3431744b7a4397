-- Messages are written a few times and looked for in few ways: each index holds only what somebody asks it for.

-- Single messages that are due; those in bulk have an index of their own.
drop index messages__due;
create index messages__due on messages (institution_id, next_attempt_at)
  where status in ('queued', 'sending', 'failed') and not is_bulk;

-- What is due in bulk, by channel: a channel whose provider is away keeps back no other.
drop index messages__bulk_due;
create index messages__bulk_due on messages (institution_id, channel, next_attempt_at)
  where is_bulk and status in ('queued', 'sending', 'failed');

-- The inbox of a sandbox. Elsewhere the words go when a message is sent, and these are empty.
drop index messages__newest;
create index messages__newest on messages (institution_id, recorded_at desc, message_id)
  where status = 'sent' and content_sealed is not null;
drop index messages__recipient;
create index messages__recipient on messages (institution_id, recipient_index, recorded_at desc)
  where status = 'sent' and content_sealed is not null;

-- Dead letters, of which there are few among all that was sent.
create index messages__dead on messages (institution_id, finished_at) where status = 'dead';
