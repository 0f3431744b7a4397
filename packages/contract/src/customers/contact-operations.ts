import Type from 'typebox';
import { operation } from '../operation.ts';
import { ContactInfo } from './contact-schemas.ts';
import { customersFamily } from './families.ts';
import { ContactMethods, CustomerIdType, UserPathValue } from './schemas.ts';

/** U2 (contract sheet "Customers", section 4). */
export const listContactMethods = operation({
  id: 'listContactMethods',
  product: 'customers',
  summary: 'List the contact methods of a customer',
  description: 'Phone numbers and e-mail addresses, the primary one first. Their ids are what a passcode can be sent to.',
  family: customersFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/ux-users/v1/customers/{customerId}/contact-methods',
  aliases: [
    '/v1/customers/{customerId}/contact-methods',
    '/v1/customers/{customerId}/contactMethods',
    '/ux-users/v1/customers/{customerId}/contactMethods',
  ],
  params: Type.Object({ customerId: UserPathValue }),
  query: Type.Object({ userIdType: Type.Optional(CustomerIdType) }),
  success: { status: 200, body: ContactMethods },
  errors: ['customerNotFound', 'customerNotCovered', 'noDigitalUser', 'pathInvalid'],
  example: { params: { customerId: '{{customerId}}' } },
});

/** U5 (contract sheet "Customers", section 7). */
export const updateContactInfo = operation({
  id: 'updateContactInfo',
  product: 'customers',
  summary: 'Change phone number, e-mail or postal address',
  description:
    'Any of the three, all or nothing. The old and the new number or address are told. A changed number keeps the ids of its contact methods.',
  family: customersFamily,
  scopes: ['institution-users:write'],
  method: 'PUT',
  path: '/v1/customers/{customerId}:contact-info',
  aliases: ['/ux-users/v1/customers/{customerId}:contact-info'],
  params: Type.Object({ customerId: UserPathValue }),
  body: ContactInfo,
  bodyFormat: 'json',
  success: { status: 204 },
  errors: ['customerNotFound', 'customerNotCovered', 'noDigitalUser', 'pathInvalid', 'requestInvalid', 'contactNotOnFile'],
  example: {
    params: { customerId: '{{customerId}}' },
    body: { email: { emailAddress: 'new.address@example.com' } },
  },
});
