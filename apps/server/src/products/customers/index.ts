import type { Route } from '../../http/route.ts';
import { getCustomerRoute } from './operations/get-customer.ts';
import { getUserStatusRoute } from './operations/get-user-status.ts';
import { unlockUserRoute } from './operations/unlock-user.ts';

export { mayStaySignedIn, stateAt } from './domain/credential-state.ts';
export { createSignIn, type SignedInUser, type SignIn } from './operations/sign-in.ts';
export { findUserById, listReachedCustomers } from './store/institution-users.ts';

export const customersRoutes: readonly Route[] = [getCustomerRoute, unlockUserRoute, getUserStatusRoute];
