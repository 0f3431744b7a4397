import { announceChanges } from '@openbranch/server/platform/change-feed/change-feed';
import type { TestApp } from './test-app.ts';
import type { ApplicationColumns } from './test-application.ts';

/** Changes a registered application; running programs learn of it within a second, so wait for the effect. */
export async function changeApplication(app: TestApp, clientId: string, columns: ApplicationColumns): Promise<void> {
  await app.database.sql.begin(async (tx) => {
    await tx`update applications set ${tx({ ...columns })} where client_id = ${clientId}`;
    const expiresAt = new Date(Date.now() + 60_000);
    await announceChanges(tx, [{ topic: 'applications_changed', institutionId: undefined, subject: clientId, expiresAt }]);
  });
}
