import Type from 'typebox';
import { operation } from '../operation.ts';
import { alertPreferencesFamily } from './families.ts';
import {
  AlertPreference,
  AlertPreferenceChange,
  AlertPreferences,
  InstitutionAlertPreference,
  InstitutionAlertPreferenceInput,
  InstitutionAlertPreferences,
  NewAlertPreference,
} from './preference-schemas.ts';
import { AlertPathId, TextOrTexts } from './schemas.ts';

const userQuery = {
  hostUserId: Type.Optional(Type.String({ description: 'Member number of the user; or loginId.' })),
  loginId: Type.Optional(Type.String({ description: 'Login name of the user; or hostUserId. A user token needs neither.' })),
  institutionCustomerId: Type.Optional(Type.String({ description: 'Location of a business user; also as a header.' })),
};
const trueOrFalse = '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$';
const headers = [
  { name: 'institutionCustomerId', isRequired: false, description: 'Location of a business user: 32 hexadecimal digits.' },
] as const;
const userErrors = ['userInvalid', 'userNotCovered', 'institutionInvalid', 'valueInvalid'] as const;
const writeErrors = [
  'nullNotAllowed',
  'fieldRequired',
  'fieldInvalid',
  'valueInvalid',
  'notPrintableAscii',
  'institutionInvalid',
  'channelInvalid',
  'alertTypeInvalid',
  'typeNotForInstitution',
  'channelNotConfigured',
] as const;

const onPreferences = {
  product: 'alerts',
  family: alertPreferencesFamily,
  path: '/v1/alert-preferences',
  aliases: ['/db-alerts-preferences/v1/alert-preferences'],
  headers,
} as const;

const onPreference = {
  product: 'alerts',
  family: alertPreferencesFamily,
  path: '/v1/alert-preferences/{alertPreferenceId}',
  aliases: ['/db-alerts-preferences/v1/alert-preferences/{alertPreferenceId}'],
  params: Type.Object({ alertPreferenceId: AlertPathId }),
  headers,
} as const;

const exampleUser = { loginId: '{{loginId}}' } as const;

/** L13 (contract sheet "Alerts", section 4.5). */
export const listAlertPreferences = operation({
  ...onPreferences,
  id: 'listAlertPreferences',
  summary: 'List the preferences of a user',
  description: 'Those of the user; where there are none, what the institution presumes, marked `defaultPreferences`.',
  scopes: ['alertPref:read'],
  method: 'GET',
  query: Type.Object({
    ...userQuery,
    accountId: Type.Optional(Type.String({ maxLength: 64 })),
    accountExternalId: Type.Optional(Type.String({ maxLength: 128 })),
    alertTypes: Type.Optional(TextOrTexts),
    externalId: Type.Optional(Type.String({ maxLength: 128 })),
    default: Type.Optional(Type.String({ pattern: trueOrFalse, description: 'true: only what the institution presumes.' })),
    pageNo: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$', description: 'From 0.' })),
    pageSize: Type.Optional(
      Type.String({ pattern: '^(?:[1-9][0-9]?|[1-4][0-9]{2}|500)$', description: 'From 1 to 500, default 100.' }),
    ),
  }),
  success: { status: 200, body: AlertPreferences },
  errors: [...userErrors, 'enrolmentUnknown'],
  example: { query: exampleUser },
});

/** L14. */
export const createAlertPreference = operation({
  ...onPreferences,
  id: 'createAlertPreference',
  summary: 'Create a preference of a user',
  description: 'The institution must offer the type and the channel, and the user must have an activated destination for it.',
  scopes: ['alertPref:write'],
  method: 'POST',
  query: Type.Object(userQuery),
  body: NewAlertPreference,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  hasReplayGuard: true,
  success: { status: 201, body: AlertPreference },
  errors: [...userErrors, ...writeErrors, 'preferenceInvalid', 'accountTypeUnsupported'],
  example: {
    query: exampleUser,
    body: {
      alertOpted: true,
      alertPreferenceDetails: { alertTypeName: 'LOW_BALANCE', channelTypeName: 'EMAIL' },
      additionalInfo: { threshold: 100, comparator: 'LT', currencyCode: 'USD' },
    },
  },
});

/** L15. */
export const getAlertPreference = operation({
  ...onPreference,
  id: 'getAlertPreference',
  summary: 'Get a preference of a user',
  description: 'One that is unknown and one of another user answer the same.',
  scopes: ['alertPref:read'],
  method: 'GET',
  query: Type.Object(userQuery),
  success: { status: 200, body: AlertPreference },
  errors: [...userErrors, 'preferenceUnknown'],
  example: { params: { alertPreferenceId: '{{alertPreferenceId}}' }, query: exampleUser },
});

/** L16. */
export const updateAlertPreference = operation({
  ...onPreference,
  id: 'updateAlertPreference',
  summary: 'Change a preference of a user',
  description: 'What is left out keeps its value.',
  scopes: ['alertPref:write'],
  method: 'PUT',
  query: Type.Object({
    ...userQuery,
    allowCallback: Type.Optional(
      Type.String({ pattern: trueOrFalse, description: 'false: the external system is not told; default true.' }),
    ),
  }),
  body: AlertPreferenceChange,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: AlertPreference },
  errors: [
    ...userErrors,
    ...writeErrors,
    'preferenceUnknown',
    'preferenceMismatch',
    'preferenceInvalid',
    'accountTypeUnsupported',
  ],
  example: { params: { alertPreferenceId: '{{alertPreferenceId}}' }, query: exampleUser, body: { alertOpted: false } },
});

/** L17. */
export const deleteAlertPreference = operation({
  ...onPreference,
  id: 'deleteAlertPreference',
  summary: 'Delete a preference of a user',
  description: 'From then on what the institution presumes applies.',
  scopes: ['alertPref:write'],
  method: 'DELETE',
  query: Type.Object(userQuery),
  success: { status: 204 },
  errors: [...userErrors, 'preferenceUnknown'],
  example: { params: { alertPreferenceId: '{{alertPreferenceId}}' }, query: exampleUser },
});

const onDefaults = {
  product: 'alerts',
  family: alertPreferencesFamily,
  path: '/v1/institution-alert-preferences',
  aliases: ['/db-alerts-preferences/v1/institution-alert-preferences'],
} as const;

const onDefault = {
  product: 'alerts',
  family: alertPreferencesFamily,
  path: '/v1/institution-alert-preferences/{institutionAlertPreferenceId}',
  aliases: ['/db-alerts-preferences/v1/institution-alert-preferences/{institutionAlertPreferenceId}'],
  params: Type.Object({ institutionAlertPreferenceId: AlertPathId }),
} as const;

/** L18 (contract sheet "Alerts", section 4.4). */
export const listInstitutionAlertPreferences = operation({
  ...onDefaults,
  id: 'listInstitutionAlertPreferences',
  summary: 'List what the institution presumes',
  description: 'These apply to users who said nothing of their own.',
  scopes: ['alertPref:read'],
  method: 'GET',
  query: Type.Object({ alertTypes: Type.Optional(TextOrTexts) }),
  success: { status: 200, body: InstitutionAlertPreferences },
  errors: ['institutionInvalid'],
  example: {},
});

/** L19. */
export const createInstitutionAlertPreference = operation({
  ...onDefaults,
  id: 'createInstitutionAlertPreference',
  summary: 'Presume a preference',
  description: 'One for each type and channel.',
  scopes: ['alertPref:write'],
  method: 'POST',
  body: InstitutionAlertPreferenceInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  hasReplayGuard: true,
  success: { status: 201, body: InstitutionAlertPreference },
  errors: [...writeErrors, 'institutionOnly', 'preferenceInvalid'],
  example: { body: { alertTypeName: 'ATM_WITHDRAWAL', channelTypeName: 'PUSH', alertOpted: true } },
});

/** L20. */
export const updateInstitutionAlertPreference = operation({
  ...onDefault,
  id: 'updateInstitutionAlertPreference',
  summary: 'Change what the institution presumes',
  description: 'What is left out keeps its value.',
  scopes: ['alertPref:write'],
  method: 'PUT',
  body: InstitutionAlertPreferenceInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: InstitutionAlertPreference },
  errors: [...writeErrors, 'institutionOnly', 'institutionPreferenceUnknown', 'preferenceMismatch', 'preferenceInvalid'],
  example: {
    params: { institutionAlertPreferenceId: '{{institutionAlertPreferenceId}}' },
    body: { alertOpted: false },
  },
});

/** L21. */
export const deleteInstitutionAlertPreference = operation({
  ...onDefault,
  id: 'deleteInstitutionAlertPreference',
  summary: 'Presume nothing any more',
  description: 'Users without a preference of their own get no such alert from then on.',
  scopes: ['alertPref:write'],
  method: 'DELETE',
  success: { status: 204 },
  errors: ['institutionPreferenceUnknown', 'institutionInvalid', 'institutionOnly'],
  example: { params: { institutionAlertPreferenceId: '{{institutionAlertPreferenceId}}' } },
});
