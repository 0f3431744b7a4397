import type { LockoutPolicy } from '../../kernel/lockout-policy.ts';
import type { Tx } from '../db/database.ts';

export async function saveLockoutPolicy(
  tx: Tx,
  institutionId: string,
  { maxFailed, autoUnlockMinutes }: LockoutPolicy,
): Promise<void> {
  await tx`
    update institutions set policies = policies || ${tx.json({ lockout: { maxFailed, autoUnlockMinutes } })}
    where institution_id = ${institutionId}`;
}
