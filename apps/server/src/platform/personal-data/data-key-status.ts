import type { Sql } from '../db/database.ts';
import type { DataKeyPurpose } from './data-key-rows.ts';
import { countSealedValues } from './sealed-values.ts';

export interface DataKeyStatus {
  readonly keyNumber: number;
  readonly purpose: DataKeyPurpose;
  readonly state: 'current' | 'retired' | 'destroyed';
  readonly createdAt: Date;
  /** Values that it holds; of an index key undefined. */
  readonly values: number | undefined;
}

/** The keys of an institution, oldest first. The values under retired keys are what is left to encrypt again. */
export async function readDataKeyStatus(sql: Sql, institutionId: string): Promise<readonly DataKeyStatus[]> {
  const rows = await sql<
    { key_number: number; purpose: DataKeyPurpose; created_at: Date; retired_at: Date | null; destroyed_at: Date | null }[]
  >`
    select key_number, purpose, created_at, retired_at, destroyed_at from data_keys
    where institution_id = ${institutionId} order by key_number`;
  const counts = await countSealedValues(sql, institutionId);
  return rows.map((row) => ({
    keyNumber: row.key_number,
    purpose: row.purpose,
    state: row.destroyed_at !== null ? 'destroyed' : row.retired_at !== null ? 'retired' : 'current',
    createdAt: row.created_at,
    values: row.purpose === 'index' ? undefined : (counts.get(row.key_number) ?? 0),
  }));
}
