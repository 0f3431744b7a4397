import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { recErrors } from '../errors/rec.ts';
import { tfrErrors } from '../errors/tfr.ts';
import { family } from '../family.ts';

const bearerJsonOrXml = {
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  hasXmlTwin: true,
  variants: [quotaAsTooMany],
} as const;

const tokenFailures = {
  authorizationMissing: 'authorizationMissing',
  authorizationMalformed: 'authorizationMissing',
  tokenInvalid: 'tokenInvalid',
  tokenExpired: 'tokenInvalid',
  scopeMissing: 'scopeMissing',
  spikeExceeded: 'spikeExceeded',
  quotaExceeded: 'quotaExceeded',
  traceMissing: 'transactionIdMissing',
  traceMalformed: 'transactionIdTooLong',
  headersTooLong: 'headersTooLong',
  notPrintableAscii: 'notPrintableAscii',
  institutionMismatch: 'institutionMismatch',
  queryInvalid: 'queryInvalid',
  replayInFlight: 'replayInFlight',
  unavailable: 'unavailable',
  unexpected: 'unexpected',
} as const;

/** REC: recipients (M1 to M5). */
export const recipientsFamily = family({
  ...bearerJsonOrXml,
  name: 'REC',
  title: 'Recipients',
  errors: recErrors,
  failures: {
    ...tokenFailures,
    callingAppIdInvalid: 'headersTooLong',
    pathInvalid: 'recipientNotFound',
    mediaTypeInvalid: 'requestInvalid',
    bodyTooLarge: 'requestInvalid',
    bodyMissing: 'bodyMissing',
    bodyInvalid: 'requestInvalid',
  },
});

/** TFR: transfers (M6). */
export const transfersFamily = family({
  ...bearerJsonOrXml,
  name: 'TFR',
  title: 'Transfers',
  errors: tfrErrors,
  failures: {
    ...tokenFailures,
    callingAppIdInvalid: 'callingAppIdTooLong',
    mediaTypeInvalid: 'bodyInvalid',
    bodyTooLarge: 'bodyInvalid',
    bodyMissing: 'bodyInvalid',
    bodyInvalid: 'bodyInvalid',
  },
});
