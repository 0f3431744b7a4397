import type { Sql } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { type RotatedSigningKey, rotateSigningKey } from '../../../platform/keys/signing-key-ring.ts';
import { administer } from '../../../platform/transactions/administer.ts';

/** Makes a new key for signing tokens; tokens that live stay valid. Every institution's log tells of it. */
export async function rotateSigningKeys({
  sql,
  keyRing,
}: {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
}): Promise<RotatedSigningKey> {
  return administer(sql, 'keys rotate', async ({ tx, institutionIds, audit, announce }) => {
    const rotated = await rotateSigningKey(tx, keyRing);
    const { keyId, activatesAt } = rotated;
    await audit(institutionIds, 'signing_key_rotated', { details: { keyId, activatesAt: activatesAt.toISOString() } });
    await announce('signing_keys_changed', keyId);
    return rotated;
  });
}
