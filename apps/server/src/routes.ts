import type { Route } from './http/route.ts';
import type { Parts } from './parts.ts';
import type { Job } from './platform/jobs/job-runner.ts';
import { accountsRoutes, createAccountLookup } from './products/accounts/index.ts';
import { activitiesRoutes } from './products/activities/index.ts';
import { alertsRoutes } from './products/alerts/index.ts';
import { createCompleteRegistration, customersRoutes } from './products/customers/index.ts';
import { documentsRoutes } from './products/documents/index.ts';
import { identityRoutes } from './products/identity/index.ts';
import { moneyMovementRoutes } from './products/money-movement/index.ts';
import { sandboxRoutes } from './products/sandbox/index.ts';

/** The operations of every product, each with what it works with. */
export function listRoutes(parts: Parts, jobs: readonly Job[]): readonly Route[] {
  const { core, ids, keyRing, personalData, log, customers, alerts, delivery } = parts;
  const { institutions, keys, tokens, signIn, metrics, applications, revocationMarginMs } = parts;
  return [
    ...identityRoutes({
      ...{ issuer: parts.publicUrl, institutions, keyRing, keys, tokens, signIn, metrics, applications },
      revocationMarginMs,
    }),
    ...customersRoutes(customers),
    ...activitiesRoutes({ keyRing }),
    ...alertsRoutes({
      findAccount: createAccountLookup({ core, ids }),
      keepsCallbacks: parts.sandbox !== undefined,
      catalogues: alerts.catalogues,
      acceptEvent: alerts.acceptEvent,
      box: alerts.box,
      wake: alerts.pipeline.wake,
      queueMessage: delivery.queue,
      canSend: delivery.canSend,
    }),
    ...accountsRoutes({ core, ids }),
    ...moneyMovementRoutes({ core, ids, personalData }),
    ...documentsRoutes({ core, ids, personalData, log, completeRegistration: createCompleteRegistration(customers) }),
    ...controlRoutes(parts, jobs),
  ];
}

/** Only a sandbox can be told what time it is. */
function controlRoutes({ sandbox, delivery: { inbox }, institutions, clock, core }: Parts, jobs: readonly Job[]) {
  if (sandbox === undefined || inbox === undefined) return [];
  const clockJobs = jobs.filter(({ followsClocks }) => followsClocks === true);
  return sandboxRoutes({ institutions, clock, seed: sandbox, inbox, core, ids: sandbox.ids, clockJobs });
}
