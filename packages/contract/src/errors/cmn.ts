import type { ErrorTable } from '../family.ts';

/** V2 token calls (contract sheet "Authentication", section 3.3). */
export const cmnErrors = {
  institutionInvalid: {
    status: 400,
    code: 'CMN_90005',
    message: 'header institutionId is missing, malformed or unknown',
    kind: 'L',
  },
  institutionUserInvalid: {
    status: 400,
    code: 'CMN_90005',
    message: 'the user of this token is not known in the institution',
    kind: 'L',
  },
  grantTypeInvalid: {
    status: 400,
    code: 'CMN_90007',
    message: 'grant_type is missing, unknown or not enabled for this application',
    kind: 'L',
  },
  transactionIdInvalid: { status: 400, code: 'CMN_90008', message: 'header transactionId is missing or not a UUID', kind: 'L' },
  accessBlocked: { status: 400, code: 'CMN_90009', message: 'access from this address is blocked', kind: 'C' },
  originatingIpInvalid: { status: 400, code: 'CMN_90009', message: 'header originating_ip is not an IP address', kind: 'L' },
  headerInvalid: { status: 400, code: 'CMN_90010', message: 'a header is invalid or the headers are too long', kind: 'L' },
  requestInvalid: {
    status: 400,
    code: 'CMN_90011',
    message: 'a form field is missing or repeated, or the body cannot be read',
    kind: 'L',
  },
  scopeInvalid: { status: 400, code: 'CMN_90012', message: 'a requested scope is not allowed for this application', kind: 'L' },
  usernameInvalid: {
    status: 400,
    code: 'CMN_90013',
    message: 'username is missing, blank, too long or not printable ASCII',
    kind: 'L',
  },
  passwordInvalid: { status: 400, code: 'CMN_90014', message: 'password is missing, blank or too long', kind: 'L' },
  tokenInvalid: {
    status: 400,
    code: 'CMN_90016',
    message: 'the token is unknown, expired, used, revoked or of another application',
    kind: 'L',
  },
  userInvalid: { status: 400, code: 'CMN_90016', message: 'the user of this token may not sign in', kind: 'L' },
  notPrintableAscii: { status: 400, code: 'CMN_90017', message: 'the request has characters outside printable ASCII', kind: 'L' },
  tokenNotStored: { status: 400, code: 'CMN_90019', message: 'the token could not be created', kind: 'F' },
  clientNotAuthorised: { status: 401, code: 'CMN_90001', message: 'this application may not use this resource', kind: 'C' },
  clientCredentialsInvalid: {
    status: 401,
    code: 'CMN_90004',
    message: 'the keys of the application are missing or wrong',
    kind: 'L',
  },
  userCredentialsInvalid: { status: 401, code: 'CMN_90015', message: 'the user credentials are not valid', kind: 'L' },
  institutionNotAllowed: {
    status: 403,
    code: 'CMN_90006',
    message: 'this application may not act for this institution',
    kind: 'L',
  },
  unexpected: { status: 500, code: 'CMN_90000', message: 'an unexpected error', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C' },
  overloaded: { status: 503, code: 'CMN_90000', message: 'too many sign-ins at this moment, try again', kind: 'L' },
  bodyTooLarge: { status: 413, code: 'CMN_90011', message: 'the body is too large', kind: 'L' },
} as const satisfies ErrorTable;

/** Answers of the gateway to what is no operation at all (Conventions section 1.7). */
export const gatewayErrors = {
  unknownRoute: { status: 404, code: 'CMN_90011', message: 'no operation has this path', kind: 'L' },
  requestMalformed: { status: 400, code: 'CMN_90011', message: 'the request cannot be read', kind: 'L' },
  methodNotAllowed: { status: 405, code: 'CMN_90011', message: 'this path does not take this method', kind: 'L' },
  headersTooLong: { status: 400, code: 'CMN_90010', message: 'the headers are too long', kind: 'L' },
  notPrintableAscii: { status: 400, code: 'CMN_90017', message: 'the request has characters outside printable ASCII', kind: 'L' },
  unexpected: { status: 500, code: 'CMN_90000', message: 'an unexpected error', kind: 'F' },
} as const satisfies ErrorTable;
