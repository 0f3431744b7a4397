import Type from 'typebox';
import { CustomerId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { customerProfileFamily, customersFamily, institutionUsersFamily } from './families.ts';
import { CustomerIdType, CustomerInformation, StatusIdType, UserPathValue, UserStatus } from './schemas.ts';

/** U1 (contract sheet "Customers", section 3). */
export const getCustomer = operation({
  id: 'getCustomer',
  product: 'customers',
  summary: 'Get the profile of a customer',
  description: 'Name, status flags, counters and the customers a login reaches, by customer id or login name.',
  family: customerProfileFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/v1/customers/{customerId}',
  aliases: ['/ux-users/v1/customers/{customerId}'],
  params: Type.Object({ customerId: UserPathValue }),
  query: Type.Object({ userIdType: Type.Optional(CustomerIdType) }),
  success: { status: 200, body: CustomerInformation },
  errors: ['customerNotFound', 'customerNotCovered', 'noDigitalUser', 'pathInvalid'],
  example: { params: { customerId: '{{customerId}}' } },
});

/** U4 (contract sheet "Customers", section 6). */
export const unlockUser = operation({
  id: 'unlockUser',
  product: 'customers',
  summary: 'Unlock a user',
  description:
    'Ends the lock that wrong passwords caused and clears the counter of failed sign-ins. The password stays. The user must be locked.',
  family: customersFamily,
  scopes: ['institution-users:write'],
  method: 'PUT',
  path: '/v1/customers/{customerId}:unlock-user',
  aliases: ['/ux-users/v1/customers/{customerId}:unlock-user', '/customers/{customerId}:unlock-user'],
  params: Type.Object({ customerId: CustomerId }),
  success: { status: 204 },
  errors: ['customerNotFound', 'customerNotCovered', 'noDigitalUser', 'userNotLocked'],
  example: { params: { customerId: '{{lockedCustomerId}}' } },
});

/** U9 (contract sheet "Customers", section 10). */
export const getUserStatus = operation({
  id: 'getUserStatus',
  product: 'customers',
  summary: 'Get the status of a user',
  description: 'Flags that are true, counters, last sign-in and hold; for a primary also the sub-users.',
  family: institutionUsersFamily,
  scopes: ['institution-users:read'],
  method: 'GET',
  path: '/v1/user-status/{institutionUserId}',
  aliases: ['/db-users/v1/user-status/{institutionUserId}'],
  params: Type.Object({ institutionUserId: UserPathValue }),
  query: Type.Object({ userIdType: StatusIdType }),
  success: { status: 200, body: UserStatus },
  errors: ['userNotFound', 'userNotCovered', 'pathInvalid', 'queryInvalid'],
  example: { params: { institutionUserId: '{{institutionUserId}}' }, query: { userIdType: 'INSTITUTION_USER_ID' } },
});
