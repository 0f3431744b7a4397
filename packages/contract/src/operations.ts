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
import * as identity from './identity/operations.ts';
import * as sandboxFaults from './sandbox/fault-operations.ts';
import * as sandbox from './sandbox/operations.ts';

/** Every operation of the API by its id. */
export const operations = {
  ...identity,
  ...customers,
  ...contacts,
  ...institutionUsers,
  ...legacyCustomers,
  ...registration,
  ...passwordResets,
  ...alertCatalogue,
  ...alertTemplates,
  ...alertPreferences,
  ...destinations,
  ...subscriptions,
  ...sentEvents,
  ...alertEvents,
  ...alertHistory,
  ...sandbox,
  ...sandboxFaults,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;
