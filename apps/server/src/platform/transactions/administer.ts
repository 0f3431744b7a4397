import { type ActivityDetails, type ActivityKind, recordActivity } from '../audit/record-activity.ts';
import { announceChanges, type ChangeTopic, reloadKeptMs } from '../change-feed/change-feed.ts';
import type { Sql, Tx } from '../db/database.ts';
import { systemClock } from '../institutions/clock.ts';
import { openInstitutionDirectory } from '../institutions/institution-directory.ts';

/** A change by the operator of the installation, over no request: it may touch several institutions. */
export interface Administration {
  readonly tx: Tx;
  /** Real time, for what does not follow an institution's clock: secrets, keys. */
  readonly now: Date;
  /** Every institution there was when the change began. */
  readonly institutionIds: readonly string[];
  /** One row in the log of each given institution. */
  audit(
    institutionIds: readonly string[],
    kind: ActivityKind,
    about: { readonly clientId?: string | undefined; readonly details: ActivityDetails },
  ): Promise<void>;
  /** Makes every process read again what it holds in memory. */
  announce(topic: ChangeTopic, subject: string): Promise<void>;
}

/**
 * Runs a change in one transaction: data, activity rows and announcements become visible together or not at all.
 * @param operation What the activity log shows as the cause.
 */
export async function administer<Value>(
  sql: Sql,
  operation: string,
  work: (change: Administration) => Promise<Value>,
): Promise<Value> {
  const directory = await openInstitutionDirectory(sql);
  const now = new Date();
  const timeIn = (institutionId: string): Date => {
    const institution = directory.find(institutionId);
    return institution === undefined ? now : systemClock.now(institution);
  };
  const outcome = await sql.begin(async (tx) => {
    const value = await work({
      tx,
      now,
      institutionIds: directory.all().map(({ institutionId }) => institutionId),
      audit: async (institutionIds, kind, { clientId, details }) => {
        for (const institutionId of institutionIds) {
          await recordActivity(tx, { institutionId, occurredAt: timeIn(institutionId), kind, clientId, operation, details });
        }
      },
      announce: (topic, subject) =>
        announceChanges(tx, [
          {
            topic,
            institutionId: topic === 'institution_changed' ? subject : undefined,
            subject,
            expiresAt: new Date(now.getTime() + reloadKeptMs),
          },
        ]),
    });
    return { value };
  });
  return outcome.value;
}
