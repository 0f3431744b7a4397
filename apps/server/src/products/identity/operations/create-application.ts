import { randomUUID } from 'node:crypto';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import { administer } from '../../../platform/transactions/administer.ts';
import { insertApplication, insertSecret, type NewApplication } from '../store/applications.ts';
import { hashApplicationSecret } from './authenticate-client.ts';

/** Letters and digits: 285 bits. */
export const secretLength = 48;
const clientIdLength = 48;

export interface ApplicationKeys {
  readonly clientId: string;
  /** Nobody can see it again: only its keyed hash is stored. */
  readonly clientSecret: string;
}

/** Registers an application with its first secret. Refused when an institution is not there. */
export async function createApplication(
  { sql, keyRing }: { readonly sql: Sql; readonly keyRing: KeyRing },
  application: Omit<NewApplication, 'clientId'>,
): Promise<Result<ApplicationKeys, 'institutionNotFound'>> {
  return administer(sql, 'applications create', async (change) => {
    const { institutionIds, edition } = application;
    if (!institutionIds.every((institutionId) => change.institutionIds.includes(institutionId)))
      return refuse('institutionNotFound');
    const clientId = randomAlphanumeric(clientIdLength);
    const clientSecret = randomAlphanumeric(secretLength);
    const secretId = randomUUID();
    await insertApplication(change.tx, { ...application, clientId });
    const secretHash = hashApplicationSecret(keyRing, clientId, clientSecret);
    await insertSecret(change.tx, { clientId, secretId, secretHash, createdAt: change.now });
    const details = { name: application.name, edition, grants: application.grants.join(' '), secretId };
    await change.audit(institutionIds, 'application_created', { clientId, details });
    await change.announce('applications_changed', clientId);
    return accept({ clientId, clientSecret });
  });
}
