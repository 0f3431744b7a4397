import { basErrors } from '../errors/bas.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

/** BAS: the search of the activity log (Y1). */
export const activitiesFamily = family({
  name: 'BAS',
  title: 'Banking activities',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: basErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMissing',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    institutionNotAllowed: 'institutionNotAllowed',
    scopeMissing: 'scopeMissing',
    userTokenRefused: 'userTokenRefused',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'transactionIdMissing',
    traceMalformed: 'transactionIdTooLong',
    headersTooLong: 'headersTooLong',
    callingAppIdInvalid: 'headersTooLong',
    notPrintableAscii: 'notPrintableAscii',
    acceptEncodingInvalid: 'acceptEncodingInvalid',
    mediaTypeInvalid: 'mediaTypeInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'bodyInvalid',
    bodyMissing: 'bodyInvalid',
    unavailable: 'storeUnavailable',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    {
      switchKey: 'activities.scope_http',
      value: '400',
      rows: {
        scopeMissing: { status: 400, code: 'BAS_10103', kind: 'C' },
        userTokenRefused: { status: 400, code: 'BAS_10103', kind: 'C' },
      },
    },
  ],
});
