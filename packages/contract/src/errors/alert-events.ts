import type { ErrorTable } from '../family.ts';

/** What history and events refuse alike (contract sheet "Alerts", section 6.3). */
const commonErrors = {
  notAuthenticated: { status: 401, code: 'PRMSYS_10004', message: 'the access token is missing or not valid', kind: 'L' },
  scopeMissing: { status: 403, code: 'PRMSYS_10004', message: 'the access token lacks a scope of this operation', kind: 'L' },
  unavailable: { status: 503, code: 'PRMSYS_10003', message: 'the alert store does not answer, try again', kind: 'L' },
  unexpected: { status: 500, code: 'PRMSYS_10003', message: 'an unexpected fault', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C' },
} as const satisfies ErrorTable;

/** ALH: history, explanation and simulation. */
export const alertHistoryErrors = {
  ...commonErrors,
  unknownFault: { status: 400, code: 'PRMSYS_10003', message: 'a parameter is missing or cannot be read', kind: 'L' },
  eventInvalid: { status: 400, code: 'PRMSYS_10002', message: 'the body is not an event that could be published', kind: 'L' },
  institutionInvalid: { status: 400, code: 'PRMVAL_10003', message: 'the institution is not that of the token', kind: 'L' },
  dateInvalid: { status: 400, code: 'PRMVAL_10014', message: 'a date cannot be read, or the end is before the start', kind: 'L' },
  contentUnknown: { status: 500, code: 'PRMSYS_10009', message: 'there is no content for these criteria', kind: 'L' },
  alertUnknown: { status: 404, code: 'PRMSYS_10009', message: 'there is no such alert or event', kind: 'L' },
  userUnknown: { status: 404, code: 'PRMSYS_10011', message: 'the user is not known', kind: 'L' },
  userNotCovered: { status: 404, code: 'PRMSYS_10012', message: 'the user is not that of the token', kind: 'L' },
} as const satisfies ErrorTable;

/** ALE: events. Refusals are 500, as published (CR-71). */
export const alertEventErrors = {
  ...commonErrors,
  malformedInput: { status: 500, code: 'PRMSYS_10002', message: 'the request or its event is malformed', kind: 'L' },
  partMissing: { status: 500, code: 'PRMSYS_10003', message: 'eventDetails or notification is missing', kind: 'L' },
  addresseeMissing: {
    status: 500,
    code: 'PRMSYS_10007',
    message: 'the trace header, eventId, eventType, institutionId or who is meant is missing or not known',
    kind: 'L',
  },
  institutionInvalid: { status: 500, code: 'PRMSYS_10008', message: 'the institution is not that of the token', kind: 'L' },
  authorizationMissing: { status: 500, code: 'PRMSYS_10013', message: 'header Authorization is missing', kind: 'L' },
} as const satisfies ErrorTable;
