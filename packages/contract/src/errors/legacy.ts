import type { ErrorTable } from '../family.ts';

/**
 * V1 token call (contract sheet "Authentication", section 8). The short texts are wire text: published clients match
 * them.
 */
export const legacyTokenErrors = {
  grantTypeInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Form param 'grant_type' invalid", kind: 'L' },
  usernameInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Form param 'username' invalid", kind: 'L' },
  passwordInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Form param 'password' invalid", kind: 'L' },
  fiidInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Header 'di_fiid' invalid", kind: 'L' },
  tidInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Header 'di_tid' invalid", kind: 'L' },
  originatingIpInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: "Header 'originating_ip' invalid", kind: 'L' },
  headerInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: 'Header invalid', kind: 'L' },
  requestInvalid: { status: 400, type: 'USER_ERROR', code: '90002', message: 'Request invalid', kind: 'L' },
  fiidNotAuthorized: { status: 401, type: 'USER_ERROR', code: '90001', message: 'di_fiid not authorized', kind: 'L' },
  credentialsInvalid: { status: 401, type: 'USER_ERROR', code: '90001', message: 'login credentials are not valid', kind: 'L' },
  grantNotSupported: {
    status: 403,
    type: 'USER_ERROR',
    code: '90001',
    message: 'app does not support client credentials',
    kind: 'L',
  },
  accessBlocked: { status: 403, type: 'USER_ERROR', code: '90002', message: 'Access blocked', kind: 'C' },
  urlNotAuthorized: { status: 403, type: 'USER_ERROR', code: '90002', message: 'Client not authorized for this URL', kind: 'L' },
  unexpected: { status: 500, type: 'SYSTEM_ERROR', code: '90003', message: 'internal service error', kind: 'F' },
  quotaExceeded: { status: 500, type: 'SYSTEM_ERROR', code: '91000', message: 'Quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, type: 'SYSTEM_ERROR', code: '92000', message: 'Spike arrest violation', kind: 'C' },
  overloaded: {
    status: 503,
    type: 'SYSTEM_ERROR',
    code: '90004',
    message: 'too many sign-ins at this moment, try again',
    kind: 'L',
  },
  bodyTooLarge: { status: 413, type: 'USER_ERROR', code: '90002', message: 'Request too large', kind: 'L' },
} as const satisfies ErrorTable;

/** Paths of V1 products that do not exist (Conventions section 1.7): the same refusal in both XML envelopes. */
export const legacyRouteErrors = {
  urlNotAuthorized: { status: 403, type: 'USER_ERROR', code: '90002', message: 'Client not authorized for this URL', kind: 'L' },
  unexpected: { status: 500, type: 'SYSTEM_ERROR', code: '90003', message: 'internal service error', kind: 'F' },
} as const satisfies ErrorTable;
