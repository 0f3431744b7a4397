import type { ErrorTable } from '../family.ts';

/**
 * NCH: events, destinations and subscriptions of V1 (contract sheet "Alerts", section 6.4). The code is the HTTP status,
 * but for what every V1 product answers alike.
 */
export const messagingErrors = {
  requestInvalid: { status: 400, code: '400', message: 'the body is missing, malformed or too large', kind: 'L' },
  mediaTypeInvalid: {
    status: 400,
    code: '400',
    message: 'Content-Type must be application/xml or application/json',
    kind: 'L',
  },
  queryInvalid: { status: 400, code: '400', message: 'the query is not one of this operation', kind: 'L' },
  notPrintableAscii: { status: 400, code: '400', message: 'the request has characters outside printable ASCII', kind: 'L' },
  tidInvalid: { status: 400, code: '400', message: "Header 'di_tid' invalid", kind: 'L' },
  originatingIpInvalid: { status: 400, code: '400', message: "Header 'originating_ip' invalid", kind: 'L' },
  headerInvalid: { status: 400, code: '400', message: 'Header invalid', kind: 'L' },
  inputInvalid: { status: 400, code: '400', message: 'a value is missing or cannot be taken', kind: 'L' },
  tooManyEvents: { status: 400, code: '400', message: 'a call takes 1 to 100 events', kind: 'L' },
  tooManyDestinations: {
    status: 400,
    code: '400',
    message: 'a customer has at most 10 destinations in an application',
    kind: 'L',
  },
  tooManySubscriptions: { status: 400, code: '400', message: 'a customer has at most 100 subscriptions', kind: 'L' },
  selectorInvalid: {
    status: 400,
    code: '400',
    message: 'the destination to delete is named wrongly, and nothing was deleted',
    kind: 'L',
  },
  tokenInvalid: { status: 401, code: '90001', message: 'access token is not valid', kind: 'L' },
  fiidNotAuthorized: { status: 401, code: '90001', message: 'di_fiid not authorized', kind: 'L' },
  customerNotAuthorized: { status: 401, code: '90001', message: 'di_ficustomer not authorized', kind: 'L' },
  customerNotFound: { status: 404, code: '404', message: 'no such customer', kind: 'L' },
  applicationNotFound: { status: 404, code: '404', message: 'no such product or notification application', kind: 'L' },
  destinationNotFound: { status: 404, code: '404', message: 'no such destination', kind: 'L' },
  subscriptionNotFound: { status: 404, code: '404', message: 'no such subscription', kind: 'L' },
  inProgress: { status: 409, code: '409', message: 'the same call is running', kind: 'L' },
  unexpected: { status: 500, code: '500', message: 'internal service error', kind: 'F' },
  quotaExceeded: { status: 500, code: '91000', message: 'Quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: '92000', message: 'Spike arrest violation', kind: 'C' },
  unavailable: { status: 503, code: '503', message: 'service does not answer, try again', kind: 'F' },
} as const satisfies ErrorTable;
