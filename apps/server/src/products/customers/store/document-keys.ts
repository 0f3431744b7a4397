import type { Sql, Tx } from '../../../platform/db/database.ts';

/** The key that numbers of identification documents are encrypted to: SPKI, PEM. */
export async function findDocumentPublicKey(sql: Sql | Tx, institutionId: string): Promise<string | undefined> {
  const [row] = await sql<{ public_key: string }[]>`
    select public_key from institution_document_keys where institution_id = ${institutionId}`;
  return row?.public_key;
}
