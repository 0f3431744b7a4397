import { wipeMessages } from '../delivery/message-store.ts';
import type { Write } from '../transactions/unit-of-work.ts';
import { lockDataKeys } from './data-key-rows.ts';
import { dataKeysChanged } from './data-keys-changed.ts';

/**
 * Destroys every key of an institution: what they have sealed can never be read again, wherever a copy of it lies,
 * unless a copy of this table from before is kept as well. Stored answers of registrations and the words of messages go
 * too; what was not sent yet is never sent. A later write makes new keys.
 * @returns How many keys were destroyed.
 */
export async function destroyDataKeys(write: Write, institutionId: string): Promise<number> {
  await lockDataKeys(write.sql, institutionId);
  const rows = await write.sql`
    update data_keys
    set wrapped_key = null, destroyed_at = clock_timestamp(), retired_at = coalesce(retired_at, clock_timestamp())
    where institution_id = ${institutionId} and destroyed_at is null
    returning 1`;
  await write.sql`delete from replays where institution_id = ${institutionId}`;
  await wipeMessages(write.sql, institutionId);
  await write.audit('data_keys_destroyed', { details: { count: rows.length } });
  await write.announce(dataKeysChanged(institutionId));
  return rows.length;
}
