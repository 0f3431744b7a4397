import type { ErrorTable } from '../family.ts';

/** The second half of password recovery. Ours: the published API only sends the passcode. */
export const passwordResetErrors = {
  authorizationMissing: {
    status: 401,
    code: 'PRS_10001',
    message: 'header Authorization is missing or not "Bearer token"',
    kind: 'L',
  },
  tokenInvalid: {
    status: 401,
    code: 'PRS_10002',
    message: 'the access token is unknown, expired, revoked or of the wrong kind',
    kind: 'L',
  },
  scopeMissing: { status: 403, code: 'PRS_10003', message: 'the access token lacks a scope of this operation', kind: 'L' },
  correlationIdInvalid: { status: 400, code: 'PRS_10004', message: 'header correlationId is missing or not a UUID', kind: 'L' },
  pathInvalid: { status: 400, code: 'PRS_10005', message: 'the customer id is malformed', kind: 'L' },
  bodyInvalid: { status: 400, code: 'PRS_10006', message: 'the body is not what this operation takes', kind: 'L' },
  requestInvalid: { status: 400, code: 'PRS_10007', message: 'the request cannot be handled', kind: 'L' },
  bodyTooLarge: { status: 413, code: 'PRS_10008', message: 'the body is too large', kind: 'L' },
  passcodeRefused: {
    status: 400,
    code: 'PRS_20001',
    message: 'the passcode is wrong or no longer good, or the customer has none',
    kind: 'L',
  },
  sessionRefused: { status: 400, code: 'PRS_20002', message: 'the reset session is unknown, used or over', kind: 'L' },
  passwordRefused: { status: 400, code: 'PRS_20003', message: 'the new password does not follow the password policy', kind: 'L' },
  overloaded: { status: 503, code: 'PRS_30001', message: 'too many passwords at once, try again', kind: 'L' },
  unavailable: { status: 503, code: 'PRS_30002', message: 'the user store does not answer, try again', kind: 'L' },
  unexpected: { status: 500, code: 'PRS_99999', message: 'an unexpected error', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C', envelope: 'code-message' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C', envelope: 'code-message' },
} as const satisfies ErrorTable;
