import { registrationErrors } from '../errors/registration.ts';
import { family } from '../family.ts';

/** REG: customer registration (R1), V1 token. */
export const registrationFamily = family({
  name: 'REG',
  title: 'Registration',
  authentication: 'bearer',
  edition: 'v1',
  checks: 'legacy-bearer-calls',
  trace: { header: 'di_tid', form: 'uuid', isRequired: true },
  envelope: 'legacy-status',
  hasJsonTwin: true,
  errors: registrationErrors,
  failures: {
    authorizationMissing: 'tokenInvalid',
    authorizationMalformed: 'tokenInvalid',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    userTokenRefused: 'userTokenRefused',
    pathInstitutionMismatch: 'fiidNotAuthorized',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'tidInvalid',
    traceMalformed: 'tidInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'notPrintableAscii',
    originatingIpInvalid: 'originatingIpInvalid',
    mediaTypeInvalid: 'mediaTypeInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'bodyInvalid',
    pathInvalid: 'fiidNotAuthorized',
    replayInFlight: 'registrationInProgress',
    overloaded: 'overloaded',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [
    {
      switchKey: 'quota.http',
      value: '429',
      rows: { quotaExceeded: { status: 429 }, spikeExceeded: { status: 429 } },
    },
    { switchKey: 'v1.quota_code', value: '90001', rows: { quotaExceeded: { code: '90001' } } },
  ],
});
