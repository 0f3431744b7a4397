import { createHash, timingSafeEqual } from 'node:crypto';
import { scopes } from '@openbranch/contract/scopes';
import { createLedger, createOpaqueIds, emptyBooks, type OpaqueIds } from '../../../core/index.ts';
import { defaultLockoutPolicy } from '../../../kernel/lockout-policy.ts';
import { beginActivityLog, lockActivityLog } from '../../../platform/audit/seal-activities.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { toAlphanumeric } from '../../../platform/keys/random-text.ts';
import type { PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import { createListAccountUsers } from '../../accounts/index.ts';
import { deleteAlertData } from '../../alerts/index.ts';
import { hashApplicationSecret } from '../../identity/index.ts';
import { planSeed, type SeedCustomer, type SeedInstitution } from '../domain/seed-plan.ts';
import { insertDocumentKey } from '../store/document-key-rows.ts';
import { findWithoutBooks, lockPlanting } from '../store/seed-book-rows.ts';
import {
  deleteInstitutionData,
  hasInstitutions,
  insertApplication,
  insertCustomers,
  insertInstitution,
  lockSeeding,
} from '../store/seed-rows.ts';
import { makeDocumentKeyPair } from './document-keys.ts';
import { plantAlertCatalogueOf, plantAlertHistory } from './plant-alerts.ts';
import { plantBooks } from './plant-books.ts';
import { plantContactData } from './plant-contact-data.ts';
import { plantDisclosures } from './plant-disclosures.ts';
import { plantPersonalData } from './plant-personal-data.ts';

/**
 * The seed of a sandbox. Identifiers and people are the same everywhere; secrets and passwords are derived from the
 * master key, so they are random for each installation and yet need not be stored to be shown or restored.
 */
export interface SandboxSeed {
  readonly institutions: readonly SeedInstitution[];
  /** Seeds an empty database. @returns false when there are institutions already. */
  plant(sql: Sql, now: Date): Promise<boolean>;
  /**
   * Gives seeded institutions whose core is empty their accounts and two years of transactions, up to `now`.
   * @returns false when there was nothing to do.
   */
  plantBooks(sql: Sql, now: Date): Promise<boolean>;
  /** Puts the customers of an institution back; its other data go. */
  replant(tx: Tx, institutionId: string, passwords: readonly PasswordOf[], now: Date): Promise<void>;
  /** Hashes the seeded passwords of an institution; outside a transaction, since it takes a while. */
  hashPasswords(institutionId: string): Promise<readonly PasswordOf[]>;
  readonly sandboxKey: string;
  isSandboxKey(key: string): boolean;
  secretOf(clientId: string): string;
  passwordOf(customer: SeedCustomer): string;
  /** Public ids of accounts, transactions and images. */
  readonly ids: OpaqueIds;
}

type PasswordOf = Awaited<ReturnType<PasswordHasher['hash']>>;

export interface SeedOptions {
  /** Customers have accounts and transactions. Default true; tests that need none are faster without. */
  readonly hasBooks?: boolean;
}

export function createSandboxSeed(keyRing: KeyRing, hasher: PasswordHasher, options: SeedOptions = {}): SandboxSeed {
  const hasBooks = options.hasBooks ?? true;
  const ids = createOpaqueIds(keyRing);
  const listAccountUsers = createListAccountUsers(createLedger());
  const accountIdOf = (institutionId: string, accountKey: bigint): string =>
    ids.encodeOne('account', institutionId, { accountKey, number: 0n });
  const institutions = planSeed(deriveId, Object.keys(scopes), accountIdOf);
  // 32 letters from each derivation: 190 bits.
  const derive = (name: string): string => toAlphanumeric(keyRing.hmac('sandbox', name));
  const sandboxKey = derive('control key');
  // 48 letters are 285 bits.
  const secretOf = (clientId: string): string =>
    derive(`secret ${clientId}`) + derive(`secret, second part ${clientId}`).slice(0, 16);
  const passwordOf = ({ institutionUserId }: SeedCustomer): string => `${derive(`password ${institutionUserId}`).slice(0, 16)}a1`;
  const customersOf = (institutionId: string): readonly SeedCustomer[] =>
    institutions.find((institution) => institution.institutionId === institutionId)?.customers ?? [];
  const hashPasswords = (institutionId: string) =>
    Promise.all(customersOf(institutionId).map((customer) => hasher.hash(passwordOf(customer))));
  const { maxFailed } = defaultLockoutPolicy;
  const plantBooksWithAlerts = async (tx: Tx, institution: SeedInstitution, now: Date): Promise<void> => {
    const books = await plantBooks(tx, institution, now);
    await plantAlertHistory(tx, { ids, keyRing, listAccountUsers }, institution, books, now);
  };

  return {
    institutions,
    hashPasswords,
    sandboxKey,
    isSandboxKey: (key) =>
      timingSafeEqual(createHash('sha256').update(key).digest(), createHash('sha256').update(sandboxKey).digest()),
    secretOf,
    passwordOf,
    ids,
    plant: async (sql, now) => {
      if (await sql.begin(hasInstitutions)) return false;
      const [passwords, documentKeys] = await Promise.all([
        Promise.all(institutions.map(({ institutionId }) => hashPasswords(institutionId))),
        Promise.all(institutions.map(({ institutionId }) => makeDocumentKeyPair(keyRing, institutionId))),
      ]);
      return sql.begin(async (tx) => {
        await lockSeeding(tx);
        if (await hasInstitutions(tx)) return false;
        for (const [index, institution] of institutions.entries()) {
          await insertInstitution(tx, institution);
          await beginActivityLog(tx, keyRing, institution.institutionId);
          for (const application of institution.applications) {
            const { clientId } = application;
            const secretHash = hashApplicationSecret(keyRing, clientId, secretOf(clientId));
            await insertApplication(tx, institution.institutionId, application, secretHash, now);
          }
          await insertCustomers(tx, institution.institutionId, institution.customers, passwords[index] ?? [], now, maxFailed);
          await plantPersonalData(tx, keyRing, institution.institutionId, institution.customers);
          await plantContactData(tx, keyRing, institution.institutionId, institution.customers, now);
          await plantDisclosures(tx, institution, now);
          await plantAlertCatalogueOf(tx, institution.institutionId, institution.customers);
          const documentKey = documentKeys[index];
          if (documentKey !== undefined) await insertDocumentKey(tx, institution.institutionId, documentKey);
        }
        return true;
      });
    },
    plantBooks: async (sql, now) => {
      const empty = hasBooks
        ? await findWithoutBooks(
            sql,
            institutions.map(({ institutionId }) => institutionId),
          )
        : [];
      const planted = institutions
        .filter(({ institutionId }) => empty.includes(institutionId))
        .map((institution) => plantOnce(sql, institution, (tx) => plantBooksWithAlerts(tx, institution, now)));
      return (await Promise.all(planted)).includes(true);
    },
    replant: async (tx, institutionId, passwords, now) => {
      await lockActivityLog(tx, institutionId);
      await emptyBooks(tx, institutionId);
      await deleteAlertData(tx, institutionId);
      await deleteInstitutionData(tx, institutionId);
      await beginActivityLog(tx, keyRing, institutionId);
      const institution = institutions.find((one) => one.institutionId === institutionId);
      if (institution === undefined) return;
      const { customers } = institution;
      await insertCustomers(tx, institutionId, customers, passwords, now, maxFailed);
      await plantPersonalData(tx, keyRing, institutionId, customers);
      await plantContactData(tx, keyRing, institutionId, customers, now);
      await plantDisclosures(tx, institution, now);
      await plantAlertCatalogueOf(tx, institutionId, customers);
      if (hasBooks) await plantBooksWithAlerts(tx, institution, now);
    },
  };
}

/** Of several processes that start at once one does it. */
async function plantOnce(sql: Sql, { institutionId }: SeedInstitution, plant: (tx: Tx) => Promise<void>): Promise<boolean> {
  return sql.begin(async (tx) => {
    await lockPlanting(tx, institutionId);
    if ((await findWithoutBooks(tx, [institutionId])).length === 0) return false;
    await plant(tx);
    return true;
  });
}

function deriveId(name: string): string {
  return createHash('sha256').update(`openbranch sandbox ${name}`).digest('hex').slice(0, 32);
}
