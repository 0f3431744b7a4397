import { getLegacyCustomer } from '@openbranch/contract/customers/legacy-customer-operations';
import type { QueryOf } from '@openbranch/contract/operation';
import { type Route, route } from '../../../http/route.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { parseCustomerId, parseLoginName, parseMemberNumber } from '../domain/path-identifier.ts';
import { findBillPayCredential } from '../store/bill-pay-credentials.ts';
import { findCustomerId, findUserByCustomerId, findUserByLogin, listReachedCustomers } from '../store/institution-users.ts';
import type { CustomersParts } from './customers-parts.ts';
import { toLegacyCustomer } from './legacy-customer-answer.ts';

/** U10: the customer in the form of the V1 products. */
export function getLegacyCustomerRoute({ personalData }: Pick<CustomersParts, 'personalData'>): Route {
  return route(getLegacyCustomer).handle(async (call) => {
    const { institution, principal, now, sql } = call;
    const { institutionId } = institution;
    const user = await findUser(sql, institutionId, call.query.fiCustomerIdType ?? 'GUID', call.params.fiCustomerId);
    // A token of one user learns nothing of others, not even whether they exist.
    if (principal.user !== undefined && principal.user.institutionUserId !== user?.institutionUserId) {
      throw call.error('customerNotAuthorized');
    }
    if (user === undefined) throw call.error('customerNotFound');
    const [customer] = await listReachedCustomers(sql, institutionId, user.institutionUserId);
    const billPay =
      customer === undefined ? undefined : await findBillPayCredential(sql, personalData, institutionId, customer.customerId);
    return toLegacyCustomer({ institution, now, user, customer, billPay });
  });
}

type IdType = NonNullable<QueryOf<typeof getLegacyCustomer>['fiCustomerIdType']>;

async function findUser(sql: Sql, institutionId: string, idType: IdType, value: string): Promise<InstitutionUser | undefined> {
  switch (idType) {
    case 'GUID':
      return findBy(parseCustomerId(value), (id) => findUserByCustomerId(sql, institutionId, id));
    case 'LOGINID':
      return findBy(parseLoginName(value), (login) => findUserByLogin(sql, institutionId, login));
    case 'MEMNUMBER':
      return findBy(parseMemberNumber(value), (member) => findByCore(sql, institutionId, 'member_number', member));
    case 'HOSTID':
      return findBy(parseLoginName(value), (login) => findByCore(sql, institutionId, 'host_login_id', login));
  }
}

async function findByCore(sql: Sql, institutionId: string, by: 'member_number' | 'host_login_id', value: string) {
  const customerId = await findCustomerId(sql, institutionId, by, value);
  return customerId === undefined ? undefined : findUserByCustomerId(sql, institutionId, customerId);
}

/** A value of the wrong shape names nobody. */
async function findBy(
  identifier: string | undefined,
  find: (identifier: string) => Promise<InstitutionUser | undefined>,
): Promise<InstitutionUser | undefined> {
  return identifier === undefined ? undefined : find(identifier);
}
