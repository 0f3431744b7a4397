import Type from 'typebox';
import { operation } from '../operation.ts';
import { institutionUsersFamily } from './families.ts';
import {
  Expand,
  ExpandWithDocuments,
  InstitutionUser,
  InstitutionUserIdType,
  InstitutionUserWithDocuments,
  RetrieveBillPayCredentials,
} from './institution-user-schemas.ts';
import { UserPathValue } from './schemas.ts';

/** U6 (contract sheet "Customers", section 9). */
export const getInstitutionUser = operation({
  id: 'getInstitutionUser',
  product: 'customers',
  summary: 'Get an institution user',
  description: 'Identity, customers and status of a login; contact methods, postal addresses and sub-users on demand.',
  family: institutionUsersFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/v1/institution-users/{institutionUserId}',
  aliases: ['/db-users/v1/institution-users/{institutionUserId}'],
  params: Type.Object({ institutionUserId: UserPathValue }),
  query: Type.Object({
    userIdType: Type.Optional(InstitutionUserIdType),
    $expand: Type.Optional(Expand),
    retrieveBillPayCredentials: Type.Optional(RetrieveBillPayCredentials),
  }),
  success: { status: 200, body: InstitutionUser },
  errors: [
    'userNotFound',
    'userNotCovered',
    'scopeMissing',
    'pathInvalid',
    'queryInvalid',
    'expressionInvalid',
    'cifNumberMissing',
  ],
  example: { params: { institutionUserId: '{{institutionUserId}}' }, query: { $expand: 'contactMethods' } },
});

/** U7 (contract sheet "Customers", section 9). */
export const getCurrentInstitutionUser = operation({
  id: 'getCurrentInstitutionUser',
  product: 'customers',
  summary: 'Get the institution user of the token',
  description: 'The user who signed in. A token of an application has no user and is refused.',
  family: institutionUsersFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/v1/institution-users',
  aliases: ['/db-users/v1/institution-users'],
  query: Type.Object({
    $expand: Type.Optional(Expand),
    retrieveBillPayCredentials: Type.Optional(RetrieveBillPayCredentials),
  }),
  success: { status: 200, body: InstitutionUser },
  errors: ['userNotFound', 'userNotCovered', 'scopeMissing', 'expressionInvalid', 'cifNumberMissing'],
  example: { query: { $expand: 'subUsers' } },
});

/** U8 (contract sheet "Customers", section 9). */
export const getInstitutionUserV2 = operation({
  id: 'getInstitutionUserV2',
  product: 'customers',
  summary: 'Get an institution user with identification documents',
  description:
    'As version 1, and identification documents on demand: they want scope institution-users:read_pii, and their numbers are encrypted to the key of the institution.',
  family: institutionUsersFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/v2/institution-users/{institutionUserId}',
  aliases: ['/db-users/v2/institution-users/{institutionUserId}'],
  params: Type.Object({ institutionUserId: UserPathValue }),
  query: Type.Object({ userIdType: Type.Optional(InstitutionUserIdType), $expand: Type.Optional(ExpandWithDocuments) }),
  success: { status: 200, body: InstitutionUserWithDocuments },
  errors: [
    'userNotFound',
    'userNotCovered',
    'scopeMissing',
    'pathInvalid',
    'queryInvalid',
    'expressionInvalid',
    'cifNumberMissing',
    'encryptionKeyMissing',
  ],
  example: { params: { institutionUserId: '{{institutionUserId}}' }, query: { $expand: 'identificationDocuments' } },
});
