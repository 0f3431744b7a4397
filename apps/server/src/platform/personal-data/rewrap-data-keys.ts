import { SetupError } from '../db/setup-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Write } from '../work/unit-of-work.ts';
import { type DataKeyPurpose, lockDataKeys, tryUnwrapDataKey, wrapDataKey } from './data-key-rows.ts';

/**
 * Wraps the data keys of an institution under a new master key. The values under them stay as they are. A key that is
 * wrapped under the new master key already is left alone, so that the command may be repeated.
 * @returns How many keys it wrapped.
 * @throws SetupError when neither master key opens one of them.
 */
export async function rewrapDataKeys(write: Write, from: KeyRing, to: KeyRing, institutionId: string): Promise<number> {
  await lockDataKeys(write.sql, institutionId);
  const rows = await write.sql<{ key_number: number; purpose: DataKeyPurpose; wrapped_key: Buffer }[]>`
    select key_number, purpose, wrapped_key from data_keys
    where institution_id = ${institutionId} and wrapped_key is not null order by key_number`;
  let count = 0;
  for (const row of rows) {
    const name = { institutionId, keyNumber: row.key_number, purpose: row.purpose };
    if (tryUnwrapDataKey(to, name, row.wrapped_key) !== undefined) continue;
    const plain = tryUnwrapDataKey(from, name, row.wrapped_key);
    if (plain === undefined)
      throw new SetupError(
        `Data key ${row.key_number} of institution ${institutionId} is wrapped under neither the old nor the new master key: check OPENBRANCH_OLD_MASTER_KEY.`,
      );
    await write.sql`
      update data_keys set wrapped_key = ${wrapDataKey(to, name, plain)}
      where institution_id = ${institutionId} and key_number = ${row.key_number}`;
    count += 1;
  }
  if (count > 0) await write.audit('data_keys_rewrapped', { details: { count } });
  return count;
}
