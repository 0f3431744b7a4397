import { bisErrors } from '../errors/bis.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { family } from '../family.ts';

/** BIS: images of cheques, deposit slips and statements (I1, I2). */
export const imagesFamily = family({
  name: 'BIS',
  title: 'Banking images',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: bisErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMissing',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    institutionNotAllowed: 'clientBlocked',
    scopeMissing: 'scopeMissing',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'transactionIdMissing',
    traceMalformed: 'transactionIdTooLong',
    headersTooLong: 'headersTooLong',
    notPrintableAscii: 'notPrintableAscii',
    callingAppIdInvalid: 'callingAppIdTooLong',
    institutionMismatch: 'userNotCovered',
    notJson: 'mediaTypeInvalid',
    pathInvalid: 'imageNotFound',
    queryInvalid: 'queryInvalid',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    { switchKey: 'images.not_accepted_http', value: '401', rows: { statementsNotAccepted: { status: 401 } } },
  ],
});
