import Type from 'typebox';
import { operation } from '../operation.ts';
import { AccountId } from './disclosure-schemas.ts';
import { eStatementsFamily } from './e-statement-families.ts';
import {
  AccountPreferenceChange,
  AccountPreferences,
  PreferenceOutcome,
  ReportCriteria,
  StatementReport,
  UserPreferenceChange,
} from './e-statement-schemas.ts';

/** E1 to E4 (contract sheet "Disclosures and e-statements", section 1.2). */

const aliasOf = (path: string): string => `/ux-users${path}`;
const reads = ['accounts:read', 'disclosures:read', 'institution-users:read'] as const;
const writes = ['accounts:read', 'disclosures:write', 'institution-users:read'] as const;

const user = Type.Object({
  hostUserId: Type.Optional(
    Type.String({ description: 'Member number of a retail user. Either this or loginId, for tokens of applications.' }),
  ),
  loginId: Type.Optional(Type.String({ description: 'Login name. Either this or hostUserId, for tokens of applications.' })),
});

const ofUser = ['inputMissing', 'scopeMissing', 'customerNotFound', 'multiStatementOff'] as const;

export const getAccountStatementPreference = operation({
  id: 'getAccountStatementPreference',
  product: 'documents',
  summary: 'Get the statement preference of an account',
  description: 'What a retail user has decided about online statements of an account; an empty list for every other account.',
  family: eStatementsFamily,
  scopes: reads,
  method: 'GET',
  path: '/v1/e-statements/{accountId}/disclosures',
  aliases: [aliasOf('/v1/e-statements/{accountId}/disclosures')],
  params: Type.Object({ accountId: AccountId }),
  query: user,
  success: { status: 200, body: AccountPreferences },
  errors: ofUser,
  example: { params: { accountId: '{{accountId}}' }, query: { loginId: '{{loginId}}' } },
});

export const updateAccountStatementPreference = operation({
  id: 'updateAccountStatementPreference',
  product: 'documents',
  summary: 'Choose electronic or paper statements of an account',
  description: 'The user must have accepted online statements of the account before.',
  family: eStatementsFamily,
  scopes: writes,
  method: 'PUT',
  path: '/v1/e-statements/preference',
  aliases: [aliasOf('/v1/e-statements/preference')],
  query: user,
  body: AccountPreferenceChange,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: {
    status: 204,
    otherStatuses: [{ status: 200, description: 'Empty too, while switch `est.preference_answer` says so.' }],
  },
  errors: [
    ...ofUser,
    'requestInvalid',
    'userNotActive',
    'disclosureNameUnavailable',
    'accountNotInDisclosure',
    'disclosureNotAccepted',
  ],
  example: { query: { loginId: '{{loginId}}' }, body: { activateEstatement: true, accountId: '{{accountId}}' } },
});

export const updateUserStatementPreferences = operation({
  id: 'updateUserStatementPreferences',
  product: 'documents',
  summary: 'Choose electronic or paper statements of all accounts',
  description:
    'Of every account whose online statements the user has accepted, each in a transaction of its own. Where statements are chosen once for the user, that choice.',
  family: eStatementsFamily,
  scopes: writes,
  method: 'PUT',
  path: '/v2/e-statements/user/preferences',
  aliases: [aliasOf('/v2/e-statements/user/preferences')],
  query: user,
  body: UserPreferenceChange,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: {
    status: 204,
    alternative: { status: 206, body: PreferenceOutcome, description: 'Some accounts could not be changed; the others were.' },
  },
  errors: [...ofUser, 'requestInvalid', 'userNotActive', 'disclosureNotAccepted', 'noAccountsInDisclosure'],
  example: { query: { loginId: '{{loginId}}' }, body: { activateEstatement: true } },
});

export const createStatementOptInReport = operation({
  id: 'createStatementOptInReport',
  product: 'documents',
  summary: 'Report who gets electronic statements',
  description:
    'A record for each account of which the customer has accepted online statements, by login name and account number. With fromDate and toDate, at most 90 days apart, only decisions of that time. Takes a token of an application.',
  family: eStatementsFamily,
  scopes: reads,
  method: 'POST',
  path: '/v1/reports/e-statements',
  aliases: [aliasOf('/v1/reports/e-statements')],
  body: ReportCriteria,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  isBodyOptional: true,
  success: {
    status: 200,
    body: StatementReport,
    otherStatuses: [
      { status: 206, description: 'Accounts are left out: their statements are not accepted, or they cannot be read.' },
    ],
  },
  errors: [
    'scopeMissing',
    'multiStatementOff',
    'inputMissing',
    'requestInvalid',
    'dateFormat',
    'fromAfterTo',
    'fromEqualsTo',
    'spanOver90Days',
    'customerNotFound',
  ],
  example: { body: { customerId: '{{customerId}}' } },
});
