import { emptyBooksInPieces } from '../../../core/index.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { deleteAlertDataInPieces } from '../../alerts/index.ts';
import { deletePeopleInPieces, deleteTrafficInPieces } from '../store/seed-rows.ts';

/**
 * Empties an institution that is switched off and too large for one transaction. Whatever is deleted is of no use to
 * anybody by then, so that it may stop at any point and be begun again.
 * @param endTokens When nothing but its people is left. Their tokens go with them, and must not outlive them anywhere.
 */
export async function emptyInPieces(sql: Sql, institutionId: string, endTokens: () => Promise<void>): Promise<void> {
  for (const empty of [deleteAlertDataInPieces, deleteTrafficInPieces, emptyBooksInPieces])
    if (!(await empty(sql, institutionId))) return;
  await endTokens();
  await deletePeopleInPieces(sql, institutionId);
}
