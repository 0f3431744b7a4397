import type { Tx } from '../db/database.ts';
import { SetupError } from '../db/setup-error.ts';
import type { KeyRing } from './key-ring.ts';
import { open, seal } from './sealed-box.ts';

/**
 * Seals the keys that sign tokens under a new master key, in the caller's transaction; those that are under it already
 * are left alone.
 * @throws SetupError when neither master key opens one of them.
 */
export async function rewrapSigningKeys(tx: Tx, old: KeyRing, next: KeyRing): Promise<void> {
  const rows = await tx<{ key_id: string; private_key_sealed: Buffer }[]>`
    select key_id, private_key_sealed from signing_keys for update`;
  for (const { key_id: keyId, private_key_sealed: sealed } of rows) {
    if (tryOpen(next, keyId, sealed) !== undefined) continue;
    const plain = tryOpen(old, keyId, sealed);
    if (plain === undefined)
      throw new SetupError(
        'A signing key is sealed under neither the old nor the new master key: check OPENBRANCH_OLD_MASTER_KEY.',
      );
    await tx`
      update signing_keys set private_key_sealed = ${seal(next.key('signing-key'), keyId, plain)} where key_id = ${keyId}`;
  }
}

function tryOpen(keyRing: KeyRing, keyId: string, sealed: Buffer): Buffer | undefined {
  try {
    return open(keyRing.key('signing-key'), keyId, sealed);
  } catch {
    return undefined;
  }
}
