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
  // Only a fault raises these: there is nothing behind this program that could.
  primaryUserNotFound: { status: 400, code: 'ISR_10002', message: 'the primary user of a sub-user is not found', kind: 'F' },
  gatewayFailed: { status: 500, code: 'ISR_23001', message: 'the gateway of services failed', kind: 'F' },
  businessEntitlementFailed: { status: 500, code: 'ISR_23002', message: 'the entitlements of businesses failed', kind: 'F' },
  businessCoreFailed: { status: 500, code: 'ISR_23003', message: 'the core of businesses failed', kind: 'F' },
  coreHostFailed: { status: 500, code: 'ISR_23004', message: 'the host of the core failed', kind: 'F' },
  internalValidation: { status: 500, code: 'ISR_88888', message: 'the answer could not be validated', kind: 'F' },
  unexpected: { status: 500, code: 'ISR_99999', message: 'an unexpected error', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C' },
} as const satisfies ErrorTable;
