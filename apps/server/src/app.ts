import { openApiDocument } from '@openbranch/contract/openapi';
import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { postmanCollection } from '@openbranch/contract/postman';
import Fastify, { type FastifyInstance } from 'fastify';
import { boundHandlers } from './http/bound-handlers.ts';
import { registerDeliveryCallback } from './http/delivery-callback.ts';
import { endConnectionsOnClose } from './http/end-connections.ts';
import { answerBrokenRequest, registerErrorHandler } from './http/errors.ts';
import { registerHealth } from './http/health.ts';
import { registerInboxPage } from './http/inbox-page.ts';
import { createNormaliseUrl } from './http/normalise-url.ts';
import { registerRecoveryPages } from './http/recovery-pages.ts';
import { registerReference } from './http/reference.ts';
import { actionsOf, registerOperations } from './http/register-operations.ts';
import { registerRequestLog } from './http/request-log.ts';
import type { Route } from './http/route.ts';
import { sealActivities } from './platform/audit/seal-activities.ts';
import { type Change, type ChangeFeed, openChangeFeed } from './platform/change-feed/change-feed.ts';
import type { Database } from './platform/db/database.ts';
import { deleteExpired } from './platform/db/delete-expired.ts';
import { isMigrated } from './platform/db/migrate.ts';
import { migrationsDirectory } from './platform/db/migrations-directory.ts';
import { type DeliveryOptions, openDelivery, type Providers } from './platform/delivery/delivery.ts';
import type { Inbox } from './platform/delivery/inbox.ts';
import { systemClock } from './platform/institutions/clock.ts';
import { openInstitutionDirectory } from './platform/institutions/institution-directory.ts';
import type { Job } from './platform/jobs/job-runner.ts';
import type { KeyRing } from './platform/keys/key-ring.ts';
import { openSigningKeyRing } from './platform/keys/signing-key-ring.ts';
import { createCallLimits } from './platform/limits/call-limits.ts';
import type { PasswordHasher } from './platform/passwords/password-hasher.ts';
import { openPersonalData } from './platform/personal-data/open-personal-data.ts';
import { reencryptPersonalData } from './platform/personal-data/reencrypt.ts';
import type { Logger } from './platform/telemetry/logger.ts';
import { createMetrics } from './platform/telemetry/metrics.ts';
import { createRunWrite, type Write } from './platform/transactions/unit-of-work.ts';
import {
  alertsRoutes,
  bindContactMethods,
  bindDefaultDestinations,
  createAlertPipeline,
  createEventBox,
  createPublishEvent,
  createRecordDeliveryEnds,
  type FindAccount,
} from './products/alerts/index.ts';
import { createRecoveryFlow, createSignIn, customersRoutes } from './products/customers/index.ts';
import {
  createAccessTokens,
  createAuthenticateClient,
  createRevocationList,
  createSecretUsage,
  identityRoutes,
  openApplicationDirectory,
  productionMarginMs,
  revokeChainsOfUser,
  sandboxMarginMs,
  sweepExpiredTokens,
} from './products/identity/index.ts';
import { publicValues, type SandboxSeed, sandboxRoutes } from './products/sandbox/index.ts';

export interface AppOptions {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly hasher: PasswordHasher;
  readonly log: Logger;
  /** The issuer of tokens and the server of the reference. */
  readonly publicUrl: () => string;
  readonly version: string;
  readonly trustedProxies: readonly string[];
  /** Present in sandbox mode only. */
  readonly sandbox: SandboxSeed | undefined;
  /** Who brings messages to people; in sandbox mode nobody is asked. */
  readonly providers?: Providers;
  /** For tests of retries and slow providers. */
  readonly delivery?: Pick<DeliveryOptions, 'tryTimeoutMs' | 'maxBulkAttempts' | 'bulkRetrySeconds'>;
  /** Whose account is whose, until there is a core. */
  readonly findAccount?: FindAccount;
  /** Operations beyond the contract's, for tests of the edge. */
  readonly extraRoutes?: readonly Route[];
}

export interface App {
  readonly http: FastifyInstance;
  /** Background work that some process must run. */
  readonly jobs: readonly Job[];
  /** Begins what waits for no schedule: the pipeline of alerts and the messages that it queues. */
  startBackground(): void;
  /** Ends it, when what runs has ended. */
  stopBackground(): Promise<void>;
  /** Present in sandbox mode only. */
  readonly inbox: Inbox | undefined;
  /** Ends what runs in the background; the database stays open. */
  close(): Promise<void>;
}

/** Puts the program together. This is the only place that knows every part. */
export async function createApp(options: AppOptions): Promise<App> {
  const { database, keyRing, hasher, log, sandbox } = options;
  const { sql } = database;
  const metrics = createMetrics();
  const clock = systemClock;
  const [institutions, applications, keys] = await Promise.all([
    openInstitutionDirectory(sql),
    openApplicationDirectory(sql),
    openSigningKeyRing(sql, keyRing),
  ]);
  const revocations = createRevocationList(Date.now);
  const revocationMarginMs = sandbox === undefined ? productionMarginMs : sandboxMarginMs;
  const personalData = openPersonalData(sql, keyRing);
  const feed = await openChangeFeed(sql, log, (change: Change) => {
    switch (change.topic) {
      case 'access_token_revoked':
        return revocations.add('token', change.subject, change.expiresAt);
      case 'token_chain_revoked':
        return revocations.add('chain', change.subject, change.expiresAt);
      case 'institution_changed':
        return institutions.reload(change.institutionId);
      case 'applications_changed':
        return applications.reload();
      case 'signing_keys_changed':
        return keys.reload();
      case 'data_keys_changed':
        return personalData.reload(change.subject);
    }
  });
  const institutionIds = (): string[] => institutions.all().map(({ institutionId }) => institutionId);
  const delivery = await openDelivery({
    sql,
    keyRing,
    log,
    providers: sandbox === undefined ? (options.providers ?? { mail: undefined, webhook: undefined }) : 'inbox',
    institutionIds,
    onTried: metrics.messageTried,
    onEnded: createRecordDeliveryEnds((institutionId) => {
      const institution = institutions.find(institutionId);
      return institution === undefined ? new Date() : clock.now(institution);
    }),
    ...options.delivery,
  });
  const eventBox = createEventBox(keyRing);
  const pipeline = createAlertPipeline({
    sql,
    log,
    box: eventBox,
    queueBulk: delivery.queueBulk,
    institutions: institutions.all,
    nowIn: clock.now,
  });
  const publishEvent = createPublishEvent(eventBox, pipeline.wake);
  const limits = createCallLimits(sql, log);
  const usage = createSecretUsage(sql, log);
  let runningWrites = 0;
  const runWrite = createRunWrite(sql, feed, (change) => {
    runningWrites += change;
  });
  const tokens = createAccessTokens({ issuer: options.publicUrl, keys, applications, institutions, revocations, clock });
  const signIn = createSignIn(hasher, metrics, publishEvent);
  metrics.watch('openbranch_password_hashes_running', 'Password hashes that run', () => hasher.load().running);
  metrics.watch('openbranch_password_hashes_waiting', 'Password hashes that wait', () => hasher.load().waiting);
  metrics.watch(
    'openbranch_transactions_running',
    'Transactions that run or wait for a database connection',
    () => runningWrites,
  );
  metrics.watch('openbranch_revocations', 'Revocations held in memory', () => revocations.size());

  const customersParts = {
    hasher,
    keyRing,
    personalData,
    queueMessage: delivery.queue,
    publishEvent,
    canSend: delivery.canSend,
    publicUrl: options.publicUrl,
    bindDestinations: bindDefaultDestinations,
    bindContactMethods,
    endSessions: (write: Write, institutionId: string, institutionUserId: string, now: Date) =>
      revokeChainsOfUser(write, institutionId, institutionUserId, now, revocationMarginMs),
  };
  const recovery = createRecoveryFlow({ ...customersParts, sql, runWrite, clock, institutions });
  const routes: readonly Route[] = [
    ...identityRoutes({
      issuer: options.publicUrl,
      institutions,
      keyRing,
      keys,
      tokens,
      signIn,
      metrics,
      applications,
      revocationMarginMs,
    }),
    ...customersRoutes(customersParts),
    // The core, which knows the accounts, is not there yet.
    ...alertsRoutes({
      findAccount: options.findAccount ?? (async () => undefined),
      box: eventBox,
      wake: pipeline.wake,
      queueMessage: delivery.queue,
      canSend: delivery.canSend,
    }),
    ...(sandbox === undefined || delivery.inbox === undefined
      ? []
      : sandboxRoutes({ institutions, clock, seed: sandbox, inbox: delivery.inbox })),
    ...(options.extraRoutes ?? []),
  ];
  const http = createHttp(
    routes.map(({ operation }) => operation),
    options.trustedProxies,
  );
  endConnectionsOnClose(http);
  boundHandlers(http, longestHandlerMs);
  registerRequestLog(http, log, metrics);
  registerErrorHandler(http, log);
  registerHealth(http, metrics, createReadiness(database, feed));
  registerOperations(http, routes, {
    sql,
    keyRing,
    runWrite,
    institutions,
    clock,
    limits,
    log,
    metrics,
    verifyBearer: tokens.verifyBearer,
    authenticateClient: createAuthenticateClient(applications, keyRing, usage),
    isSandboxKey: sandbox?.isSandboxKey,
  });
  registerReferencePages(http, options);
  registerRecoveryPages(http, {
    ...recovery,
    findInstitution: institutions.find,
    listInstitutions: () => (sandbox === undefined ? [] : institutions.all()),
    log,
  });
  if (delivery.confirm !== undefined) registerDeliveryCallback(http, delivery.confirm);
  if (sandbox !== undefined && delivery.inbox !== undefined)
    registerInboxPage(http, { inbox: delivery.inbox, isSandboxKey: sandbox.isSandboxKey });

  return {
    http,
    inbox: delivery.inbox,
    jobs: [
      {
        name: 'seal_activities',
        schedule: '* * * * *',
        run: async () => void (await sealActivities(sql, keyRing, institutionIds(), log)),
      },
      { name: 'sweep_expired_tokens', schedule: '17 * * * *', run: () => sweepExpiredTokens(sql, clock, institutions.all()) },
      {
        name: 'reencrypt_personal_data',
        schedule: '* * * * *',
        run: async () => void (await reencryptPersonalData(sql, keyRing, institutionIds(), log)),
      },
      { name: 'delete_expired', schedule: '37 * * * *', run: () => deleteExpired(sql, institutionIds()) },
      ...delivery.jobs,
      ...recovery.jobs,
    ],
    startBackground: () => {
      delivery.start();
      pipeline.start();
    },
    stopBackground: async () => {
      await pipeline.stop();
      await delivery.stop();
    },
    close: async () => {
      await http.close();
      await pipeline.stop();
      await delivery.close();
      await limits.close();
      await usage.close();
      await feed.close();
    },
  };
}

const maximumBodyBytes = 1_048_576;
/** Less than the time that proxies before us usually wait. */
const longestHandlerMs = 25_000;

function createHttp(known: readonly Operation[], trustedProxies: readonly string[]): FastifyInstance {
  const normaliseUrl = createNormaliseUrl(actionsOf(known));
  return Fastify({
    logger: false,
    bodyLimit: maximumBodyBytes,
    // Whoever sends slowly or holds a connection without asking is cut off.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000, maxHeaderSize: 32_768 },
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    exposeHeadRoutes: false,
    rewriteUrl: (request) => normaliseUrl(request.url ?? '/'),
    clientErrorHandler: answerBrokenRequest,
    // No path is longer than the headers may be; what a value may hold is said by the operation.
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 32_768 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true } },
  });
}

/** What keeps this process from serving; nothing when it is ready. */
function createReadiness({ sql }: Database, feed: ChangeFeed): () => Promise<readonly string[]> {
  // Migrations only go forward: once there, they stay, and their files need not be read again.
  let hasMigrations = false;
  return async () => {
    try {
      if (hasMigrations) await sql`select 1`;
      else hasMigrations = await isMigrated(sql, migrationsDirectory);
    } catch {
      return ['the database does not answer'];
    }
    if (!hasMigrations) return ['the database lacks migrations'];
    return feed.isFresh() ? [] : ['the change feed cannot be read'];
  };
}

function registerReferencePages(http: FastifyInstance, { sandbox, publicUrl, version }: AppOptions): void {
  const mode = sandbox === undefined ? 'production' : 'sandbox';
  const all = operations;
  registerReference(http, {
    document: () => {
      const examples = sandbox === undefined ? {} : { values: publicValues(sandbox) };
      return openApiDocument({ operations: all, serverUrl: publicUrl(), mode, version, ...examples });
    },
    collection: () => postmanCollection({ operations: all, mode }),
  });
}
