import type { ErrorTable } from '../family.ts';

/** What every family of the V2 alert products refuses alike (contract sheet "Alerts", sections 6.1 and 6.2). */
const alertCommonErrors = {
  malformedInput: { status: 400, code: 'PRMSYS_10002', message: 'the request or its JSON is malformed', kind: 'L' },
  notAuthenticated: { status: 401, code: 'PRMSYS_10004', message: 'the access token is missing or not valid', kind: 'L' },
  scopeMissing: { status: 403, code: 'PRMSYS_10004', message: 'the access token lacks a scope of this operation', kind: 'L' },
  institutionOnly: {
    status: 403,
    code: 'PRMSYS_10004',
    message: 'only the institution itself changes this, not one of its users',
    kind: 'L',
  },
  attributeMissing: { status: 400, code: 'PRMSYS_10015', message: 'a required attribute or header is missing', kind: 'L' },
  notPrintableAscii: { status: 400, code: 'PRMSYS_10016', message: 'a value has characters outside printable ASCII', kind: 'L' },
  valueInvalid: { status: 400, code: 'PRMVAL_10002', message: 'a value is not one of those that are allowed', kind: 'L' },
  institutionInvalid: { status: 400, code: 'PRMVAL_10003', message: 'the institution is not that of the token', kind: 'L' },
  channelInvalid: { status: 400, code: 'PRMVAL_10005', message: 'a channel is unknown or does not fit here', kind: 'L' },
  alertTypeInvalid: {
    status: 400,
    code: 'PRMVAL_10006',
    message: 'the name or the domain of the alert type is wrong',
    kind: 'L',
  },
  fieldRequired: { status: 400, code: 'PRMVAL_10007', message: 'a required field is empty', kind: 'L' },
  fieldInvalid: { status: 400, code: 'PRMVAL_10008', message: 'a field has a wrong type, length or pattern', kind: 'L' },
  unavailable: { status: 503, code: 'PRMSYS_10003', message: 'the alert store does not answer, try again', kind: 'L' },
  unexpected: { status: 500, code: 'PRMSYS_10003', message: 'an unexpected fault', kind: 'F' },
  quotaExceeded: { status: 500, code: 'CMN_90001', message: 'quota limit violation', kind: 'C' },
  spikeExceeded: { status: 500, code: 'CMN_90002', message: 'spike limit violation', kind: 'C' },
} as const satisfies ErrorTable;

/** ALM: alert types, institution alert types and templates (contract sheet "Alerts", section 6.1). */
export const alertManagementErrors = {
  ...alertCommonErrors,
  concurrentChange: { status: 400, code: 'PRMSYS_10001', message: 'it was changed since it was read', kind: 'L' },
  unknownFault: { status: 400, code: 'PRMSYS_10003', message: 'an unknown fault', kind: 'R' },
  notOwner: { status: 403, code: 'PRMSYS_10004', message: 'it belongs to the platform, and only operators change it', kind: 'L' },
  nameExists: { status: 204, code: 'PRMSYS_10005', message: 'it exists already; nothing was changed', kind: 'L' },
  idUnknown: { status: 400, code: 'PRMSYS_10006', message: 'there is nothing with this id', kind: 'L' },
  idExists: { status: 400, code: 'PRMSYS_10007', message: 'this id is taken', kind: 'L' },
  nameUnknown: { status: 400, code: 'PRMSYS_10008', message: 'there is no alert type of this name', kind: 'L' },
  pathBodyMismatch: { status: 400, code: 'PRMVAL_10001', message: 'path, query and body name different ids', kind: 'L' },
} as const satisfies ErrorTable;

/** ALP: alert preferences of institutions and users (contract sheet "Alerts", section 6.2). */
export const alertPreferenceErrors = {
  ...alertCommonErrors,
  preferenceUnknown: { status: 404, code: 'PRMAPS_10007', message: 'no such preference', kind: 'L' },
  preferenceMismatch: { status: 400, code: 'PRMAPS_10008', message: 'path and body name different preferences', kind: 'L' },
  userNotCovered: { status: 403, code: 'PRMSYS_10004', message: 'the access token does not cover this user', kind: 'L' },
  userInvalid: { status: 400, code: 'PRMVAL_10004', message: 'the user or the location is not known', kind: 'L' },
  typeNotForInstitution: {
    status: 400,
    code: 'PRMVAL_10009',
    message: 'the institution does not offer this alert type',
    kind: 'L',
  },
  enrolmentUnknown: { status: 400, code: 'PRMVAL_10010', message: 'no preference has this externalId', kind: 'L' },
  institutionPreferenceUnknown: { status: 400, code: 'PRMVAL_10011', message: 'no such institution preference', kind: 'L' },
  nullNotAllowed: { status: 400, code: 'PRMVAL_10012', message: 'a required field is missing or null', kind: 'L' },
  preferenceInvalid: {
    status: 400,
    code: 'PRMVAL_10013',
    message: 'the preference exists already, its account is not of the user, or the user has no destination for it',
    kind: 'L',
  },
  channelNotConfigured: {
    status: 400,
    code: 'PRMVAL_10015',
    message: 'the institution does not use this channel for it',
    kind: 'L',
  },
  accountTypeUnsupported: {
    status: 400,
    code: 'PRMVAL_10016',
    message: 'the alert type is not for accounts of this type',
    kind: 'L',
  },
  inProgress: { status: 409, code: 'PRMSYS_10001', message: 'the same call is running', kind: 'L' },
} as const satisfies ErrorTable;
