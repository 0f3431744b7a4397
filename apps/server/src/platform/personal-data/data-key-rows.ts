import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Sql, Tx } from '../db/database.ts';
import { SetupError } from '../db/setup-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { open, seal } from '../keys/sealed-box.ts';
import type { InstitutionKeys } from './institution-keys.ts';

export type DataKeyPurpose = 'data' | 'index';

interface DataKeyRow {
  readonly key_number: number;
  readonly purpose: DataKeyPurpose;
  readonly wrapped_key: Buffer | null;
  readonly is_current: boolean;
  readonly is_settled: boolean;
}

const keyLength = 32;

/** Holds every change of the keys of an institution until the transaction ends. */
export async function lockDataKeys(tx: Tx, institutionId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`openbranch data keys ${institutionId}`}, 0))`;
}

/**
 * Reads and unwraps the keys of an institution.
 * @throws SetupError when a key was wrapped under another master key.
 */
export async function loadInstitutionKeys(sql: Sql | Tx, keyRing: KeyRing, institutionId: string): Promise<InstitutionKeys> {
  const rows = await sql<DataKeyRow[]>`
    select key_number, purpose, wrapped_key, retired_at is null as is_current,
      greatest(created_at, retired_at, destroyed_at) < transaction_timestamp() as is_settled
    from data_keys where institution_id = ${institutionId} order by key_number`;
  const readable = new Map<number, KeyObject>();
  const destroyed = new Set<number>();
  let current: InstitutionKeys['current'];
  let index: KeyObject | undefined;
  for (const row of rows) {
    if (row.wrapped_key === null) {
      if (row.purpose === 'data') destroyed.add(row.key_number);
      continue;
    }
    const key = unwrap(keyRing, institutionId, row, row.wrapped_key);
    if (row.purpose === 'index') {
      if (row.is_current) index = key;
      continue;
    }
    readable.set(row.key_number, key);
    if (row.is_current) current = { keyNumber: row.key_number, key };
  }
  return { current, readable, destroyed, index, isSettled: rows.every((row) => row.is_settled) };
}

/** Makes the keys that the institution lacks, under its lock. @returns true when it made one. */
export async function makeMissingKeys(tx: Tx, keyRing: KeyRing, institutionId: string): Promise<boolean> {
  await lockDataKeys(tx, institutionId);
  const rows = await tx<{ purpose: DataKeyPurpose }[]>`
    select purpose from data_keys where institution_id = ${institutionId} and retired_at is null`;
  const present = new Set(rows.map((row) => row.purpose));
  const missing = (['data', 'index'] as const).filter((purpose) => !present.has(purpose));
  for (const purpose of missing) await insertDataKey(tx, keyRing, institutionId, purpose);
  return missing.length > 0;
}

/** The caller holds the lock of the institution's keys. @returns The number of the new key. */
export async function insertDataKey(tx: Tx, keyRing: KeyRing, institutionId: string, purpose: DataKeyPurpose): Promise<number> {
  const [last] = await tx<{ key_number: number }[]>`
    select coalesce(max(key_number), 0) as key_number from data_keys where institution_id = ${institutionId}`;
  const keyNumber = (last?.key_number ?? 0) + 1;
  const wrapped = wrapDataKey(keyRing, { institutionId, keyNumber, purpose }, randomBytes(keyLength));
  await tx`
    insert into data_keys (institution_id, key_number, purpose, wrapped_key, created_at)
    values (${institutionId}, ${keyNumber}, ${purpose}, ${wrapped}, clock_timestamp())`;
  return keyNumber;
}

interface DataKeyName {
  readonly institutionId: string;
  readonly keyNumber: number;
  readonly purpose: DataKeyPurpose;
}

function wrapDataKey(keyRing: KeyRing, name: DataKeyName, plainKey: Uint8Array): Buffer {
  return seal(keyRing.key('data-key'), contextOf(name), plainKey);
}

/** Undefined when it was wrapped under another master key. */
function tryUnwrapDataKey(keyRing: KeyRing, name: DataKeyName, wrapped: Uint8Array): Buffer | undefined {
  try {
    return open(keyRing.key('data-key'), contextOf(name), wrapped);
  } catch {
    return undefined;
  }
}

function unwrap(keyRing: KeyRing, institutionId: string, row: DataKeyRow, wrapped: Buffer): KeyObject {
  const plain = tryUnwrapDataKey(keyRing, { institutionId, keyNumber: row.key_number, purpose: row.purpose }, wrapped);
  if (plain !== undefined) return createSecretKey(plain);
  throw new SetupError(
    `Data key ${row.key_number} of institution ${institutionId} was wrapped under another master key: set the right OPENBRANCH_MASTER_KEY.`,
  );
}

function contextOf({ institutionId, keyNumber, purpose }: DataKeyName): string {
  return `data key/${institutionId}/${purpose}/${keyNumber}`;
}
