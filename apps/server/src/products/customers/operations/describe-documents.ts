import type { Filter } from '../../../kernel/odata-filter.ts';
import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { encryptToKey } from '../../../platform/keys/encrypt-to-key.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import type { IdentificationDocument } from '../domain/personal-data.ts';
import { findDocumentPublicKey } from '../store/document-keys.ts';
import { listIdentificationDocuments } from '../store/identification-documents.ts';
import { documentRow, filterRows } from './expanded-rows.ts';

interface DescribedDocument {
  readonly id: string;
  readonly maskedId: string;
  readonly identificationDocumentType: IdentificationDocument['documentType'];
}

/** Documents whose numbers can no longer be read are left out: there is nothing to encrypt. */
export async function describeDocuments(
  sql: Sql,
  box: PersonalDataBox,
  { institutionId, institutionUserId }: InstitutionUser,
  filter: Filter | undefined,
): Promise<Result<DescribedDocument[], 'encryptionKeyMissing'>> {
  const publicKey = await findDocumentPublicKey(sql, institutionId);
  if (publicKey === undefined) return refuse('encryptionKeyMissing');
  const documents = await listIdentificationDocuments(sql, box, institutionId, institutionUserId);
  return accept(
    filterRows(documents, filter, documentRow).flatMap(({ number, maskedId, documentType }) =>
      number === undefined ? [] : [{ id: encryptToKey(publicKey, number), maskedId, identificationDocumentType: documentType }],
    ),
  );
}
