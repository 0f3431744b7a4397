import Type from 'typebox';
import { operation } from '../operation.ts';
import { CustomerAccounts } from './customer-account-schemas.ts';
import { accountsFamily, customerAccountsFamily, legacyAccountsFamily, transactionsFamily } from './families.ts';
import { LegacyAccounts } from './legacy-account-schemas.ts';
import { Account, AccountId, AccountQuery, AccountsQuery, AccountsResponse, Flag, userQuery } from './schemas.ts';
import { TransactionsQuery, TransactionsResponse } from './transaction-schemas.ts';

const userErrors = ['userBlank', 'queryInvalid', 'userMissing', 'userNotCovered', 'userNotFound'] as const;
const settingErrors = [
  'serviceOff',
  'cifNumberMissing',
  'maskFormatInvalid',
  'achTypeBlank',
  'numberNotFormatted',
  'typeInvalid',
  'micrMissing',
  'ciidFormatInvalid',
  'ciidFormatterOff',
  'noValidTypes',
] as const;

/** A1 (contract sheet "Accounts", section 1). */
export const listAccounts = operation({
  id: 'listAccounts',
  product: 'accounts',
  summary: 'List the accounts of a user',
  description:
    'The accounts that the user is entitled to and that are shown. Numbers are masked unless the token has scope accounts:read_unmasked.',
  family: accountsFamily,
  scopes: ['accounts:read'],
  method: 'GET',
  path: '/v1/accounts',
  aliases: ['/db-accounts/v1/accounts', '/accounts/v1/accounts', '/accounts'],
  query: AccountsQuery,
  success: {
    status: 200,
    body: AccountsResponse,
    xmlTwin: { switchKey: 'accounts.format', value: 'json_or_xml', root: 'Accounts' },
  },
  errors: [
    ...userErrors,
    ...settingErrors,
    'businessUserUnusable',
    'locationBlank',
    'locationInvalid',
    'locationMissing',
    'filterInvalid',
  ],
  example: { query: { loginId: '{{loginId}}' } },
});

/** A2 (contract sheet "Accounts", section 1). */
export const getAccount = operation({
  id: 'getAccount',
  product: 'accounts',
  summary: 'Get an account',
  description: 'One account of a user; with the token of an application that names no user, as its primary holder sees it.',
  family: accountsFamily,
  scopes: ['accounts:read'],
  method: 'GET',
  path: '/v1/accounts/{accountId}',
  aliases: ['/db-accounts/v1/accounts/{accountId}', '/accounts/v1/accounts/{accountId}'],
  params: Type.Object({ accountId: AccountId }),
  query: AccountQuery,
  success: { status: 200, body: Account, xmlTwin: { switchKey: 'accounts.format', value: 'json_or_xml', root: 'Account' } },
  errors: [
    ...userErrors,
    ...settingErrors,
    'businessUserUnusable',
    'locationBlank',
    'locationInvalid',
    'accountNotFound',
    'accountNotEntitled',
    'hidden',
    'notListed',
  ],
  example: { params: { accountId: '{{accountId}}' } },
});

/** A3 (contract sheet "Accounts", section 11). */
export const listCustomerAccounts = operation({
  id: 'listCustomerAccounts',
  product: 'accounts',
  summary: 'List the accounts of a customer with their transactions',
  description:
    'Retail only, and all or nothing: when the transactions of one account cannot be read the call is refused. Nothing is answered when there is no account. Of all accounts together the newest 10,000 rows are answered, or as many as the institution says (`mostRows`).',
  family: customerAccountsFamily,
  scopes: ['accounts:read', 'transactions:read'],
  method: 'GET',
  path: '/v1/customers/{customerId}:accounts',
  aliases: ['/ux-users/v1/customers/{customerId}:accounts'],
  params: Type.Object({ customerId: Type.String({ description: 'Customer: 32 hexadecimal digits.' }) }),
  query: Type.Object(userQuery),
  success: { status: 200, body: CustomerAccounts, emptyStatus: 204 },
  errors: ['pathInvalid', 'userMissing', 'userTwice', 'customerNotCovered', 'customerNotFound', 'stepRefused'],
  example: { params: { customerId: '{{customerId}}' }, query: { loginId: '{{loginId}}' } },
});

/** A4 (contract sheet "Accounts", section 12). */
export const listLegacyAccounts = operation({
  id: 'listLegacyAccounts',
  product: 'accounts',
  summary: 'List the accounts of a customer as V1 XML',
  description: 'The same accounts in the form of the V1 products. Nothing is answered when there is no account.',
  family: legacyAccountsFamily,
  scopes: [],
  method: 'GET',
  path: '/bankingservices/v2/fis/{di_fiid}/fiCustomers/{di_ficustomer}/accounts',
  aliases: ['/v2/fis/{di_fiid}/fiCustomers/{di_ficustomer}/accounts'],
  params: Type.Object({
    di_fiid: Type.String({ description: "Institution: five digits, the token's." }),
    di_ficustomer: Type.String({ description: 'Customer, or location of a business: 32 hexadecimal digits.' }),
  }),
  query: Type.Object({
    getCrossAccts: Type.Optional(Flag),
    getExportAcctNum: Type.Optional(Flag),
    validateLocationStatus: Type.Optional(Flag),
  }),
  headers: [
    {
      name: 'intuit_IFS_userType',
      isRequired: false,
      description: 'ENTITLED, PRIMARY_ADMIN, SECONDARY_ADMIN or BUSINESS_USER; needed for sub-users and for users of a business.',
    },
    {
      name: 'intuit_authid',
      isRequired: false,
      description: 'Authentication id of the user; needed for ENTITLED, SECONDARY_ADMIN and BUSINESS_USER.',
    },
    {
      name: 'intuit_IFS_onBehalfOfUser',
      isRequired: false,
      description: 'Member number of the primary; needed for ENTITLED.',
    },
  ],
  success: { status: 200, body: LegacyAccounts, xmlRoot: 'Accounts', emptyStatus: 204 },
  errors: [
    'customerNotAuthorized',
    'customerNotFound',
    'headerInvalid',
    'queryInvalid',
    'authIdMissing',
    'subUserAuthIdMissing',
    'notABusinessUserType',
    'notARetailUserType',
    'notEntitled',
    'memberNumberMalformed',
    'memberNumberInvalid',
    'alternateMemberMissing',
    'serviceOff',
    'exportFormatOff',
    'maskFormatInvalid',
    'achTypeBlank',
    'numberNotFormatted',
    'typeInvalid',
    'micrMissing',
    'ciidFormatInvalid',
    'ciidFormatterOff',
  ],
  example: { params: { di_fiid: '{{institutionId}}', di_ficustomer: '{{customerId}}' } },
});

/** X1 (contract sheet "Transactions", section 1). */
export const listTransactions = operation({
  id: 'listTransactions',
  product: 'accounts',
  summary: 'List the transactions of an account',
  description:
    'Newest first, pending ones too. The range of dates is cut into pages first and the filters are applied to the page, so a page may hold fewer rows than $top while later pages have more. No answer has more than 10,000 rows, or what the institution says instead (`mostRows`): the next ones follow by $skip.',
  family: transactionsFamily,
  scopes: ['transactions:read'],
  method: 'GET',
  path: '/v1/transactions',
  aliases: ['/db-transactions/v1/transactions'],
  query: TransactionsQuery,
  success: {
    status: 200,
    body: TransactionsResponse,
    bareMember: { switchKey: 'transactions.wrapper', value: 'array', member: 'transactions' },
  },
  errors: [
    'parameterMissing',
    'queryInvalid',
    'userNotFound',
    'attributeNotAllowed',
    'accountNotFound',
    'locationInvalid',
    'callerBlocked',
    'cifNumberMissing',
    'historyElsewhere',
    'historyDisabled',
    'historyNotEntitled',
    'dateInvalid',
    'pageInvalid',
    'filterInvalid',
  ],
  example: { query: { loginId: '{{loginId}}', accountId: '{{accountId}}', $skip: '0', $top: '10' } },
});
