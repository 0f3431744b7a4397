import type { Operation } from './operation.ts';
import type { OperationId } from './operations.ts';

export type Product = Operation['product'];

interface ProductDefinition {
  readonly title: string;
  readonly description: string;
  /** The order in which a reader meets the operations; those that are not named follow. */
  readonly readingOrder: readonly OperationId[];
}

/** The products in the order in which a newcomer meets them. */
export const products: Readonly<Record<Product, ProductDefinition>> = {
  identity: {
    title: 'Authentication',
    description: 'Access tokens of both editions: get, renew, revoke, ask about, verify.',
    readingOrder: ['requestToken', 'revokeToken', 'introspectToken', 'requestTokenV1', 'getKeySet', 'getServerMetadata'],
  },
  customers: {
    title: 'Customers',
    description: 'Profile, status and contact data of a customer, and the end of a lock.',
    readingOrder: [
      'registerCustomer',
      'getCustomer',
      'getInstitutionUser',
      'getCurrentInstitutionUser',
      'getInstitutionUserV2',
      'getUserStatus',
      'unlockUser',
      'listContactMethods',
      'updateContactInfo',
      'sendPasscode',
      'verifyPasswordReset',
      'completePasswordReset',
      'getLegacyCustomer',
    ],
  },
  alerts: {
    title: 'Alerts',
    description:
      'What an institution can tell its customers, what of it they want, and what became of it: types, templates, preferences, destinations, subscriptions, events, history.',
    readingOrder: [
      'listAlertTypes',
      'createAlertType',
      'updateAlertType',
      'deleteAlertType',
      'listInstitutionAlertTypes',
      'createInstitutionAlertType',
      'updateInstitutionAlertType',
      'deleteInstitutionAlertType',
      'listAlertTemplates',
      'createAlertTemplate',
      'updateAlertTemplate',
      'previewAlertTemplate',
      'deleteAlertTemplate',
      'listInstitutionAlertPreferences',
      'createInstitutionAlertPreference',
      'updateInstitutionAlertPreference',
      'deleteInstitutionAlertPreference',
      'listAlertPreferences',
      'createAlertPreference',
      'getAlertPreference',
      'updateAlertPreference',
      'deleteAlertPreference',
      'listDestinations',
      'createDestinations',
      'updateDestinations',
      'deleteDestinations',
      'deleteDestination',
      'listCustomerSubscriptions',
      'createSubscription',
      'updateSubscription',
      'getSubscription',
      'deleteSubscription',
      'listInstitutionSubscriptions',
      'sendCustomerEvent',
      'publishAlertEvent',
      'listAlertHistory',
      'getAlertHistoryContent',
      'setAlertReadFlag',
      'explainAlertEvent',
      'simulateAlertEvent',
    ],
  },
  sandbox: {
    title: 'Sandbox control',
    description:
      'Clock, inbox, switches, policies and reset of an institution. Only in sandbox mode, with header `x-sandbox-key`.',
    readingOrder: [
      'getClock',
      'setClock',
      'advanceClock',
      'listSwitches',
      'setSwitch',
      'getLockoutPolicy',
      'setLockoutPolicy',
      'listInbox',
      'waitForMessage',
      'listFaults',
      'armFault',
      'disarmFaults',
      'resetInstitution',
    ],
  },
};

/** Operations by product, both in reading order; a product without an operation is left out. */
export function operationsByProduct(operations: Readonly<Record<string, Operation>>): [Product, Operation[]][] {
  const byProduct: Record<Product, Operation[]> = { identity: [], customers: [], alerts: [], sandbox: [] };
  for (const operation of Object.values(operations)) byProduct[operation.product].push(operation);
  const groups: [Product, Operation[]][] = [
    ['identity', inReadingOrder('identity', byProduct.identity)],
    ['customers', inReadingOrder('customers', byProduct.customers)],
    ['alerts', inReadingOrder('alerts', byProduct.alerts)],
    ['sandbox', inReadingOrder('sandbox', byProduct.sandbox)],
  ];
  return groups.filter(([, members]) => members.length > 0);
}

function inReadingOrder(product: Product, members: readonly Operation[]): Operation[] {
  const ids: readonly string[] = products[product].readingOrder;
  const place = (operation: Operation) => (ids.includes(operation.id) ? ids.indexOf(operation.id) : ids.length);
  return [...members].sort((one, other) => place(one) - place(other));
}
