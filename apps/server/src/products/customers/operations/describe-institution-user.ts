import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { stateAt } from '../domain/credential-state.ts';
import { fullNameOf, type InstitutionUser, type ReachedCustomer } from '../domain/institution-user.ts';
import { findBillPayCredential } from '../store/bill-pay-credentials.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { findUserById, listReachedCustomers, listSubUsers } from '../store/institution-users.ts';
import { findBirthDate } from '../store/personal-data.ts';
import { listPostalAddresses } from '../store/postal-addresses.ts';
import {
  contactMethodRow,
  filterRows,
  postalAddressRow,
  subUserRow,
  toUserContactMethod,
  toUserPostalAddress,
} from './expanded-rows.ts';
import { identityOf, loginOf, type UserRules } from './institution-user-answer.ts';
import type { Expanded } from './read-expand.ts';

export interface Described extends UserRules {
  readonly sql: Sql;
  readonly box: PersonalDataBox;
  readonly user: InstitutionUser;
  readonly expanded: Expanded;
  readonly showsBillPay: boolean;
}

/** An institution user as U6, U7 and U8 show it (contract sheet "Customers", section 9.1). */
export async function describeInstitutionUser(described: Described) {
  const { user, look, expanded } = described;
  // Sub-users are people of a household; a business has users of its own.
  if (expanded.has('subUsers') && user.userType === 'BUSINESS') return refuse('expressionInvalid');
  const customers = await describeCustomers(described);
  if (!customers.ok) return customers;
  const { timeZone } = look.institution;
  const { lastLoginAt } = stateAt(user.state, look.institution.policies.lockout, look.now);
  const birthDate = hasBirthDate(described) ? await birthDateOf(described, user) : undefined;
  const hasRegistration = described.showsAlwaysDates || expanded.has('contactMethods') || expanded.has('subUsers');
  return accept({
    ...identityOf(user),
    ...(hasRegistration ? { registrationDateTime: toInstitutionDateTime(user.registeredAt, timeZone) } : {}),
    institutionCustomers: customers.value,
    ...(await describeSegments(described)),
    ...loginOf(user, look),
    ...(lastLoginAt === undefined ? {} : { lastLoginDateTime: toInstitutionDateTime(lastLoginAt, timeZone) }),
    ...(birthDate === undefined ? {} : { birthDate }),
  });
}

function hasBirthDate({ expanded, showsAlwaysDates }: Described): boolean {
  return (
    showsAlwaysDates ||
    expanded.has('contactMethods') ||
    expanded.has('postalAddresses') ||
    expanded.has('identificationDocuments')
  );
}

function birthDateOf(
  { sql, box }: Described,
  { institutionId, institutionUserId }: InstitutionUser,
): Promise<string | undefined> {
  return findBirthDate(sql, box, institutionId, institutionUserId);
}

async function describeSegments(described: Described) {
  const { sql, user, look, expanded } = described;
  const { institutionId, institutionUserId } = user;
  const { timeZone } = look.institution;
  const methods = expanded.get('contactMethods');
  const addresses = expanded.get('postalAddresses');
  const subUsers = expanded.get('subUsers');
  return {
    ...(subUsers === undefined ? {} : { subUsers: await describeSubUsers(described) }),
    ...(addresses === undefined
      ? {}
      : {
          postalAddresses: filterRows(
            await listPostalAddresses(sql, institutionId, institutionUserId),
            addresses.filter,
            postalAddressRow,
          ).map((address) => toUserPostalAddress(address, timeZone)),
        }),
    ...(methods === undefined
      ? {}
      : {
          contactMethods: filterRows(
            await listContactMethods(sql, institutionId, institutionUserId),
            methods.filter,
            contactMethodRow,
          ).map((method) => toUserContactMethod(method, timeZone)),
        }),
  };
}

async function describeSubUsers(described: Described) {
  const { sql, user, look, expanded, showsAlwaysDates } = described;
  const found = await listSubUsers(sql, user.institutionId, user.institutionUserId);
  const withDates = await Promise.all(
    found.map(async (subUser) => ({ subUser, birthDate: await birthDateOf(described, subUser) })),
  );
  const rows = filterRows(withDates, expanded.get('subUsers')?.filter, ({ subUser, birthDate }) =>
    subUserRow(subUser, birthDate),
  );
  return rows.map(({ subUser, birthDate }) => ({
    ...identityOf(subUser),
    ...(showsAlwaysDates ? { registrationDateTime: toInstitutionDateTime(subUser.registeredAt, look.institution.timeZone) } : {}),
    ...loginOf(subUser, look),
    ...(showsAlwaysDates && birthDate !== undefined ? { birthDate } : {}),
  }));
}

async function describeCustomers(described: Described): Promise<Result<DescribedCustomer[], 'cifNumberMissing'>> {
  const { sql, user, needsCifNumber } = described;
  const customers = await listReachedCustomers(sql, user.institutionId, user.institutionUserId);
  if (needsCifNumber && customers.some(({ cifNumber }) => cifNumber === undefined)) return refuse('cifNumberMissing');
  return accept(await Promise.all(customers.map((customer) => describeCustomer(described, customer))));
}

type DescribedCustomer = Awaited<ReturnType<typeof describeCustomer>>;

async function describeCustomer(described: Described, customer: ReachedCustomer) {
  const memberName = await memberNameOf(described, customer);
  const entry = await billPayEntries(described, customer);
  return {
    institutionCustomerId: customer.customerId,
    memberNumber: customer.memberNumber,
    ...(customer.hostLoginId === undefined ? {} : { hostLoginId: customer.hostLoginId }),
    customerType: customer.customerType,
    ...(memberName === undefined ? {} : { memberName }),
    ...(described.user.userType === 'BUSINESS' && customer.isPrimary ? { primary: true } : {}),
    ...(described.needsCifNumber && customer.cifNumber !== undefined ? { cifNumber: customer.cifNumber } : {}),
    ...(entry.length === 0 ? {} : { additionalInfo: { entry } }),
  };
}

/** Whose membership it is; of a business we know no name. */
async function memberNameOf({ sql, user, look }: Described, { customerType }: ReachedCustomer): Promise<string | undefined> {
  if (customerType === 'BUSINESS') return undefined;
  const { institutionId, parentInstitutionUserId } = user;
  const member = parentInstitutionUserId === undefined ? user : await findUserById(sql, institutionId, parentInstitutionUserId);
  return member === undefined ? undefined : fullNameOf(member, look.fullName);
}

/** Only of a retail primary, and only when asked for. */
async function billPayEntries({ sql, box, user, showsBillPay }: Described, { customerId }: ReachedCustomer) {
  if (!showsBillPay || user.userRole !== 'PRIMARY') return [];
  const credential = await findBillPayCredential(sql, box, user.institutionId, customerId);
  if (credential === undefined) return [];
  const { loginId, password, newLoginId } = credential;
  return [
    { key: 'billPayLoginId', value: loginId },
    ...(password === undefined ? [] : [{ key: 'billPayPassword', value: password }]),
    ...(newLoginId === undefined ? [] : [{ key: 'billPayNewLoginId', value: newLoginId }]),
  ];
}
