import { passwordResetErrors } from '../errors/password-reset.ts';
import { family } from '../family.ts';

/** PRS: what follows the passcode. Ours, in the form of the customers family. */
export const passwordResetFamily = family({
  name: 'PRS',
  title: 'Password recovery',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'correlationId', form: 'uuid', isRequired: true },
  envelope: 'status-message-code',
  errors: passwordResetErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMissing',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    scopeMissing: 'scopeMissing',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'correlationIdInvalid',
    traceMalformed: 'correlationIdInvalid',
    headersTooLong: 'requestInvalid',
    notPrintableAscii: 'requestInvalid',
    originatingIpInvalid: 'requestInvalid',
    mediaTypeInvalid: 'bodyInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'bodyInvalid',
    pathInvalid: 'pathInvalid',
    queryInvalid: 'requestInvalid',
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
  ],
});
