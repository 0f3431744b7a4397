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
  accounts: {
    title: 'Accounts',
    description: 'Accounts of a customer and what was booked on them, in the forms of both editions.',
    readingOrder: ['listAccounts', 'getAccount', 'listTransactions', 'listCustomerAccounts', 'listLegacyAccounts'],
  },
  'money-movement': {
    title: 'Money movement',
    description: 'Saved recipients, and transfers between accounts: at once or on a schedule.',
    readingOrder: ['listRecipients', 'createRecipient', 'getRecipient', 'updateRecipient', 'createTransfer', 'deleteRecipient'],
  },
  documents: {
    title: 'Documents',
    description:
      'Disclosures: what an institution wants to be accepted, and what its users have accepted. Who gets electronic statements, and the images of cheques, deposits and statements.',
    readingOrder: [
      'listInstitutionDisclosures',
      'createInstitutionDisclosure',
      'updateInstitutionDisclosure',
      'listUserDisclosures',
      'createUserDisclosure',
      'updateUserDisclosure',
      'updateUserDisclosureById',
      'deleteUserDisclosure',
      'deleteUserDisclosureById',
      'getAccountStatementPreference',
      'updateAccountStatementPreference',
      'updateUserStatementPreferences',
      'createStatementOptInReport',
      'listBankingImages',
      'getBankingImage',
    ],
  },
  activities: {
    title: 'Banking activities',
    description: 'What happened: search of the activity log, for the support desk and for evidence.',
    readingOrder: ['searchBankingActivities'],
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
      'getPolicy',
      'setPolicy',
      'listInbox',
      'waitForMessage',
      'listTransferSchedules',
      'cancelTransferSchedule',
      'getTransferLimits',
      'setTransferLimits',
      'deleteTransferLimits',
      'listFaults',
      'armFault',
      'armCallFault',
      'disarmFaults',
      'resetInstitution',
    ],
  },
};

const productOrder: readonly Product[] = [
  'identity',
  'customers',
  'accounts',
  'money-movement',
  'documents',
  'alerts',
  'activities',
  'sandbox',
];

/** Operations by product, both in reading order; a product without an operation is left out. */
export function operationsByProduct(operations: Readonly<Record<string, Operation>>): [Product, Operation[]][] {
  const all = Object.values(operations);
  return productOrder
    .map((product): [Product, Operation[]] => [
      product,
      inReadingOrder(
        product,
        all.filter((one) => one.product === product),
      ),
    ])
    .filter(([, members]) => members.length > 0);
}

function inReadingOrder(product: Product, members: readonly Operation[]): Operation[] {
  const ids: readonly string[] = products[product].readingOrder;
  const place = (operation: Operation) => (ids.includes(operation.id) ? ids.indexOf(operation.id) : ids.length);
  return [...members].sort((one, other) => place(one) - place(other));
}
