import type { Route } from '../../http/route.ts';
import { completePasswordResetRoute } from './operations/complete-password-reset.ts';
import type { CustomersParts } from './operations/customers-parts.ts';
import { getCurrentInstitutionUserRoute } from './operations/get-current-institution-user.ts';
import { getCustomerRoute } from './operations/get-customer.ts';
import { getInstitutionUserRoute } from './operations/get-institution-user.ts';
import { getInstitutionUserV2Route } from './operations/get-institution-user-v2.ts';
import { getLegacyCustomerRoute } from './operations/get-legacy-customer.ts';
import { getUserStatusRoute } from './operations/get-user-status.ts';
import { listContactMethodsRoute } from './operations/list-contact-methods.ts';
import { registerCustomerRoute } from './operations/register-customer.ts';
import { sendPasscodeRoute } from './operations/send-passcode.ts';
import { unlockUserRoute } from './operations/unlock-user.ts';
import { updateContactInfoRoute } from './operations/update-contact-info.ts';
import { verifyPasswordResetRoute } from './operations/verify-password-reset.ts';

export type { ContactMethod } from './domain/contact-method.ts';
export { isActive, mayStaySignedIn, stateAt } from './domain/credential-state.ts';
export type { InstitutionUser } from './domain/institution-user.ts';
export { changeContactMethods } from './operations/change-contact-methods.ts';
export { type CompleteRegistration, createCompleteRegistration } from './operations/complete-registration.ts';
export { enrolContactMethods } from './operations/enrol-contact-methods.ts';
export { findNamedUser, type NamedUserRefusal, type UserQuery } from './operations/find-named-user.ts';
export { listNoticeTargets } from './operations/list-notice-targets.ts';
export { type LockedContacts, lockContactMethods } from './operations/lock-contact-methods.ts';
export { createRecoveryFlow } from './operations/recovery-flow.ts';
export { createSignIn, type SignedInUser, type SignIn } from './operations/sign-in.ts';
export { insertBillPayCredential } from './store/bill-pay-credentials.ts';
export { insertIdentificationDocuments } from './store/identification-documents.ts';
export {
  findUserByCustomerId,
  findUserById,
  findUserByLogin,
  findUserByMemberNumber,
  listReachedCustomers,
  listUsersOfCustomer,
  listUsersOfMembers,
} from './store/institution-users.ts';
export { savePersonalData } from './store/personal-data.ts';
export { findRecoveryTimes } from './store/recovery-times.ts';
export { findUserReach, type UserReach } from './store/user-reach.ts';

export function customersRoutes(parts: CustomersParts): readonly Route[] {
  return [
    registerCustomerRoute(parts),
    getCustomerRoute(parts),
    listContactMethodsRoute,
    unlockUserRoute(parts),
    updateContactInfoRoute(parts),
    sendPasscodeRoute(parts),
    verifyPasswordResetRoute(parts),
    completePasswordResetRoute(parts),
    getInstitutionUserRoute(parts),
    getCurrentInstitutionUserRoute(parts),
    getInstitutionUserV2Route(parts),
    getUserStatusRoute,
    getLegacyCustomerRoute(parts),
  ];
}
