import type { ErrorTable } from '../family.ts';

/** Legacy customer (contract sheet "Customers", section 12). */
export const ficErrors = {
  idTypeInvalid: {
    status: 400,
    type: 'USER_ERROR',
    code: '20006',
    message: "Query param 'fiCustomerIdType' invalid",
    kind: 'L',
  },
  notPrintableAscii: {
    status: 400,
    type: 'USER_ERROR',
    code: '20006',
    message: 'Request has characters outside printable ASCII',
    kind: 'L',
  },
  tidInvalid: { status: 400, type: 'USER_ERROR', code: '25099', message: "Header 'di_tid' invalid", kind: 'L' },
  headerInvalid: { status: 400, type: 'USER_ERROR', code: '25099', message: 'Header invalid', kind: 'L' },
  tokenInvalid: { status: 401, type: 'USER_ERROR', code: '90001', message: 'access token is not valid', kind: 'L' },
  fiidNotAuthorized: { status: 401, type: 'USER_ERROR', code: '90001', message: 'di_fiid not authorized', kind: 'L' },
  customerNotAuthorized: { status: 401, type: 'APP_ERROR', code: '90001', message: 'di_ficustomer not authorized', kind: 'L' },
  customerNotFound: { status: 404, type: 'APP_ERROR', code: '20009', message: 'no such customer', kind: 'L' },
  // Only a fault raises these: there is nothing behind this program that could.
  tooManyCalls: { status: 503, type: 'SYSTEM_ERROR', code: '28003', message: 'too many calls at this moment', kind: 'F' },
  unexpected: { status: 500, type: 'SYSTEM_ERROR', code: '10001', message: 'internal service error', kind: 'F' },
  quotaExceeded: { status: 500, type: 'SYSTEM_ERROR', code: '91000', message: 'Quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, type: 'SYSTEM_ERROR', code: '92000', message: 'Spike arrest violation', kind: 'C' },
  unavailable: { status: 503, type: 'SYSTEM_ERROR', code: '28002', message: 'service does not answer, try again', kind: 'F' },
} as const satisfies ErrorTable;
