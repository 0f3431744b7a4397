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
