import { accErrors } from '../errors/acc.ts';
import { customerAccountsErrors } from '../errors/customer-accounts.ts';
import { lacErrors } from '../errors/lac.ts';
import { quotaAsTooMany } from '../errors/quota-as-too-many.ts';
import { txnErrors } from '../errors/txn.ts';
import { family } from '../family.ts';

/** ACC: accounts (A1, A2). */
export const accountsFamily = family({
  name: 'ACC',
  title: 'Accounts',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: accErrors,
  failures: {
    authorizationMissing: 'authorizationMissing',
    authorizationMalformed: 'authorizationMissing',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    institutionOff: 'institutionOff',
    scopeMissing: 'scopeMissing',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'transactionIdMissing',
    traceMalformed: 'transactionIdTooLong',
    headersTooLong: 'headersTooLong',
    notPrintableAscii: 'notPrintableAscii',
    callingAppIdInvalid: 'callingAppIdTooLong',
    institutionMismatch: 'institutionInvalid',
    notJson: 'mediaTypeInvalid',
    bodyTooLarge: 'bodyTooLarge',
    pathInvalid: 'accountNotFound',
    queryInvalid: 'queryInvalid',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    {
      switchKey: 'accounts.not_entitled',
      value: '403',
      rows: { accountNotEntitled: { status: 403, code: 'ACC_00602' } },
    },
    {
      switchKey: 'accounts.no_authorization',
      value: 'gateway',
      rows: { authorizationMissing: { code: 'CMN_90004' } },
    },
  ],
});

/** TXN: transactions (X1). */
export const transactionsFamily = family({
  name: 'TXN',
  title: 'Transactions',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: txnErrors,
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
    headersTooLong: 'headersTooLong',
    notPrintableAscii: 'notPrintableAscii',
    callingAppIdInvalid: 'callingAppIdTooLong',
    institutionMismatch: 'attributeNotAllowed',
    notJson: 'mediaTypeInvalid',
    queryInvalid: 'queryInvalid',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    {
      switchKey: 'transactions.unknown_account',
      value: '404',
      rows: { accountNotFound: { status: 404, code: 'TXN_90000' } },
    },
  ],
});

/** UXU: accounts with transactions (A3). */
export const customerAccountsFamily = family({
  name: 'UXU3',
  title: 'Accounts with transactions',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'correlationId', form: 'uuid', isRequired: true },
  envelope: 'status-message-code',
  errors: customerAccountsErrors,
  failures: {
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
    pathInvalid: 'pathInvalid',
    queryInvalid: 'queryInvalid',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [quotaAsTooMany],
});

/** LAC: the legacy list of accounts (A4). */
export const legacyAccountsFamily = family({
  name: 'LAC',
  title: 'Legacy accounts',
  authentication: 'bearer',
  edition: 'v1',
  checks: 'legacy-bearer-calls',
  trace: { header: 'di_tid', form: 'uuid', isRequired: true },
  envelope: 'legacy-status',
  errors: lacErrors,
  failures: {
    authorizationMissing: 'tokenInvalid',
    authorizationMalformed: 'tokenInvalid',
    tokenInvalid: 'tokenInvalid',
    tokenExpired: 'tokenInvalid',
    pathInstitutionMismatch: 'fiidNotAuthorized',
    spikeExceeded: 'spikeExceeded',
    quotaExceeded: 'quotaExceeded',
    traceMissing: 'headerInvalid',
    traceMalformed: 'headerInvalid',
    headersTooLong: 'headerInvalid',
    notPrintableAscii: 'headerInvalid',
    originatingIpInvalid: 'headerInvalid',
    pathInvalid: 'customerNotFound',
    queryInvalid: 'queryInvalid',
    unavailable: 'unavailable',
    unexpected: 'unexpected',
  },
  variants: [
    quotaAsTooMany,
    { switchKey: 'v1.quota_code', value: '90001', rows: { quotaExceeded: { code: '90001' } } },
    {
      switchKey: 'accounts.legacy_error_type',
      value: 'table',
      rows: { customerNotFound: { type: 'APP_ERROR' }, typeMissing: { type: 'APP_ERROR' } },
    },
  ],
});
