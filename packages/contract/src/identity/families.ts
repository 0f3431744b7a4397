import { cmnErrors, gatewayErrors } from '../errors/cmn.ts';
import { legacyRouteErrors, legacyTokenErrors } from '../errors/legacy.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

/** OA2: token calls of edition V2 (T1, T2). */
export const oauthV2Family = family({
  name: 'OA2',
  title: 'OAuth tokens V2',
  authentication: 'basic',
  edition: 'none',
  checks: 'client-calls',
  clientCall: { product: 'authentication', institutionHeader: 'institutionId' },
  trace: { header: 'transactionId', form: 'uuid', isRequired: true },
  envelope: 'code-message',
  errors: cmnErrors,
  failures: {
    clientInvalid: 'clientCredentialsInvalid',
    clientDisabled: 'clientNotAuthorised',
    addressBlocked: 'accessBlocked',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'transactionIdInvalid',
    traceMalformed: 'transactionIdInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'notPrintableAscii',
    callingAppIdInvalid: 'headerInvalid',
    originatingIpInvalid: 'originatingIpInvalid',
    mediaTypeInvalid: 'headerInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'requestInvalid',
    overloaded: 'overloaded',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany],
});

/** Introspection (RFC 7662): the same client authentication and codes, but standard clients send no trace header. */
export const introspectionFamily = family({
  ...oauthV2Family,
  name: 'OA2I',
  title: 'OAuth token introspection',
  trace: { ...oauthV2Family.trace, header: 'transactionId', form: 'uuid', isRequired: false },
});

/** OA1: the token call of edition V1 (T5), XML. */
export const oauthV1Family = family({
  name: 'OA1',
  title: 'OAuth tokens V1',
  authentication: 'basic',
  edition: 'none',
  checks: 'client-calls',
  clientCall: { product: 'legacy-authentication', institutionHeader: 'di_fiid' },
  trace: { header: 'di_tid', form: 'uuid', isRequired: true },
  envelope: 'legacy-status',
  errors: legacyTokenErrors,
  failures: {
    clientInvalid: 'credentialsInvalid',
    clientDisabled: 'urlNotAuthorized',
    addressBlocked: 'accessBlocked',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'tidInvalid',
    traceMalformed: 'tidInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'headerInvalid',
    originatingIpInvalid: 'originatingIpInvalid',
    mediaTypeInvalid: 'headerInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'requestInvalid',
    overloaded: 'overloaded',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany, { switchKey: 'v1.quota_code', value: '90001', rows: { quotaExceeded: { code: '90001' } } }],
});

/** Key set and metadata: open to everybody, no trace header. */
export const discoveryFamily = family({
  name: 'DISC',
  title: 'Discovery',
  authentication: 'none',
  edition: 'none',
  checks: 'open-calls',
  trace: undefined,
  envelope: 'code-message',
  errors: gatewayErrors,
  failures: { headersTooLong: 'headersTooLong', notPrintableAscii: 'notPrintableAscii', unexpected: 'unexpected' },
});

/** What answers a path that is no operation. */
export const gatewayFamily = family({ ...discoveryFamily, name: 'GW', title: 'Gateway' });

/** Unknown paths of the V1 products that answer with the Status document. */
export const legacyRouteFamily = family({
  name: 'GW1',
  title: 'Gateway of V1 products',
  authentication: 'none',
  edition: 'none',
  checks: 'open-calls',
  trace: undefined,
  envelope: 'legacy-status',
  errors: legacyRouteErrors,
  failures: { unexpected: 'unexpected' },
});

/** Unknown paths of the V1 messaging products. */
export const messagingRouteFamily = family({
  ...legacyRouteFamily,
  name: 'GW2',
  title: 'Gateway of V1 messaging products',
  envelope: 'error-response',
});
