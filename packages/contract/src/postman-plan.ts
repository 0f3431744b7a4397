import type { StoredVariable } from './examples.ts';
import type { JsonObject } from './json.ts';
import type { OperationId } from './operations.ts';
import type { Product } from './products.ts';

/** One request of the Postman collection: an operation, and where it departs from the example of that operation. */
export interface PlannedRequest {
  readonly operation: OperationId;
  /** Title; the summary of the operation by default. */
  readonly name?: string;
  /** Whose keys a call with application keys carries; those of the partner by default. */
  readonly keys?: 'client' | 'mobileClient' | 'legacyClient';
  /** Whose token a call with a bearer token carries; that of the partner, of the edition of the operation, by default. */
  readonly token?: 'userAccessToken';
  /** Another verb of the operation. */
  readonly verb?: { readonly method: string; readonly status: number };
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Variables to fill, each from a member of the answer; points lead into members of members. */
  readonly stores?: Readonly<Partial<Record<StoredVariable, string>>>;
  /** Members of the JSON answer and what they must be; `undefined` means absent. */
  readonly expects?: Readonly<Record<string, string | boolean | undefined>>;
}

export interface ProductPlan {
  readonly first: readonly PlannedRequest[];
  /** Requests that come after those that the plan does not name. */
  readonly last: readonly PlannedRequest[];
}

/** Far enough away that no clock of a sandbox has come there. */
const scheduledTransfer: JsonObject = {
  fromAccountHolderId: '{{customerId}}',
  fromAccountId: '{{accountId}}',
  toAccountId: '{{otherAccountId}}',
  amount: { currencyCode: 'USD', amount: 25.5 },
  schedule: { lifeType: 'NOENDDATE', frequency: 'MONTHLY', startDate: '2101-01-01', daysOfMonth: [1] },
};

/**
 * The order in which the requests run, so that a whole run works on a fresh sandbox: each needs what an earlier one
 * left. Operations that no plan names follow between `first` and `last` of their product.
 */
export const postmanPlan: Readonly<Record<Product, ProductPlan>> = {
  identity: {
    first: [
      { operation: 'requestToken', stores: { accessToken: 'access_token' } },
      {
        operation: 'requestToken',
        name: 'Sign a customer in',
        keys: 'mobileClient',
        body: { grant_type: 'password', username: '{{loginId}}', password: '{{password}}' },
        stores: { userAccessToken: 'access_token', refreshToken: 'refresh_token' },
      },
      {
        operation: 'requestToken',
        name: 'Renew the token of a customer',
        keys: 'mobileClient',
        body: { grant_type: 'refresh_token', refresh_token: '{{refreshToken}}' },
        stores: { userAccessToken: 'access_token', refreshToken: 'refresh_token' },
      },
      { operation: 'requestTokenV1', keys: 'legacyClient', stores: { legacyAccessToken: 'access_token' } },
      { operation: 'introspectToken', expects: { active: true } },
      {
        operation: 'introspectToken',
        name: 'Ask about the token of a customer',
        keys: 'mobileClient',
        body: { token: '{{userAccessToken}}' },
        expects: { active: true },
      },
      { operation: 'requestToken', name: 'Get a token to revoke', stores: { disposableToken: 'access_token' } },
      { operation: 'revokeToken' },
      {
        operation: 'revokeToken',
        name: 'Revoke a token with POST',
        verb: { method: 'POST', status: 200 },
      },
      {
        operation: 'introspectToken',
        name: 'Ask about a revoked token',
        body: { token: '{{disposableToken}}' },
        expects: { active: false },
      },
    ],
    last: [{ operation: 'getKeySet' }, { operation: 'getServerMetadata' }],
  },
  customers: {
    first: [
      { operation: 'getCustomer' },
      { operation: 'getUserStatus' },
      {
        operation: 'getUserStatus',
        name: 'Get the status of a locked user',
        params: { institutionUserId: '{{lockedCustomerId}}' },
        query: { userIdType: 'CUSTOMER_ID' },
        expects: { locked: true },
      },
      { operation: 'unlockUser' },
      {
        operation: 'getUserStatus',
        name: 'Get the status after the unlock',
        params: { institutionUserId: '{{lockedCustomerId}}' },
        query: { userIdType: 'CUSTOMER_ID' },
        expects: { locked: undefined },
      },
      { operation: 'getInstitutionUser' },
      { operation: 'getCurrentInstitutionUser', token: 'userAccessToken' },
    ],
    // Of another customer: after a reset money moves in small amounts only, for a while.
    last: [
      {
        operation: 'sendPasscode',
        params: { customerId: '{{otherCustomerId}}' },
        body: { contactMethodId: '{{otherContactMethodId}}' },
      },
      {
        operation: 'waitForMessage',
        name: 'Read the passcode from the inbox',
        query: { institutionId: '{{institutionId}}', contains: 'passcode', timeoutMs: '10000' },
        stores: { passcode: 'passcode' },
      },
      {
        operation: 'verifyPasswordReset',
        params: { customerId: '{{otherCustomerId}}' },
        stores: { resetSession: 'resetSession' },
      },
      { operation: 'completePasswordReset', params: { customerId: '{{otherCustomerId}}' } },
    ],
  },
  activities: { first: [], last: [] },
  documents: {
    first: [
      { operation: 'listInstitutionDisclosures' },
      { operation: 'createInstitutionDisclosure' },
      { operation: 'updateInstitutionDisclosure' },
      { operation: 'createUserDisclosure' },
      { operation: 'listUserDisclosures' },
      { operation: 'updateUserDisclosure' },
      { operation: 'updateUserDisclosureById' },
      { operation: 'getAccountStatementPreference' },
      { operation: 'updateAccountStatementPreference' },
      { operation: 'updateUserStatementPreferences' },
      { operation: 'createStatementOptInReport' },
      { operation: 'listBankingImages', stores: { bankingImageId: 'bankingImage.0.id' } },
      { operation: 'getBankingImage' },
    ],
    last: [],
  },
  accounts: { first: [], last: [] },
  alerts: {
    first: [
      { operation: 'listAlertTypes' },
      { operation: 'createAlertType', stores: { alertTypeId: 'alertTypeId' } },
      { operation: 'updateAlertType' },
      { operation: 'createInstitutionAlertType', stores: { institutionAlertTypeId: 'institutionAlertTypeId' } },
      { operation: 'updateInstitutionAlertType' },
      { operation: 'listInstitutionAlertTypes' },
      { operation: 'previewAlertTemplate' },
      { operation: 'createAlertTemplate', stores: { alertTemplateId: 'alertTemplateResourceId' } },
      { operation: 'updateAlertTemplate' },
      {
        operation: 'createInstitutionAlertPreference',
        stores: { institutionAlertPreferenceId: 'institutionAlertPrefId' },
      },
      { operation: 'updateInstitutionAlertPreference' },
      { operation: 'createAlertPreference', stores: { alertPreferenceId: 'alertPreferenceDetails.alertPrefId' } },
      { operation: 'getAlertPreference' },
      { operation: 'updateAlertPreference' },
      { operation: 'createDestinations', stores: { destinationId: 'id' } },
      { operation: 'createSubscription', stores: { subscriptionId: 'id' } },
      { operation: 'sendCustomerEvent' },
      { operation: 'publishAlertEvent' },
      {
        operation: 'waitForMessage',
        name: 'Read the alert from the inbox',
        query: { institutionId: '{{institutionId}}', contains: 'password was changed', timeoutMs: '10000' },
      },
      {
        operation: 'listAlertHistory',
        stores: {
          alertHistoryId: 'alertHistorySummaryResources.0.alertHistoryId',
          alertEventId: 'alertHistorySummaryResources.0.eventId',
        },
      },
      { operation: 'explainAlertEvent' },
      { operation: 'simulateAlertEvent' },
    ],
    last: [
      { operation: 'deleteSubscription' },
      { operation: 'deleteDestination' },
      { operation: 'deleteDestinations' },
      { operation: 'deleteAlertPreference' },
      { operation: 'deleteInstitutionAlertPreference' },
      { operation: 'deleteAlertTemplate' },
      { operation: 'deleteInstitutionAlertType' },
      { operation: 'deleteAlertType' },
    ],
  },
  'money-movement': {
    first: [
      { operation: 'createRecipient', stores: { recipientId: 'recipients.0.id' } },
      { operation: 'listRecipients' },
      { operation: 'getRecipient' },
      { operation: 'updateRecipient' },
      { operation: 'createTransfer' },
      { operation: 'createTransfer', name: 'Schedule a transfer', body: scheduledTransfer, stores: { scheduleId: 'id' } },
    ],
    last: [{ operation: 'deleteRecipient' }],
  },
  sandbox: {
    first: [],
    last: [
      { operation: 'bookPosting' },
      {
        operation: 'bookPosting',
        name: 'Place a hold',
        body: { type: 'hold', amount: 20 },
        stores: { holdId: 'transactionId' },
      },
      { operation: 'postHold' },
      {
        operation: 'bookPosting',
        name: 'Place another hold',
        body: { type: 'hold', amount: 5 },
        stores: { holdId: 'transactionId' },
      },
      { operation: 'voidHold' },
      { operation: 'resetInstitution' },
    ],
  },
};
