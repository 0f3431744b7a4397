import Type from 'typebox';
import { operation } from '../operation.ts';
import { institutionDisclosuresFamily, userDisclosuresFamily } from './disclosure-families.ts';
import {
  AccountTypeQuery,
  ChangedInstitutionDisclosure,
  ChangedUserDisclosure,
  DisclosurePathId,
  InstitutionDisclosure,
  InstitutionDisclosures,
  NewInstitutionDisclosure,
  NewUserDisclosure,
  RemovedUserDisclosure,
  UserDisclosurePathId,
  UserDisclosures,
} from './disclosure-schemas.ts';

/** D1 to D9 (contract sheet "Disclosures", section 1.1). */

const institutionPath = '/v1/institution-disclosures';
const userPath = '/v1/institution-user-disclosures';
const aliasOf = (path: string): string => `/db-disclosures${path}`;

/** Whose disclosures, for tokens of applications; and at which location of a business. */
const user = {
  hostUserId: Type.Optional(
    Type.String({ pattern: '^[0-9A-Za-z]{1,32}$', description: 'Member number of a retail user. Either this or loginId.' }),
  ),
  loginId: Type.Optional(
    Type.String({ pattern: '^[ -~]*[!-~][ -~]*$', maxLength: 256, description: 'Login name. Either this or hostUserId.' }),
  ),
  institutionCustomerId: Type.Optional(
    Type.String({ description: 'Location of a business user, for whom it is required: 32 hexadecimal digits.' }),
  ),
};

const ofUser = ['queryParamInvalid', 'notFoundForUser', 'notAuthorised', 'locationRequired'] as const;

export const listInstitutionDisclosures = operation({
  id: 'listInstitutionDisclosures',
  product: 'documents',
  summary: 'List the disclosures of the institution',
  description: 'What the institution wants its users to accept, enabled or not, by name.',
  family: institutionDisclosuresFamily,
  scopes: ['disclosures:read'],
  method: 'GET',
  path: institutionPath,
  aliases: [aliasOf(institutionPath)],
  success: { status: 200, body: InstitutionDisclosures },
  errors: [],
  example: {},
});

export const createInstitutionDisclosure = operation({
  id: 'createInstitutionDisclosure',
  product: 'documents',
  summary: 'Add a disclosure of the institution',
  description: 'The text is named by its URL. Not enabled unless the call says so. Takes a token of an application.',
  family: institutionDisclosuresFamily,
  scopes: ['disclosures:write'],
  method: 'POST',
  path: institutionPath,
  aliases: [aliasOf(institutionPath)],
  body: NewInstitutionDisclosure,
  bodyFormat: 'json',
  success: { status: 200, body: InstitutionDisclosure },
  errors: ['fieldsMissingOrInvalid', 'notAuthorised'],
  example: {
    body: {
      institutionDisclosureName: 'MARKETING',
      institutionDisclosureData: 'https://docs.example.org/marketing.pdf',
      institutionDisclosureDataType: 'URL',
      institutionDisclosureStatus: true,
    },
  },
});

export const updateInstitutionDisclosure = operation({
  id: 'updateInstitutionDisclosure',
  product: 'documents',
  summary: 'Change a disclosure of the institution',
  description:
    'Replaces it: without data and type the text goes, without status it is disabled. A disclosure cannot be deleted; what users accepted of a disabled one stays. Takes a token of an application.',
  family: institutionDisclosuresFamily,
  scopes: ['disclosures:write'],
  method: 'PUT',
  path: `${institutionPath}/{institutionDisclosureId}`,
  aliases: [aliasOf(`${institutionPath}/{institutionDisclosureId}`)],
  params: Type.Object({ institutionDisclosureId: DisclosurePathId }),
  body: ChangedInstitutionDisclosure,
  bodyFormat: 'json',
  success: { status: 200, body: InstitutionDisclosure },
  errors: ['fieldsMissingOrInvalid', 'idsDiffer', 'disclosureUnsupported', 'notAuthorised'],
  example: {
    params: { institutionDisclosureId: '{{institutionDisclosureId}}' },
    body: {
      institutionDisclosureId: '{{institutionDisclosureId}}',
      institutionDisclosureName: 'PAPERLESS TAX',
      institutionDisclosureData: 'https://docs.example.org/paperless-tax-2.pdf',
      institutionDisclosureDataType: 'URL',
      institutionDisclosureStatus: true,
    },
  },
});

export const listUserDisclosures = operation({
  id: 'listUserDisclosures',
  product: 'documents',
  summary: 'List what a user has accepted',
  description:
    'Only decisions that were made, by name. Decisions on statements of single accounts are shown to tokens with accounts:read.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:read', 'institution-users:read'],
  method: 'GET',
  path: userPath,
  aliases: [aliasOf(userPath)],
  query: Type.Object(user),
  success: { status: 200, body: UserDisclosures },
  errors: ofUser,
  example: { query: { loginId: '{{loginId}}' } },
});

export const createUserDisclosure = operation({
  id: 'createUserDisclosure',
  product: 'documents',
  summary: 'Accept a disclosure for a user',
  description:
    'System disclosures by name, custom ones by id. A repeat changes the one row. With an accountId it is about the statements of that account, needs accountType and scope accounts:read. A registration that waited for its disclosures is completed by the last of them.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:write', 'institution-users:read'],
  method: 'POST',
  path: userPath,
  aliases: [aliasOf(userPath)],
  query: Type.Object({ ...user, accountType: AccountTypeQuery }),
  body: NewUserDisclosure,
  bodyFormat: 'json',
  success: {
    status: 204,
    alternative: {
      status: 200,
      body: UserDisclosures,
      description: 'The list, while switch `disclosures.create_answer` says so.',
    },
  },
  errors: [
    ...ofUser,
    'fieldsMissingOrInvalid',
    'operationUnsupported',
    'disclosureUnsupported',
    'accountTypeInvalid',
    'accountIdMissing',
    'paperWaiverMissing',
    'cifMissing',
  ],
  example: {
    query: { loginId: '{{loginId}}' },
    body: { institutionDisclosureName: 'ESIGN', institutionUserDisclosureStatus: 'ACCEPTED' },
  },
});

export const updateUserDisclosure = operation({
  id: 'updateUserDisclosure',
  product: 'documents',
  summary: 'Change a decision of a user',
  description:
    'Of what was decided before: by id of the disclosure, by id of the row, or by the names IB and ESIGN. Online statements are changed by accepting them anew.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:write', 'institution-users:read'],
  method: 'PUT',
  path: userPath,
  aliases: [aliasOf(userPath)],
  query: Type.Object(user),
  body: ChangedUserDisclosure,
  bodyFormat: 'json',
  success: { status: 204 },
  errors: [...ofUser, 'fieldsMissingOrInvalid', 'operationUnsupported', 'disclosureUnsupported', 'idsDiffer'],
  example: {
    query: { loginId: '{{loginId}}' },
    body: { institutionDisclosureName: 'ESIGN', institutionUserDisclosureStatus: 'NOT_ACCEPTED' },
  },
});

export const updateUserDisclosureById = operation({
  id: 'updateUserDisclosureById',
  product: 'documents',
  summary: 'Change a decision of a user by its id',
  description: 'As the form without an id in the path, which other sources know alone.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:write', 'institution-users:read'],
  method: 'PUT',
  path: `${userPath}/{institutionUserDisclosureId}`,
  aliases: [aliasOf(`${userPath}/{institutionUserDisclosureId}`)],
  params: Type.Object({ institutionUserDisclosureId: UserDisclosurePathId }),
  query: Type.Object(user),
  body: ChangedUserDisclosure,
  bodyFormat: 'json',
  success: { status: 204 },
  errors: [...ofUser, 'fieldsMissingOrInvalid', 'operationUnsupported', 'disclosureUnsupported', 'idsDiffer'],
  example: {
    params: { institutionUserDisclosureId: '{{institutionUserDisclosureId}}' },
    query: { loginId: '{{loginId}}' },
    body: { institutionUserDisclosureStatus: 'NOT_ENROLLED' },
  },
});

export const deleteUserDisclosure = operation({
  id: 'deleteUserDisclosure',
  product: 'documents',
  summary: 'Delete the decision on the statements of an account',
  description:
    'Only online statements of an account can be deleted here, with scope accounts:read. Who cannot send a body with DELETE sends the same two members as query parameters. The evidence of what was decided stays.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:write', 'institution-users:read'],
  method: 'DELETE',
  path: userPath,
  aliases: [aliasOf(userPath)],
  query: Type.Object({
    ...user,
    accountType: AccountTypeQuery,
    institutionDisclosureName: Type.Optional(Type.String({ maxLength: 20, description: 'As in the body.' })),
    accountId: Type.Optional(Type.String({ maxLength: 64, description: 'As in the body.' })),
  }),
  body: RemovedUserDisclosure,
  bodyFormat: 'json',
  isBodyOptional: true,
  success: { status: 204 },
  errors: [
    ...ofUser,
    'requestBlank',
    'fieldsMissingOrInvalid',
    'operationUnsupported',
    'accountTypeInvalid',
    'accountIdMissing',
    'idsDiffer',
    'cifMissing',
  ],
  example: {
    query: { loginId: '{{loginId}}', accountType: 'CHECKING' },
    body: { institutionDisclosureName: 'OLS', accountId: '{{accountId}}' },
  },
});

export const deleteUserDisclosureById = operation({
  id: 'deleteUserDisclosureById',
  product: 'documents',
  summary: 'Delete a decision of a user by its id',
  description:
    'Custom disclosures and online statements; IB and ESIGN cannot be deleted. The evidence of what was decided stays. For statements of an account it needs scope accounts:read.',
  family: userDisclosuresFamily,
  scopes: ['disclosures:write', 'institution-users:read'],
  method: 'DELETE',
  path: `${userPath}/{institutionUserDisclosureId}`,
  aliases: [aliasOf(`${userPath}/{institutionUserDisclosureId}`)],
  params: Type.Object({ institutionUserDisclosureId: UserDisclosurePathId }),
  query: Type.Object(user),
  success: { status: 204 },
  errors: [...ofUser, 'operationUnsupported'],
  example: {
    params: { institutionUserDisclosureId: '{{institutionUserDisclosureId}}' },
    query: { loginId: '{{loginId}}' },
  },
});
