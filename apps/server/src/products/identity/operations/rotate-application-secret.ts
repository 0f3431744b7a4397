import { randomUUID } from 'node:crypto';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import { administer } from '../../../platform/transactions/administer.ts';
import { insertSecret, listLiveSecrets, lockApplication, saveSecretExpiry } from '../store/applications.ts';
import { hashApplicationSecret } from './authenticate-client.ts';
import { type ApplicationKeys, secretLength } from './create-application.ts';

export interface RotatedSecret extends ApplicationKeys {
  /** Until when the secret before opens too; undefined when there was none. */
  readonly previousExpiresAt: Date | undefined;
}

/**
 * Gives an application a new secret. The newest of its live secrets opens for `overlapMs` longer, or to its own end when that is
 * earlier; all others end now, so that never more than two are live.
 */
export async function rotateApplicationSecret(
  { sql, keyRing }: { readonly sql: Sql; readonly keyRing: KeyRing },
  clientId: string,
  overlapMs: number,
): Promise<Result<RotatedSecret, 'applicationNotFound'>> {
  return administer(sql, 'applications rotate-secret', async ({ tx, now, audit, announce }) => {
    const application = await lockApplication(tx, clientId);
    if (application === undefined) return refuse('applicationNotFound');
    const [previous, ...older] = await listLiveSecrets(tx, clientId, now);
    const overlapEnd = new Date(now.getTime() + overlapMs);
    const previousExpiresAt =
      previous?.expiresAt !== undefined && previous.expiresAt < overlapEnd ? previous.expiresAt : overlapEnd;
    if (previous !== undefined) await saveSecretExpiry(tx, clientId, previous.secretId, previousExpiresAt);
    for (const { secretId } of older) await saveSecretExpiry(tx, clientId, secretId, now);
    const clientSecret = randomAlphanumeric(secretLength);
    const secretId = randomUUID();
    const secretHash = hashApplicationSecret(keyRing, clientId, clientSecret);
    await insertSecret(tx, { clientId, secretId, secretHash, createdAt: now });
    await audit(application.institutionIds, 'application_secret_rotated', {
      clientId,
      details: {
        secretId,
        previousSecretId: previous?.secretId ?? null,
        previousExpiresAt: previous === undefined ? null : previousExpiresAt.toISOString(),
      },
    });
    await announce('applications_changed', clientId);
    return accept({ clientId, clientSecret, previousExpiresAt: previous === undefined ? undefined : previousExpiresAt });
  });
}
