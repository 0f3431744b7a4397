import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { administer } from '../../../platform/transactions/administer.ts';
import { lockApplication, type RegisteredApplication, saveEnabled } from '../store/applications.ts';

/**
 * Switches an application on or off. While it is off, it gets no token and its tokens open nothing; switching it on again gives
 * back those that have not expired.
 */
export async function setApplicationEnabled(
  sql: Sql,
  clientId: string,
  isEnabled: boolean,
): Promise<Result<RegisteredApplication, 'applicationNotFound'>> {
  const operation = `applications ${isEnabled ? 'enable' : 'disable'}`;
  return administer(sql, operation, async ({ tx, audit, announce }) => {
    const application = await lockApplication(tx, clientId);
    if (application === undefined) return refuse('applicationNotFound');
    if (application.isEnabled === isEnabled) return accept(application);
    await saveEnabled(tx, clientId, isEnabled);
    const kind = isEnabled ? 'application_enabled' : 'application_disabled';
    await audit(application.institutionIds, kind, { clientId, details: { name: application.name } });
    await announce('applications_changed', clientId);
    return accept({ ...application, isEnabled });
  });
}
