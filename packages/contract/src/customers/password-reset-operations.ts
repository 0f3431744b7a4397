import Type from 'typebox';
import { CustomerId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { customersFamily } from './families.ts';
import { passwordResetFamily } from './password-reset-family.ts';

const idOrNumber = Type.Unsafe<string | number>({ type: ['string', 'number'] });

/** U3 (contract sheet "Customers", section 5). */
export const sendPasscode = operation({
  id: 'sendPasscode',
  product: 'customers',
  summary: 'Send a passcode for a new password',
  description:
    'Sends a one-time passcode to a contact method of the customer. The customer enters it and sets a new password on the page `/recover`, or in an app that calls verifyPasswordReset and completePasswordReset. Asked again within a minute, nothing is sent and the passcode stays good.',
  family: customersFamily,
  scopes: ['institution-users:write'],
  method: 'PUT',
  path: '/v1/customers/{customerId}:reset-password',
  aliases: ['/ux-users/v1/customers/{customerId}:reset-password'],
  params: Type.Object({ customerId: CustomerId }),
  body: Type.Object({
    contactMethodId: Type.Optional(
      Type.Unsafe<string | number>({ ...idOrNumber, description: 'Contact method, from listContactMethods. Needed.' }),
    ),
    destinationId: Type.Optional(
      Type.Unsafe<string | number>({ ...idOrNumber, description: 'Another name of contactMethodId (CR-30).' }),
    ),
    protocol: Type.Optional(
      Type.String({ description: 'SMS or VOICE, for phone numbers; by default the protocol of the contact method.' }),
    ),
  }),
  bodyFormat: 'json',
  success: { status: 204 },
  errors: [
    'customerNotFound',
    'customerNotCovered',
    'noDigitalUser',
    'requestInvalid',
    'contactMethodNotFound',
    'softFailure',
    'providerUnavailable',
  ],
  example: { params: { customerId: '{{customerId}}' }, body: { contactMethodId: '{{contactMethodId}}' } },
});

const params = Type.Object({ customerId: CustomerId });
const example = { params: { customerId: '{{customerId}}' } } as const;

export const verifyPasswordReset = operation({
  id: 'verifyPasswordReset',
  product: 'customers',
  summary: 'Enter the passcode',
  description:
    'A right passcode answers a reset session, which can do nothing but set the password. Each passcode takes 5 tries and each customer 10 in 24 hours. A wrong, used, ended or missing passcode answers the same.',
  family: passwordResetFamily,
  scopes: ['institution-users:write'],
  method: 'POST',
  path: '/v1/password-resets/{customerId}:verify',
  params,
  body: Type.Object({
    passcode: Type.String({ minLength: 1, maxLength: 64, description: 'Blanks and dashes are passed over.' }),
  }),
  bodyFormat: 'json',
  success: {
    status: 200,
    body: Type.Object({
      resetSession: Type.String({ description: 'For completePasswordReset; a secret.' }),
      expiresInSeconds: Type.Integer(),
      passwordRules: Type.String({ description: 'The password policy of the institution, for people.' }),
    }),
  },
  errors: ['passcodeRefused'],
  example: { ...example, body: { passcode: '{{passcode}}' } },
});

export const completePasswordReset = operation({
  id: 'completePasswordReset',
  product: 'customers',
  summary: 'Set the new password',
  description:
    'Ends every session, refresh and access token of the user and the lock, if there is one; every other contact method of the customer is told. A password that the policy refuses leaves the reset session as it is.',
  family: passwordResetFamily,
  scopes: ['institution-users:write'],
  method: 'POST',
  path: '/v1/password-resets/{customerId}:complete',
  params,
  body: Type.Object({
    resetSession: Type.String({ minLength: 1, maxLength: 64 }),
    newPassword: Type.String({ minLength: 1, maxLength: 256 }),
  }),
  bodyFormat: 'json',
  success: { status: 204 },
  errors: ['sessionRefused', 'passwordRefused'],
  example: { ...example, body: { resetSession: '{{resetSession}}', newPassword: 'a-new-password-1' } },
});
