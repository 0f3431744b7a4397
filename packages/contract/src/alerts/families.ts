import { alertEventErrors, alertHistoryErrors } from '../errors/alert-events.ts';
import { alertManagementErrors, alertPreferenceErrors } from '../errors/alert-management.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

const failures = {
  authorizationMissing: 'notAuthenticated',
  authorizationMalformed: 'notAuthenticated',
  tokenInvalid: 'notAuthenticated',
  tokenExpired: 'notAuthenticated',
  scopeMissing: 'scopeMissing',
  spikeExceeded: 'spikeExceeded',
  quotaExceeded: 'quotaExceeded',
  traceMissing: 'attributeMissing',
  traceMalformed: 'malformedInput',
  headersTooLong: 'malformedInput',
  notPrintableAscii: 'notPrintableAscii',
  institutionMismatch: 'institutionInvalid',
  mediaTypeInvalid: 'malformedInput',
  bodyTooLarge: 'malformedInput',
  bodyInvalid: 'malformedInput',
  pathInvalid: 'fieldInvalid',
  queryInvalid: 'valueInvalid',
  unavailable: 'unavailable',
  unexpected: 'unexpected',
} as const;

const onAlerts = {
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
} as const;

/** ALM: types, institution types and templates (L1 to L12). */
export const alertManagementFamily = family({
  ...onAlerts,
  name: 'ALM',
  title: 'Alert types and templates',
  errors: alertManagementErrors,
  failures,
  variants: [
    quotaAsTooMany,
    { switchKey: 'alerts.existing_name', value: '400', rows: { nameExists: { status: 400, code: 'PRMSYS_10007' } } },
  ],
});

/** ALP: preferences (L13 to L21). */
export const alertPreferencesFamily = family({
  ...onAlerts,
  name: 'ALP',
  title: 'Alert preferences',
  errors: alertPreferenceErrors,
  failures: { ...failures, replayInFlight: 'inProgress' },
  variants: [quotaAsTooMany],
});

/** ALH: history, explanation and simulation (L22, L23). */
export const alertHistoryFamily = family({
  ...onAlerts,
  name: 'ALH',
  title: 'Alert history',
  errors: alertHistoryErrors,
  failures: {
    ...failures,
    traceMissing: 'unknownFault',
    traceMalformed: 'unknownFault',
    headersTooLong: 'unknownFault',
    notPrintableAscii: 'unknownFault',
    mediaTypeInvalid: 'eventInvalid',
    bodyTooLarge: 'eventInvalid',
    bodyInvalid: 'eventInvalid',
    pathInvalid: 'unknownFault',
    queryInvalid: 'unknownFault',
  },
  variants: [quotaAsTooMany, { switchKey: 'alerts.content_missing', value: '404', rows: { contentUnknown: { status: 404 } } }],
});

/** ALE: events (L24). What they refuse is 500, as published. */
export const alertEventsFamily = family({
  ...onAlerts,
  name: 'ALE',
  title: 'Alert events',
  errors: alertEventErrors,
  failures: {
    ...failures,
    authorizationMissing: 'authorizationMissing',
    traceMissing: 'addresseeMissing',
    traceMalformed: 'addresseeMissing',
    notPrintableAscii: 'malformedInput',
    pathInvalid: 'malformedInput',
    queryInvalid: 'malformedInput',
  },
  variants: [
    quotaAsTooMany,
    {
      switchKey: 'alerts.publish_refusals',
      value: '400',
      rows: {
        malformedInput: { status: 400 },
        partMissing: { status: 400 },
        addresseeMissing: { status: 400 },
        institutionInvalid: { status: 400 },
        authorizationMissing: { status: 400 },
      },
    },
  ],
});
