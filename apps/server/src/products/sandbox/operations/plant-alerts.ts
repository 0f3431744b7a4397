import type { OpaqueIds } from '../../../core/index.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Tx } from '../../../platform/db/database.ts';
import {
  bindDefaultDestinations,
  type PastParts,
  plantAlertCatalogue,
  plantInstitutionPreferences,
  plantUserPreferences,
  recordPastAlerts,
} from '../../alerts/index.ts';
import { planAlertEvents } from '../domain/demo-alert-events.ts';
import { presumedPreferences, userPreferences } from '../domain/demo-alert-preferences.ts';
import type { DemoBooks } from '../domain/demo-books.ts';
import type { SeedCustomer, SeedInstitution } from '../domain/seed-plan.ts';

/** The starter catalogue, and a destination for every contact method. */
export async function plantAlertCatalogueOf(tx: Tx, institutionId: string, customers: readonly SeedCustomer[]): Promise<void> {
  await plantAlertCatalogue(tx, institutionId);
  await bindDefaultDestinations(
    tx,
    institutionId,
    customers.map(({ institutionUserId }) => institutionUserId),
  );
}

const daysOfReasons = 3;
const dayMs = 86_400_000;

/** What customers want to be told, and what they were told in the last ninety days about the books that were planted. */
export async function plantAlertHistory(
  tx: Tx,
  { ids, ...parts }: PastParts & { readonly ids: OpaqueIds },
  institution: SeedInstitution,
  books: DemoBooks,
  now: Date,
): Promise<void> {
  const { institutionId, timeZone } = institution;
  const accountIdOf = accountIdsOf(ids, institutionId, books);
  await plantInstitutionPreferences(tx, institutionId, presumedPreferences());
  await plantUserPreferences(
    tx,
    institutionId,
    userPreferences(institution).map(({ accountKey, ...preference }) => ({
      ...preference,
      accountId: accountKey === undefined ? undefined : accountIdOf(accountKey),
    })),
  );
  const events = planAlertEvents(institution, books, { now, today: toInstitutionDate(now, timeZone), accountIdOf });
  const keepsDroppedFrom = new Date(now.getTime() - daysOfReasons * dayMs);
  await recordPastAlerts(tx, parts, institutionId, events, { now, keepsDroppedFrom });
}

function accountIdsOf(ids: OpaqueIds, institutionId: string, { accounts }: DemoBooks): (accountKey: bigint) => string {
  const keys = accounts.map(({ accountKey }) => accountKey);
  const encoded = ids.encode(
    'account',
    institutionId,
    keys.map((accountKey) => ({ accountKey, number: 0n })),
  );
  const byKey = new Map(keys.map((key, index) => [key, encoded[index] ?? '']));
  return (accountKey) => byKey.get(accountKey) ?? '';
}
