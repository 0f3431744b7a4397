import { accept, type Result, refuse } from '../../kernel/result.ts';
import { beginActivityLog } from '../audit/seal-activities.ts';
import type { Sql } from '../db/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { administer } from '../transactions/administer.ts';

export interface NewInstitution {
  /** Five digits. */
  readonly institutionId: string;
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Adds an institution with default policies; every running process serves it within a second. */
export async function createInstitution(
  sql: Sql,
  keyRing: KeyRing,
  { institutionId, name, timeZone }: NewInstitution,
): Promise<Result<undefined, 'institutionExists'>> {
  return administer(sql, 'institutions create', async ({ tx, audit, announce }) => {
    const added = await tx`
      insert into institutions (institution_id, name, time_zone) values (${institutionId}, ${name}, ${timeZone})
      on conflict (institution_id) do nothing returning 1`;
    if (added.length === 0) return refuse('institutionExists');
    await beginActivityLog(tx, keyRing, institutionId);
    await audit([institutionId], 'institution_created', { details: { name, timeZone } });
    await announce('institution_changed', institutionId);
    return accept(undefined);
  });
}
