import type { ErrorTable } from '../family.ts';

/** Institution users and user status (contract sheet "Customers", section 11). */
export const isrErrors = {
  institutionInvalid: {
    status: 400,
    code: 'ISR_10000',
    message: 'header institutionId does not match the access token',
    kind: 'L',
  },
  userNotFound: { status: 404, code: 'ISR_10001', message: 'no such user', kind: 'L' },
  expressionInvalid: { status: 400, code: 'ISR_10009', message: '$expand is not a valid expression', kind: 'L' },
  cifNumberMissing: {
    status: 500,
    code: 'ISR_10010',
    message: 'the institution needs a CIF number and none is on file',
    kind: 'C',
  },
  authorizationMissing: {
    status: 401,
    code: 'ISR_11001',
    message: 'header Authorization is missing or not of the form "Bearer token"',
    kind: 'L',
  },
  tokenInvalid: { status: 401, code: 'ISR_11002', message: 'the access token is invalid, expired or revoked', kind: 'L' },
  scopeMissing: { status: 403, code: 'ISR_11003', message: 'the access token lacks a scope of this operation', kind: 'L' },
  userNotCovered: { status: 403, code: 'ISR_11003', message: 'the access token does not cover this user', kind: 'L' },
  notPrintableAscii: {
    status: 400,
    code: 'ISR_11004',
    message: 'the request has characters outside printable ASCII, or its headers are too long',
    kind: 'L',
  },
  transactionIdMissing: { status: 400, code: 'ISR_11005', message: 'header transactionId is missing', kind: 'L' },
  transactionIdTooLong: { status: 400, code: 'ISR_11006', message: 'header transactionId is too long', kind: 'L' },
  pathInvalid: { status: 400, code: 'ISR_11007', message: 'a path value is malformed', kind: 'L' },
  queryInvalid: { status: 400, code: 'ISR_11008', message: 'a query parameter is missing or invalid', kind: 'L' },
  callingAppIdTooLong: { status: 400, code: 'ISR_11009', message: 'header callingAppId is too long', kind: 'L' },
  encryptionKeyMissing: {
    status: 500,
    code: 'ISR_23007',
    message: 'the institution has no key to encrypt documents to',
    kind: 'C',
  },
  unexpected: { status: 500, code: 'ISR_99999', message: 'an unexpected error', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C' },
} as const satisfies ErrorTable;
