import type { Tx } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { personalDataIn } from '../../../platform/personal-data/open-personal-data.ts';
import { insertIdentificationDocuments, savePersonalData } from '../../customers/index.ts';
import { demoPersonalData } from '../domain/demo-personal-data.ts';
import type { SeedCustomer } from '../domain/seed-plan.ts';

/** Gives every seeded customer its personal data, under keys of the institution. */
export async function plantPersonalData(
  tx: Tx,
  keyRing: KeyRing,
  institutionId: string,
  customers: readonly SeedCustomer[],
): Promise<void> {
  const box = await personalDataIn(tx, keyRing, institutionId);
  for (const [index, { institutionUserId, userType }] of customers.entries()) {
    const { documents, ...personal } = demoPersonalData(institutionId, index, userType);
    await savePersonalData(tx, box, institutionId, institutionUserId, personal);
    await insertIdentificationDocuments(tx, box, institutionId, institutionUserId, documents);
  }
}
