import { createHmac, type KeyObject } from 'node:crypto';
import type { Sql, Tx } from '../db/database.ts';

/**
 * How the activity log is sealed: every row's seal is an HMAC over the seal of the row before it and the row's own text.
 * Whoever changes, removes or moves a row breaks every seal from there on, and cannot make new ones without the key.
 */

/** A row as it is sealed: everything in the database's own text form, so that nothing is lost on the way. */
export interface SealableRow {
  readonly activity_id: bigint;
  readonly text: string;
}

export const firstSeal = Buffer.alloc(32);

export function sealOf(key: KeyObject, previousSeal: Uint8Array, row: SealableRow): Buffer {
  return createHmac('sha256', key).update(previousSeal).update(row.text).digest();
}

/** Authenticates that this batch is the newest of the institution. */
export function headMacOf(key: KeyObject, institutionId: string, batchNumber: bigint, seal: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`head ${institutionId} ${batchNumber} `).update(seal).digest();
}

/** The columns that are sealed, as one text with unambiguous borders. */
export function sealedText(sql: Pick<Sql | Tx, 'unsafe'>) {
  return sql.unsafe(
    `json_build_array(institution_id, activity_id, occurred_at::text, recorded_at::text, kind, institution_user_id, client_id, operation, trace_id, address, details::text)::text`,
  );
}
