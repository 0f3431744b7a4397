import type { Sql } from '../db/database.ts';
import { SetupError } from '../db/setup-error.ts';
import { systemClock } from '../institutions/clock.ts';
import { openInstitutionDirectory } from '../institutions/institution-directory.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { createRunWrite, type Write } from '../transactions/unit-of-work.ts';
import { type DataKeyStatus, readDataKeyStatus } from './data-key-status.ts';
import { destroyDataKeys } from './destroy-data-keys.ts';
import { rotateDataKey } from './rotate-data-key.ts';

/** What operators do to data keys beside a running server or without one; servers learn of it by the change feed. */
export interface DataKeyPlatform {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
}

/** @throws SetupError when there is no such institution. @returns The number of the new key. */
export function rotateDataKeyOf({ sql, keyRing }: DataKeyPlatform, institutionId: string): Promise<number> {
  return inInstitution(sql, institutionId, 'data-keys rotate', (write) => rotateDataKey(write, keyRing, institutionId));
}

/** @throws SetupError when there is no such institution. @returns How many keys were destroyed. */
export async function destroyDataKeysOf({ sql }: DataKeyPlatform, institutionId: string): Promise<number> {
  const count = await inInstitution(sql, institutionId, 'data-keys destroy', (write) => destroyDataKeys(write, institutionId));
  // The old version of the rows still lies in the file of the table until it is written anew.
  await sql`vacuum full data_keys`;
  return count;
}

/** @throws SetupError when there is no such institution. */
export async function dataKeyStatusOf(
  { sql }: DataKeyPlatform,
  institutionId: string | undefined,
): Promise<readonly { readonly institutionId: string; readonly keys: readonly DataKeyStatus[] }[]> {
  const directory = await openInstitutionDirectory(sql);
  const one = institutionId === undefined ? undefined : directory.find(institutionId);
  if (institutionId !== undefined && one === undefined) throw noSuchInstitution(institutionId);
  const institutions = one === undefined ? directory.all() : [one];
  return Promise.all(
    institutions.map(async (institution) => ({
      institutionId: institution.institutionId,
      keys: await readDataKeyStatus(sql, institution.institutionId),
    })),
  );
}

async function inInstitution<Value>(
  sql: Sql,
  institutionId: string,
  operation: string,
  work: (write: Write) => Promise<Value>,
): Promise<Value> {
  const institution = (await openInstitutionDirectory(sql)).find(institutionId);
  if (institution === undefined) throw noSuchInstitution(institutionId);
  const runWrite = createRunWrite(sql, { apply: async () => undefined });
  return runWrite({ institutionId, now: systemClock.now(institution), operation }, work);
}

function noSuchInstitution(institutionId: string): SetupError {
  return new SetupError(`There is no institution ${institutionId}: \`openbranch data-keys status\` lists them.`);
}
