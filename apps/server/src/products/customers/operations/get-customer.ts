import { getCustomer } from '@openbranch/contract/customers/operations';
import { route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { stateAt } from '../domain/credential-state.ts';
import { fullNameOf, type InstitutionUser } from '../domain/institution-user.ts';
import { parseCustomerId, parseLoginName } from '../domain/path-identifier.ts';
import { flagsOf } from '../domain/status-flags.ts';
import { findUserByCustomerId, findUserByLogin, isKnownCustomer, listReachedCustomers } from '../store/institution-users.ts';

/** U1: the profile of a customer. */
export const getCustomerRoute = route(getCustomer).handle(async (call) => {
  const { institution, principal, now, sql } = call;
  const isLogin = call.query.userIdType === 'LOGIN_ID';
  const identifier = isLogin ? parseLoginName(call.params.customerId) : parseCustomerId(call.params.customerId);
  if (identifier === undefined) throw call.error('pathInvalid');
  const user = await findUser(sql, institution.institutionId, identifier, isLogin);
  // A token of one user learns nothing of others, not even whether they exist.
  if (principal.user !== undefined && principal.user.institutionUserId !== user?.institutionUserId)
    throw call.error('customerNotCovered');
  if (user === undefined) {
    const isKnown = !isLogin && (await isKnownCustomer(sql, institution.institutionId, identifier));
    throw call.error(isKnown ? 'noDigitalUser' : 'customerNotFound');
  }
  const state = stateAt(user.state, institution.policies.lockout, now);
  const customers = await listReachedCustomers(sql, institution.institutionId, user.institutionUserId);
  const hasElevenFlags = call.switchOf(institution, 'u1.portal_flags') === 'eleven';
  const needsToAccept = !state.hasAcceptedDisclosure;
  return {
    userId: user.institutionUserId,
    fiId: institution.institutionId,
    loginId: user.authId,
    userName: user.loginName,
    failedLoginCount: state.failedLoginCount,
    failedPasswordResetCount: state.failedPasswordResetCount,
    firstName: user.firstName,
    ...(user.middleName === undefined ? {} : { middleName: user.middleName }),
    lastName: user.lastName,
    fullName: fullNameOf(user, call.switchOf(institution, 'user.fullname')),
    ...(user.emailAddress === undefined ? {} : { emailAddress: user.emailAddress }),
    userStatus: {
      ...flagsOf(state),
      invalidEmailId: state.hasInvalidEmail,
      acceptedDisclosure: state.hasAcceptedDisclosure,
      ...(hasElevenFlags ? { needsToAcceptDisclosure: needsToAccept, needsToAcceptSecondaryDisclosure: false } : {}),
    },
    registrationDateTime: toInstitutionDate(user.registeredAt, institution.timeZone),
    userType: user.userType,
    userRole:
      user.userRole === 'PRIMARY' || user.userRole === 'BUSINESS_ADMIN' || user.userRole === 'BUSINESS_SECONDARY_ADMIN'
        ? 'PRIMARY'
        : 'ENTITLED',
    customers: customers.map(({ customerId, memberNumber, customerType, hostLoginId }) => ({
      customerId,
      memberNumber,
      customerType,
      ...(hostLoginId === undefined ? {} : { hostLoginId }),
    })),
    acceptedDisclosure: state.hasAcceptedDisclosure,
    billPayChecked: false,
  };
});

async function findUser(
  sql: Sql,
  institutionId: string,
  identifier: string,
  isLogin: boolean,
): Promise<InstitutionUser | undefined> {
  return isLogin ? findUserByLogin(sql, institutionId, identifier) : findUserByCustomerId(sql, institutionId, identifier);
}
