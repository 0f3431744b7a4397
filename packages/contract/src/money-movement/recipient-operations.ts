import Type from 'typebox';
import { operation } from '../operation.ts';
import { recipientsFamily } from './families.ts';
import { HostUserId, LoginId, RecipientAnswer, RecipientId, RecipientRequest } from './recipient-schemas.ts';

const path = '/v1/recipients';
const alias = '/db-recipients/v1/recipients';
const user = { hostUserId: Type.Optional(HostUserId), loginId: Type.Optional(LoginId) };
const params = Type.Object({ recipientId: RecipientId });
const success = { status: 200, body: RecipientAnswer, xmlTwinRoot: 'Recipients' } as const;
const userErrors = ['queryInvalid', 'userNotFound', 'userNotCovered'] as const;
const providerErrors = ['providerMissing', 'providerUnknown'] as const;
const fieldErrors = [
  'fieldMissing',
  'fieldTooLong',
  'emailInvalid',
  'accountTypeInvalid',
  'fieldNotSupported',
  'requestInvalid',
] as const;
const validationErrors = ['memberNotFound', 'passCodeWrong', 'accountNotFound', 'recipientExists', 'nickNameTaken'] as const;

/** M1 (contract sheet "Money movement", section 1). */
export const listRecipients = operation({
  id: 'listRecipients',
  product: 'money-movement',
  summary: 'List the recipients of a user',
  description: 'Everybody whom the user has saved, in the order in which they were saved.',
  family: recipientsFamily,
  scopes: ['recipients:read'],
  method: 'GET',
  path,
  aliases: [alias],
  query: Type.Object(user),
  success,
  errors: [...userErrors],
  example: { query: { loginId: '{{loginId}}' } },
});

/** M2 (contract sheet "Money movement", sections 2 to 5). */
export const createRecipient = operation({
  id: 'createRecipient',
  product: 'money-movement',
  summary: 'Save a recipient, or only validate one',
  description:
    'With `validate=true` member, account and passcode are looked up first, from `fromAccountId`; without a nickname nothing is then saved.',
  family: recipientsFamily,
  scopes: ['recipients:write'],
  method: 'POST',
  path,
  aliases: [alias],
  query: Type.Object({
    ...user,
    validate: Type.Optional(Type.String({ description: '`true` or `false`, default `false`.' })),
    fromAccountId: Type.Optional(Type.String({ description: 'Account of the sender, needed with `validate=true`.' })),
  }),
  body: RecipientRequest,
  bodyFormat: 'json',
  isBodyReadLate: true,
  success,
  errors: [...userErrors, ...providerErrors, ...fieldErrors, ...validationErrors, 'senderMissing', 'recoveryHold'],
  hasReplayGuard: true,
  example: {
    query: { loginId: '{{loginId}}' },
    body: { memberNumber: '1000299001', accountNumber: '900012345', accountType: 'CHECKING', nickName: 'Rent' },
  },
});

/** M3 (contract sheet "Money movement", section 1). */
export const getRecipient = operation({
  id: 'getRecipient',
  product: 'money-movement',
  summary: 'Get a recipient',
  description: 'One recipient of the user. That of another user is as unknown as one that never was.',
  family: recipientsFamily,
  scopes: ['recipients:read'],
  method: 'GET',
  path: `${path}/{recipientId}`,
  aliases: [`${alias}/{recipientId}`],
  params,
  query: Type.Object(user),
  success,
  errors: [...userErrors, 'recipientIdBlank', 'recipientNotFound'],
  example: { params: { recipientId: '{{recipientId}}' }, query: { loginId: '{{loginId}}' } },
});

/** M4 (contract sheet "Money movement", section 5). */
export const updateRecipient = operation({
  id: 'updateRecipient',
  product: 'money-movement',
  summary: 'Change a recipient',
  description:
    'Changes what is sent. With `fromAccountId` a new member number, account or passcode is looked up first; a blank text clears an optional field.',
  family: recipientsFamily,
  scopes: ['recipients:write'],
  method: 'PUT',
  path: `${path}/{recipientId}`,
  aliases: [`${alias}/{recipientId}`],
  params,
  query: Type.Object({
    ...user,
    fromAccountId: Type.Optional(Type.String({ description: 'Account of the sender; with it a changed account is validated.' })),
  }),
  body: RecipientRequest,
  bodyFormat: 'json',
  isBodyReadLate: true,
  success,
  errors: [
    ...userErrors,
    ...providerErrors,
    ...fieldErrors,
    ...validationErrors,
    'recipientIdBlank',
    'recipientIdMismatch',
    'recipientNotFound',
    'recoveryHold',
  ],
  example: {
    params: { recipientId: '{{recipientId}}' },
    query: { loginId: '{{loginId}}' },
    body: { nickName: 'Rent of the flat' },
  },
});

/** M5 (contract sheet "Money movement", section 5). */
export const deleteRecipient = operation({
  id: 'deleteRecipient',
  product: 'money-movement',
  summary: 'Delete a recipient',
  description: 'For good. Scheduled transfers to the recipient fail from then on.',
  family: recipientsFamily,
  scopes: ['recipients:delete'],
  method: 'DELETE',
  path: `${path}/{recipientId}`,
  aliases: [`${alias}/{recipientId}`],
  params,
  query: Type.Object(user),
  success: { status: 204 },
  errors: [...userErrors, 'recipientIdBlank', 'recipientNotFound'],
  example: { params: { recipientId: '{{recipientId}}' }, query: { loginId: '{{loginId}}' } },
});
