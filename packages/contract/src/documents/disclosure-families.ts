import { dscErrors } from '../errors/dsc.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

const failures = {
  authorizationMissing: 'authenticationMissing',
  authorizationMalformed: 'authenticationMissing',
  tokenInvalid: 'tokenInvalid',
  tokenExpired: 'tokenInvalid',
  scopeMissing: 'notAuthorised',
  spikeExceeded: 'spikeExceeded',
  quotaExceeded: 'quotaExceeded',
  traceMissing: 'transactionIdMissing',
  traceMalformed: 'transactionIdTooLong',
  headersTooLong: 'headerTooLong',
  notPrintableAscii: 'notPrintableAscii',
  callingAppIdInvalid: 'callingAppIdTooLong',
  originatingIpInvalid: 'clientError',
  institutionMismatch: 'institutionInvalid',
  mediaTypeInvalid: 'clientError',
  bodyTooLarge: 'bodyTooBig',
  bodyMissing: 'requestBlank',
  bodyUnreadable: 'invalidRequest',
  bodyNotPrintableAscii: 'notPrintableAscii',
  fieldTooLong: 'fieldTooLong',
  bodyInvalid: 'fieldsMissingOrInvalid',
  unavailable: 'unavailable',
  unexpected: 'internal',
} as const;

const onDisclosures = {
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: dscErrors,
  variants: [
    quotaAsTooMany,
    { switchKey: 'disclosures.unauthorised_http', value: '403', rows: { notAuthorised: { status: 403 } } },
  ],
} as const;

/** DSC inst.: what an institution wants to be accepted (D1 to D3). A strict transaction id is a client error here. */
export const institutionDisclosuresFamily = family({
  ...onDisclosures,
  name: 'DSC inst.',
  title: 'Institution disclosures',
  failures: { ...failures, queryInvalid: 'clientError' },
});

/** DSC user: what a user has accepted (D4 to D9). */
export const userDisclosuresFamily = family({
  ...onDisclosures,
  name: 'DSC user',
  title: 'User disclosures',
  failures: { ...failures, queryInvalid: 'queryParamInvalid' },
});
