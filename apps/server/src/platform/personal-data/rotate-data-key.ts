import type { KeyRing } from '../keys/key-ring.ts';
import type { Write } from '../transactions/unit-of-work.ts';
import { insertDataKey, lockDataKeys } from './data-key-rows.ts';
import { dataKeysChanged } from './data-keys-changed.ts';

/**
 * Makes a new data key, which seals from now on. The older ones go on opening what they have sealed; background work
 * encrypts that again.
 * @returns The number of the new key.
 */
export async function rotateDataKey(write: Write, keyRing: KeyRing, institutionId: string): Promise<number> {
  await lockDataKeys(write.sql, institutionId);
  await write.sql`
    update data_keys set retired_at = clock_timestamp()
    where institution_id = ${institutionId} and purpose = 'data' and retired_at is null`;
  const keyNumber = await insertDataKey(write.sql, keyRing, institutionId, 'data');
  await write.audit('data_key_rotated', { details: { keyNumber } });
  await write.announce(dataKeysChanged(institutionId));
  return keyNumber;
}
