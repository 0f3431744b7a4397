import { createLedger, createOpaqueIds } from './core/index.ts';
import { type Change, openChangeFeed } from './platform/change-feed/change-feed.ts';
import type { Database, Sql } from './platform/db/database.ts';
import { type Delivery, type DeliveryOptions, openDelivery, type Providers } from './platform/delivery/delivery.ts';
import { openCallFaults } from './platform/faults/call-faults.ts';
import { type Clock, systemClock } from './platform/institutions/clock.ts';
import { type InstitutionDirectory, openInstitutionDirectory } from './platform/institutions/institution-directory.ts';
import type { KeyRing } from './platform/keys/key-ring.ts';
import { openSigningKeyRing } from './platform/keys/signing-key-ring.ts';
import { createCallLimits } from './platform/limits/call-limits.ts';
import type { PasswordHasher } from './platform/passwords/password-hasher.ts';
import { openPersonalData, type PersonalData } from './platform/personal-data/open-personal-data.ts';
import type { Logger } from './platform/telemetry/logger.ts';
import { createMetrics } from './platform/telemetry/metrics.ts';
import { createRunWrite, type Write } from './platform/transactions/unit-of-work.ts';
import {
  type AlertCatalogues,
  bindContactMethods,
  bindDefaultDestinations,
  createAcceptCollector,
  createAlertCatalogues,
  createAlertPipeline,
  createEventBox,
  createPublishEvent,
  createRecordDeliveryEnds,
} from './products/alerts/index.ts';
import { createRecoveryFlow, createSignIn } from './products/customers/index.ts';
import { listRequiredDisclosures, recordAcceptances } from './products/documents/index.ts';
import {
  createAccessTokens,
  createRevocationList,
  createSecretUsage,
  openApplicationDirectory,
  productionMarginMs,
  revokeChainsOfUser,
  sandboxMarginMs,
} from './products/identity/index.ts';
import type { SandboxSeed } from './products/sandbox/index.ts';

export interface PartsOptions {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly hasher: PasswordHasher;
  readonly log: Logger;
  /** The issuer of tokens and the server of the reference. */
  readonly publicUrl: () => string;
  /** Present in sandbox mode only. */
  readonly sandbox: SandboxSeed | undefined;
  /** Who brings messages to people; in sandbox mode nobody is asked. */
  readonly providers?: Providers;
  /** For tests of retries and slow providers. */
  readonly delivery?: Pick<DeliveryOptions, 'tryTimeoutMs' | 'maxBulkAttempts' | 'bulkRetrySeconds'>;
}

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Everything that operations, jobs and pages work with, each made once. */
export async function openParts(options: PartsOptions) {
  const { database, keyRing, hasher, log, sandbox, publicUrl } = options;
  const { sql } = database;
  const clock = systemClock;
  const metrics = createMetrics();
  const [institutions, applications, keys, faults] = await Promise.all([
    openInstitutionDirectory(sql),
    openApplicationDirectory(sql),
    openSigningKeyRing(sql, keyRing),
    // Production has no faults but its own.
    sandbox === undefined ? undefined : openCallFaults(sql),
  ]);
  const revocations = createRevocationList(Date.now);
  const revocationMarginMs = sandbox === undefined ? productionMarginMs : sandboxMarginMs;
  const personalData = openPersonalData(sql, keyRing);
  const catalogues = createAlertCatalogues(sql);
  const feed = await openChangeFeed(sql, log, (change: Change) => {
    switch (change.topic) {
      case 'access_token_revoked':
        return revocations.add('token', change.subject, change.expiresAt);
      case 'token_chain_revoked':
        return revocations.add('chain', change.subject, change.expiresAt);
      case 'institution_changed':
        // A sandbox that begins anew has another catalogue too.
        catalogues.drop(change.subject);
        return institutions.reload(change.institutionId);
      case 'applications_changed':
        return applications.reload();
      case 'signing_keys_changed':
        return keys.reload();
      case 'data_keys_changed':
        return personalData.reload(change.subject);
      case 'alert_catalogue_changed':
        return catalogues.drop(change.subject);
      case 'call_faults_changed':
        return faults?.reload(change.subject);
    }
  });
  const institutionIds = (): string[] => institutions.all().map(({ institutionId }) => institutionId);
  const delivery = await openDelivery({
    ...{ sql, keyRing, personalData, log, institutionIds },
    providers: sandbox === undefined ? (options.providers ?? { mail: undefined, webhook: undefined }) : 'inbox',
    onTried: metrics.messageTried,
    onEnded: createRecordDeliveryEnds((institutionId) => {
      const institution = institutions.find(institutionId);
      return institution === undefined ? new Date() : clock.now(institution);
    }),
    ...options.delivery,
  });
  const alerts = openAlerts({ sql, personalData, log, institutions, clock, delivery, catalogues });
  const limits = createCallLimits(sql, log);
  const usage = createSecretUsage(sql, log);
  let runningWrites = 0;
  const runWrite = createRunWrite(sql, feed, (change) => {
    runningWrites += change;
  });
  metrics.watch('openbranch_password_hashes_running', 'Password hashes that run', () => hasher.load().running);
  metrics.watch('openbranch_password_hashes_waiting', 'Password hashes that wait', () => hasher.load().waiting);
  metrics.watch(
    'openbranch_transactions_running',
    'Transactions that run or wait for a database connection',
    () => runningWrites,
  );
  metrics.watch('openbranch_revocations', 'Revocations held in memory', () => revocations.size());

  const customers = {
    ...{ hasher, keyRing, personalData, publicUrl },
    disclosures: { listRequired: listRequiredDisclosures, recordAcceptances },
    queueMessage: delivery.queue,
    publishEvent: alerts.publishEvent,
    canSend: delivery.canSend,
    bindDestinations: bindDefaultDestinations,
    bindContactMethods,
    endSessions: (write: Write, institutionId: string, institutionUserId: string, now: Date) =>
      revokeChainsOfUser(write, institutionId, institutionUserId, now, revocationMarginMs),
  };
  return {
    ...{
      database,
      sql,
      keyRing,
      log,
      sandbox,
      publicUrl,
      metrics,
      clock,
      institutions,
      institutionIds,
      applications,
      keys,
      faults,
    },
    ...{ revocationMarginMs, personalData, feed, delivery, alerts, limits, usage, runWrite, customers },
    tokens: createAccessTokens({ issuer: publicUrl, keys, applications, institutions, revocations, clock }),
    signIn: createSignIn(hasher, metrics, alerts.publishEvent),
    recovery: createRecoveryFlow({ ...customers, sql, runWrite, clock, institutions }),
    core: createLedger(),
    ids: createOpaqueIds(keyRing),
    /** Ends what runs in the background; the database stays open. */
    close: async (): Promise<void> => {
      await alerts.pipeline.stop();
      await delivery.close();
      await limits.close();
      await usage.close();
      await feed.close();
    },
  };
}

type AlertsNeeds = Pick<PartsOptions, 'log'> & {
  readonly sql: Sql;
  readonly personalData: PersonalData;
  readonly institutions: InstitutionDirectory;
  readonly clock: Clock;
  readonly delivery: Pick<Delivery, 'queueBulk' | 'showOnPage'>;
  readonly catalogues: AlertCatalogues;
};

/** The pipeline of alerts, and the door by which our own products tell it of things. */
function openAlerts({ sql, personalData, log, institutions, clock, delivery, catalogues }: AlertsNeeds) {
  const box = createEventBox(personalData);
  const pipeline = createAlertPipeline({
    ...{ sql, personalData, log, box, catalogues },
    queueBulk: delivery.queueBulk,
    showOnPage: delivery.showOnPage,
    institutions: institutions.all,
    nowIn: clock.now,
  });
  return {
    box,
    catalogues,
    acceptEvent: createAcceptCollector(sql),
    pipeline,
    publishEvent: createPublishEvent(box, pipeline.wake),
  };
}
