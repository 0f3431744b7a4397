import type { Sql, Tx } from '../../../platform/db/database.ts';

export async function insertDocumentKey(
  tx: Tx,
  institutionId: string,
  { publicKey, privateKeySealed }: { readonly publicKey: string; readonly privateKeySealed: Buffer },
): Promise<void> {
  await tx`
    insert into institution_document_keys (institution_id, public_key, private_key_sealed)
    values (${institutionId}, ${publicKey}, ${privateKeySealed})`;
}

/** Undefined when the institution has no key, or keeps its private half to itself. */
export async function findSealedDocumentKey(sql: Sql, institutionId: string): Promise<Buffer | undefined> {
  const [row] = await sql<{ private_key_sealed: Buffer | null }[]>`
    select private_key_sealed from institution_document_keys where institution_id = ${institutionId}`;
  return row?.private_key_sealed ?? undefined;
}
