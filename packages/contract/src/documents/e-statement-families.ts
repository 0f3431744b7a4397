import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { uxestmtErrors } from '../errors/uxestmt.ts';
import { family } from '../family.ts';

/** EST: e-statement preferences and their report (E1 to E4). */
export const eStatementsFamily = family({
  name: 'UXESTMT',
  title: 'E-statements',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'correlationId', form: 'uuid', isRequired: true },
  envelope: 'status-message-code',
  errors: uxestmtErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMalformed',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenExpired',
    scopeMissing: 'scopeMissing',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'correlationIdMissing',
    traceMalformed: 'correlationIdMalformed',
    headersTooLong: 'cannotHandle',
    notPrintableAscii: 'cannotHandle',
    originatingIpInvalid: 'originatingIpInvalid',
    institutionMismatch: 'institutionInvalid',
    mediaTypeInvalid: 'cannotHandle',
    bodyTooLarge: 'cannotHandle',
    bodyMissing: 'inputMissing',
    bodyUnreadable: 'cannotHandle',
    bodyInvalid: 'cannotHandle',
    pathInvalid: 'pathParamInvalid',
    queryInvalid: 'requestInvalid',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    {
      switchKey: 'est.auth_http',
      value: '401',
      rows: {
        authorizationMissing: { status: 401 },
        authorizationMalformed: { status: 401 },
        tokenInvalid: { status: 401 },
        tokenExpired: { status: 401 },
      },
    },
  ],
});
