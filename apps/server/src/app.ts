import { openApiDocument } from '@openbranch/contract/openapi';
import { operations } from '@openbranch/contract/operations';
import { postmanCollection } from '@openbranch/contract/postman';
import type { FastifyInstance } from 'fastify';
import { createHttp } from './http/create-http.ts';
import { registerDeliveryCallback } from './http/delivery-callback.ts';
import { registerErrorHandler } from './http/errors.ts';
import { registerHealth } from './http/health.ts';
import { registerInboxPage } from './http/inbox-page.ts';
import { createReadiness } from './http/readiness.ts';
import { registerRecoveryPages } from './http/recovery-pages.ts';
import { registerReference } from './http/reference.ts';
import { registerOperations } from './http/register-operations.ts';
import { registerRequestLog } from './http/request-log.ts';
import type { Route } from './http/route.ts';
import { listJobs } from './jobs.ts';
import { openParts, type Parts, type PartsOptions } from './parts.ts';
import type { Inbox } from './platform/delivery/inbox.ts';
import type { Job } from './platform/jobs/job-runner.ts';
import { createAuthenticateClient } from './products/identity/index.ts';
import { publicValues } from './products/sandbox/index.ts';
import { listRoutes } from './routes.ts';

export interface AppOptions extends PartsOptions {
  readonly version: string;
  readonly trustedProxies: readonly string[];
  /** Hosts whose texts of disclosures may be fetched; none by default. */
  readonly disclosureHosts?: readonly string[];
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

/** Puts the program together: its parts (`parts.ts`), their operations (`routes.ts`), jobs (`jobs.ts`) and pages. */
export async function createApp(options: AppOptions): Promise<App> {
  const parts = await openParts(options);
  const { sql, keyRing, runWrite, institutions, clock, limits, log, metrics, faults } = parts;
  const jobs = listJobs(parts, options.disclosureHosts ?? []);
  const routes = [...listRoutes(parts, jobs), ...(options.extraRoutes ?? [])];
  const known = routes.map(({ operation }) => operation);
  const http = createHttp(known, options.trustedProxies);
  registerRequestLog(http, log, metrics);
  registerErrorHandler(http, log);
  registerHealth(http, metrics, createReadiness(parts.database, parts.feed));
  registerOperations(http, routes, {
    ...{ sql, keyRing, runWrite, institutions, clock, limits, log, metrics },
    verifyBearer: parts.tokens.verifyBearer,
    authenticateClient: createAuthenticateClient(parts.applications, keyRing, parts.usage),
    isSandboxKey: parts.sandbox?.isSandboxKey,
    faults,
  });
  registerPages(http, options, parts);
  return {
    http,
    jobs,
    startBackground: () => {
      parts.delivery.start();
      parts.alerts.pipeline.start();
    },
    stopBackground: async () => {
      await parts.alerts.pipeline.stop();
      await parts.delivery.stop();
    },
    inbox: parts.delivery.inbox,
    close: async () => {
      await http.close();
      await parts.close();
    },
  };
}

function registerPages(http: FastifyInstance, options: AppOptions, parts: Parts): void {
  const { sandbox, institutions, recovery, log, delivery } = parts;
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
