import { ficErrors } from '../errors/fic.ts';
import { isrErrors } from '../errors/isr.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { customerProfileErrors, uxuErrors } from '../errors/uxu.ts';
import { family } from '../family.ts';

/** The codes of the published samples, where they differ from the tables (CR-33, CR-34, CR-36). */
const sampleCodes = {
  switchKey: 'uxu.sample_codes',
  value: true,
  rows: {
    correlationIdMissing: { code: 'UXU_10007' },
    correlationIdMalformed: { code: 'UXU_10008' },
    customerNotFound: { code: 'UXU_10000' },
    userNotLocked: { status: 500 },
    requestInvalid: { status: 500 },
  },
} as const;

const failures = {
  authorizationMissing: 'authorizationMissing',
  authorizationMalformed: 'authorizationMalformed',
  tokenInvalid: 'tokenInvalid',
  tokenExpired: 'tokenExpired',
  scopeMissing: 'scopeMissing',
  spikeExceeded: 'spikeExceeded',
  quotaExceeded: 'quotaExceeded',
  traceMissing: 'correlationIdMissing',
  traceMalformed: 'correlationIdMalformed',
  headersTooLong: 'requestInvalid',
  notPrintableAscii: 'requestInvalid',
  originatingIpInvalid: 'originatingIpInvalid',
  mediaTypeInvalid: 'requestInvalid',
  bodyTooLarge: 'requestInvalid',
  bodyInvalid: 'requestInvalid',
  pathInvalid: 'pathInvalid',
  queryInvalid: 'queryInvalid',
  unavailable: 'unavailable',
  unexpected: 'unexpected',
} as const;

const onCustomer = {
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'correlationId', form: 'uuid', isRequired: true },
  envelope: 'status-message-code',
  failures,
  variants: [quotaAsTooMany, sampleCodes],
} as const;

/** UXU: operations on a customer (U2 to U5). */
export const customersFamily = family({ ...onCustomer, name: 'UXU', title: 'Customers', errors: uxuErrors });

/** U1 lists no 401: its token failures are 400. */
export const customerProfileFamily = family({
  ...onCustomer,
  name: 'UXU1',
  title: 'Customer profile',
  errors: customerProfileErrors,
});

/** ISR: institution users (U6 to U9). */
export const institutionUsersFamily = family({
  name: 'ISR',
  title: 'Institution users',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: isrErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMissing',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    scopeMissing: 'scopeMissing',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'transactionIdMissing',
    traceMalformed: 'transactionIdTooLong',
    headersTooLong: 'notPrintableAscii',
    notPrintableAscii: 'notPrintableAscii',
    callingAppIdInvalid: 'callingAppIdTooLong',
    institutionMismatch: 'institutionInvalid',
    pathInvalid: 'pathInvalid',
    queryInvalid: 'queryInvalid',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany, { switchKey: 'isr.notfound_http', value: '400', rows: { userNotFound: { status: 400 } } }],
});

/** FIC: the legacy customer (U10). */
export const legacyCustomersFamily = family({
  name: 'FIC',
  title: 'Legacy customers',
  authentication: 'bearer',
  edition: 'v1',
  checks: 'legacy-bearer-calls',
  trace: { header: 'di_tid', form: 'uuid', isRequired: true },
  envelope: 'legacy-status',
  hasJsonTwin: true,
  errors: ficErrors,
  failures: {
    authorizationMissing: 'tokenInvalid',
    authorizationMalformed: 'tokenInvalid',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    pathInstitutionMismatch: 'fiidNotAuthorized',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'tidInvalid',
    traceMalformed: 'tidInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'notPrintableAscii',
    originatingIpInvalid: 'headerInvalid',
    pathInvalid: 'customerNotFound',
    queryInvalid: 'idTypeInvalid',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany, { switchKey: 'v1.quota_code', value: '90001', rows: { quotaExceeded: { code: '90001' } } }],
});
