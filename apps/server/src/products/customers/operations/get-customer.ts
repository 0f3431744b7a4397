import { getCustomer } from '@openbranch/contract/customers/operations';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { ContactMethod } from '../domain/contact-method.ts';
import { stateAt } from '../domain/credential-state.ts';
import { fullNameOf, type InstitutionUser } from '../domain/institution-user.ts';
import type { PostalAddress } from '../domain/postal-address.ts';
import { flagsOf } from '../domain/status-flags.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { listReachedCustomers } from '../store/institution-users.ts';
import { findBirthDate } from '../store/personal-data.ts';
import { listPostalAddresses } from '../store/postal-addresses.ts';
import type { CustomersParts } from './customers-parts.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';

/** U1: the profile of a customer. */
export function getCustomerRoute({ personalData }: Pick<CustomersParts, 'personalData'>): Route {
  return route(getCustomer).handle(async (call) => {
    const { institution, principal, now, sql } = call;
    const found = await findCoveredCustomer(sql, principal, call.params.customerId, call.query.userIdType ?? 'CUSTOMER_ID');
    if (!found.ok) throw call.error(found.refusal);
    const user = found.value;
    const { institutionId, institutionUserId } = user;
    const state = stateAt(user.state, institution.policies.lockout, now);
    const [customers, birthDate, addresses, methods] = await Promise.all([
      listReachedCustomers(sql, institutionId, institutionUserId),
      findBirthDate(sql, personalData, institutionId, institutionUserId),
      listPostalAddresses(sql, institutionId, institutionUserId),
      listContactMethods(sql, institutionId, institutionUserId),
    ]);
    const hasElevenFlags = call.switchOf(institution, 'u1.portal_flags') === 'eleven';
    const needsToAccept = !state.hasAcceptedDisclosure;
    return {
      userId: institutionUserId,
      fiId: institutionId,
      loginId: user.authId,
      userName: user.loginName,
      ...(birthDate === undefined ? {} : { birthDate }),
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
      postalAddresses: addresses.map(toProfileAddress),
      contactMethods: methods.map((method) => toProfileMethod(method, institution.timeZone)),
      registrationDateTime: toInstitutionDate(user.registeredAt, institution.timeZone),
      userType: user.userType,
      userRole: isAdministrator(user) ? ('PRIMARY' as const) : ('ENTITLED' as const),
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
}

function isAdministrator({ userRole }: InstitutionUser): boolean {
  return userRole === 'PRIMARY' || userRole === 'BUSINESS_ADMIN' || userRole === 'BUSINESS_SECONDARY_ADMIN';
}

function toProfileAddress(address: PostalAddress, index: number) {
  const { streetAddress1, streetAddress2, streetAddress3, city, state, postalCode, country, addressType } = address;
  return {
    index: String(index + 1),
    address1: streetAddress1,
    ...(streetAddress2 === undefined ? {} : { address2: streetAddress2 }),
    ...(streetAddress3 === undefined ? {} : { address3: streetAddress3 }),
    city,
    state,
    ...(postalCode === undefined ? {} : { postalCode }),
    country,
    type: addressType,
  };
}

function toProfileMethod(method: ContactMethod, timeZone: string) {
  return {
    id: method.contactMethodId,
    contactInfo: method.contactInfo,
    ...(method.countryCode === undefined ? {} : { telephoneCountryCode: method.countryCode }),
    protocol: method.protocol,
    activated: method.isActivated,
    validated: method.isValidated,
    enrolledDateTime: toInstitutionDate(method.enrolledAt, timeZone),
    primary: method.isPrimary,
  };
}
