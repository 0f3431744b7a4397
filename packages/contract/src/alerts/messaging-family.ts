import { messagingErrors } from '../errors/messaging.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

/** NCH: events, destinations and subscriptions with a V1 token, XML (L25 to L36). */
export const messagingFamily = family({
  name: 'NCH',
  title: 'Messaging V1',
  authentication: 'bearer',
  edition: 'v1',
  checks: 'legacy-bearer-calls',
  trace: { header: 'di_tid', form: 'uuid', isRequired: true },
  envelope: 'error-response',
  errors: messagingErrors,
  failures: {
    authorizationMissing: 'tokenInvalid',
    authorizationMalformed: 'tokenInvalid',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    pathInstitutionMismatch: 'fiidNotAuthorized',
    pathCustomerMismatch: 'customerNotAuthorized',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'tidInvalid',
    traceMalformed: 'tidInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'notPrintableAscii',
    originatingIpInvalid: 'originatingIpInvalid',
    mediaTypeInvalid: 'mediaTypeInvalid',
    bodyTooLarge: 'requestInvalid',
    bodyInvalid: 'requestInvalid',
    queryInvalid: 'queryInvalid',
    replayInFlight: 'inProgress',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany, { switchKey: 'v1.quota_code', value: '90001', rows: { quotaExceeded: { code: '90001' } } }],
});
