import type { LockoutPolicy } from '../../kernel/lockout-policy.ts';
import { accept, type Result, refuse } from '../../kernel/result.ts';
import type { Sql } from '../db/database.ts';
import { administer } from '../transactions/administer.ts';
import { savePolicy } from './save-policy.ts';

/** Sets when failed sign-ins lock a user of an institution. */
export async function setLockoutPolicy(
  sql: Sql,
  institutionId: string,
  { maxFailed, autoUnlockMinutes }: LockoutPolicy,
): Promise<Result<undefined, 'institutionNotFound'>> {
  return administer(sql, 'institutions set-lockout', async ({ tx, institutionIds, audit, announce }) => {
    if (!institutionIds.includes(institutionId)) return refuse('institutionNotFound');
    await savePolicy(tx, institutionId, 'lockout', { maxFailed, autoUnlockMinutes });
    await audit([institutionId], 'institution_changed', { details: { what: 'lockout policy', maxFailed, autoUnlockMinutes } });
    await announce('institution_changed', institutionId);
    return accept(undefined);
  });
}
