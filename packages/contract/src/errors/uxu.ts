import type { ErrorTable } from '../family.ts';

/** Customer profile, contact methods, reset, unlock (contract sheet "Customers", section 8). */
export const uxuErrors = {
  tokenInvalid: {
    status: 401,
    code: 'UXU_10001',
    message: 'the access token is unknown, revoked or of the wrong kind',
    kind: 'L',
  },
  scopeMissing: { status: 403, code: 'UXU_10002', message: 'the access token lacks a scope of this operation', kind: 'L' },
  tokenExpired: { status: 401, code: 'UXU_10003', message: 'the access token has expired', kind: 'L' },
  authorizationMissing: { status: 401, code: 'UXU_10005', message: 'header Authorization is missing', kind: 'L' },
  correlationIdMissing: { status: 400, code: 'UXU_10006', message: 'header correlationId is missing', kind: 'L' },
  correlationIdMalformed: { status: 400, code: 'UXU_10007', message: 'header correlationId is not a UUID', kind: 'L' },
  originatingIpInvalid: { status: 400, code: 'UXU_10008', message: 'header originating_ip is not an IP address', kind: 'L' },
  authorizationMalformed: {
    status: 401,
    code: 'UXU_10009',
    message: 'header Authorization is not of the form "Bearer token"',
    kind: 'L',
  },
  customerNotCovered: { status: 400, code: 'UXU_10011', message: 'the access token does not cover this customer', kind: 'L' },
  pathInvalid: { status: 400, code: 'UXU_10012', message: 'a path value is malformed', kind: 'L' },
  unknownRoute: { status: 400, code: 'UXU_10013', message: 'no operation has this path', kind: 'L' },
  queryInvalid: { status: 400, code: 'UXU_10014', message: 'a query parameter is invalid', kind: 'L' },
  customerNotFound: { status: 404, code: 'UXU_88888', message: 'no such customer', kind: 'L' },
  noDigitalUser: { status: 400, code: 'UXU_88890', message: 'the customer has no digital user', kind: 'L' },
  contactMethodNotFound: {
    status: 400,
    code: 'UXU_88889',
    message: 'the customer has no such activated contact method',
    kind: 'L',
  },
  contactNotOnFile: { status: 400, code: 'UXU_88891', message: 'the old phone number or address is not on file', kind: 'L' },
  softFailure: {
    status: 400,
    code: 'UXU_13006',
    message: 'no passcode can be sent now, the customer should contact the institution',
    kind: 'L',
  },
  providerUnavailable: { status: 503, code: 'UXU_30002', message: 'nobody brings messages over this channel now', kind: 'L' },
  // Only a fault raises these: there is nothing behind this program that could.
  tokenWithoutInstitution: { status: 400, code: 'UXU_10004', message: 'the access token names no institution', kind: 'F' },
  unavailable: { status: 503, code: 'UXU_30001', message: 'the user store does not answer, try again', kind: 'L' },
  unexpected: { status: 500, code: 'UXU_99998', message: 'an unexpected error', kind: 'F' },
  userNotLocked: { status: 400, code: 'UXU_99999', message: 'user is not locked', kind: 'L' },
  requestInvalid: { status: 400, code: 'UXU_99999', message: 'the request cannot be handled', kind: 'L' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C', envelope: 'code-message' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C', envelope: 'code-message' },
} as const satisfies ErrorTable;

/** U1 lists no 401: its token failures are 400 (Conventions section 5). */
export const customerProfileErrors = {
  ...uxuErrors,
  tokenInvalid: { ...uxuErrors.tokenInvalid, status: 400 },
  tokenExpired: { ...uxuErrors.tokenExpired, status: 400 },
  authorizationMissing: { ...uxuErrors.authorizationMissing, status: 400 },
  authorizationMalformed: { ...uxuErrors.authorizationMalformed, status: 400 },
} as const satisfies ErrorTable;
