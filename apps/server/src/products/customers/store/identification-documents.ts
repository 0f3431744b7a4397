import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { type IdentificationDocument, maskDocumentNumber, type NewIdentificationDocument } from '../domain/personal-data.ts';

interface DocumentRow {
  readonly document_id: number;
  readonly document_type: IdentificationDocument['documentType'];
  readonly masked_id: string;
  readonly number_sealed: Buffer;
  readonly issuer_state: string | null;
  readonly issuer_country: string | null;
  readonly issued_date: string | null;
  readonly expiry_date: string | null;
}

function placeOf(institutionId: string, institutionUserId: string, documentId: number) {
  const rowId = `${institutionUserId}/${documentId}`;
  return { institutionId, table: 'identification_documents', column: 'number_sealed', rowId } as const;
}

/** The documents of a user in the order in which they were added. */
export async function listIdentificationDocuments(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
): Promise<IdentificationDocument[]> {
  const rows = await sql<DocumentRow[]>`
    select document_id, document_type, masked_id, number_sealed, issuer_state, issuer_country, issued_date, expiry_date
    from identification_documents where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
    order by document_id`;
  return Promise.all(
    rows.map(async (row) => ({
      documentId: row.document_id,
      documentType: row.document_type,
      maskedId: row.masked_id,
      number: await box.open(placeOf(institutionId, institutionUserId, row.document_id), row.number_sealed),
      issuerState: row.issuer_state ?? undefined,
      issuerCountry: row.issuer_country ?? undefined,
      issuedDate: row.issued_date ?? undefined,
      expiryDate: row.expiry_date ?? undefined,
    })),
  );
}

/** Adds documents after those that the user has. Two callers at once: the later one fails on the primary key. */
export async function insertIdentificationDocuments(
  tx: Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
  documents: readonly NewIdentificationDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const [last] = await tx<{ document_id: number }[]>`
    select coalesce(max(document_id), 0) as document_id from identification_documents
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  const firstId = (last?.document_id ?? 0) + 1;
  await tx`insert into identification_documents ${tx(
    documents.map((document, index) => ({
      institution_id: institutionId,
      institution_user_id: institutionUserId,
      document_id: firstId + index,
      document_type: document.documentType,
      masked_id: maskDocumentNumber(document.number),
      number_sealed: box.seal(placeOf(institutionId, institutionUserId, firstId + index), document.number),
      issuer_state: document.issuerState ?? null,
      issuer_country: document.issuerCountry ?? null,
      issued_date: document.issuedDate ?? null,
      expiry_date: document.expiryDate ?? null,
    })),
  )}`;
}
