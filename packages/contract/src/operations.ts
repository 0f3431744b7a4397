import * as accounts from './accounts/operations.ts';
import * as activities from './activities/operations.ts';
import * as alertCatalogue from './alerts/catalogue-operations.ts';
import * as destinations from './alerts/destination-operations.ts';
import * as alertEvents from './alerts/event-operations.ts';
import * as alertHistory from './alerts/history-operations.ts';
import * as alertPreferences from './alerts/preference-operations.ts';
import * as sentEvents from './alerts/sent-event-operations.ts';
import * as subscriptions from './alerts/subscription-operations.ts';
import * as alertTemplates from './alerts/template-operations.ts';
import * as contacts from './customers/contact-operations.ts';
import * as institutionUsers from './customers/institution-user-operations.ts';
import * as legacyCustomers from './customers/legacy-customer-operations.ts';
import * as customers from './customers/operations.ts';
import * as passwordResets from './customers/password-reset-operations.ts';
import * as registration from './customers/registration-operations.ts';
import * as disclosures from './documents/disclosure-operations.ts';
import * as eStatements from './documents/e-statement-operations.ts';
import * as images from './documents/image-operations.ts';
import * as identity from './identity/operations.ts';
import * as recipients from './money-movement/recipient-operations.ts';
import * as transfers from './money-movement/transfer-operations.ts';
import * as sandboxFaults from './sandbox/fault-operations.ts';
import * as sandbox from './sandbox/operations.ts';
import * as sandboxLimits from './sandbox/transfer-limit-operations.ts';

/** Every operation of the API by its id. */
export const operations = {
  ...identity,
  ...customers,
  ...contacts,
  ...institutionUsers,
  ...legacyCustomers,
  ...registration,
  ...passwordResets,
  ...activities,
  ...disclosures,
  ...eStatements,
  ...images,
  ...accounts,
  ...alertCatalogue,
  ...alertTemplates,
  ...alertPreferences,
  ...recipients,
  ...transfers,
  ...destinations,
  ...subscriptions,
  ...sentEvents,
  ...alertEvents,
  ...alertHistory,
  ...sandbox,
  ...sandboxLimits,
  ...sandboxFaults,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;
