import { listLegacyAccounts } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { findUserReach, type UserReach } from '../../customers/index.ts';
import { decideAccountNumberForm } from '../domain/account-number.ts';
import { isDisplayable } from '../domain/account-state.ts';
import { decideLegacyCaller, decideLegacyUser, type LegacyCaller } from '../domain/legacy-caller.ts';
import { listAccountsOfUser, type UserAccount } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';
import { toLegacyAccount } from './legacy-account-answer.ts';
import { numberSightOf } from './number-sight.ts';

type LegacyCall = Call<typeof listLegacyAccounts>;
type Customer = UserReach['customers'][number];

/** A4: the accounts of a customer in the form of the V1 products. */
export function listLegacyAccountsRoute({ core, ids }: AccountsParts): Route {
  return route(listLegacyAccounts).handle(async (call): Promise<AnswerOf<typeof listLegacyAccounts>> => {
    const { institution, query, now } = call;
    const policy = institution.policies.accounts;
    const { user, customer } = await userOfCall(call);
    if (!policy.isServed) throw call.error('serviceOff');
    if (isTrue(query.getExportAcctNum) && !policy.hasExportFormat) throw call.error('exportFormatOff');
    if (policy.needsAlternateMemberNumber && customer.hostLoginId === undefined) throw call.error('alternateMemberMissing');
    if (isTrue(query.validateLocationStatus) && customer.customerType === 'BUSINESS') {
      const member = await core.findMember(call.sql, institution.institutionId, customer.memberNumber);
      if (member === undefined) throw call.error('customerNotFound');
    }

    const accounts = await entitledAccounts(call, core, user, customer);
    if (accounts.length === 0) return undefined;
    const numbers = decideAccountNumberForm(policy, accounts, { ...numberSightOf(call), isUnmasked: false });
    // The family has a code for it only where no type is valid at all, and then none of the accounts is.
    if (!numbers.ok) throw call.error(numbers.refusal === 'noValidTypes' ? 'typeInvalid' : numbers.refusal);
    const context = {
      institution,
      now,
      ids,
      numbers: numbers.value,
      hasExportNumbers: isTrue(query.getExportAcctNum),
      regDElement: call.switchOf(institution, 'accounts.regd_element'),
    };
    return { account: accounts.map((account) => toLegacyAccount(context, account)) };
  });
}

/** The user of the headers and the customer of the path. */
async function userOfCall(call: LegacyCall): Promise<{ readonly user: UserReach; readonly customer: Customer }> {
  const { sql, principal, institution, params } = call;
  const { institutionId } = institution;
  const customerId = params.di_ficustomer.replaceAll('-', '').toLowerCase();
  const first = /^[0-9a-f]{32}$/u.test(customerId) ? await findUserReach(sql, institutionId, { customerId }) : undefined;
  const customer = first?.customers.find((one) => one.customerId === customerId);
  // A token of one user learns nothing of others, not even whether they exist.
  if (principal.user !== undefined && !(await isOwnCustomer(call, principal.user.institutionUserId, customerId)))
    throw call.error('customerNotAuthorized');
  if (first === undefined || customer === undefined) throw call.error('customerNotFound');
  const caller = decideLegacyCaller(customer.customerType, {
    userType: call.header('intuit_IFS_userType'),
    authId: call.header('intuit_authid'),
    onBehalfOf: call.header('intuit_IFS_onBehalfOfUser'),
  });
  if (!caller.ok) throw call.error(caller.refusal);
  const user = await userOfCaller(call, caller.value, first);
  const decision = decideLegacyUser(caller.value, user, customerId);
  if (!decision.ok || user === undefined) throw call.error(decision.ok ? 'notEntitled' : decision.refusal);
  // A token of one user speaks for nobody else, whatever the headers say.
  if (principal.user !== undefined && principal.user.institutionUserId !== user.institutionUserId)
    throw call.error('customerNotAuthorized');
  return { user, customer };
}

async function isOwnCustomer({ sql, institution }: LegacyCall, institutionUserId: string, customerId: string): Promise<boolean> {
  const own = await findUserReach(sql, institution.institutionId, { institutionUserId });
  return own?.customers.some((one) => one.customerId === customerId) === true;
}

async function userOfCaller(call: LegacyCall, caller: LegacyCaller, first: UserReach): Promise<UserReach | undefined> {
  if (caller.kind === 'primary') return first;
  const authId = caller.authId.toLowerCase();
  return findUserReach(call.sql, call.institution.institutionId, { authId });
}

/** A sub-user to whom nothing was granted is refused; a primary without accounts just has none. */
async function entitledAccounts(
  call: LegacyCall,
  core: AccountsParts['core'],
  user: UserReach,
  customer: Customer,
): Promise<readonly UserAccount[]> {
  const reached = await listAccountsOfUser(core, call.sql, user, customer.customerId);
  const isRestricted = user.userRole !== 'PRIMARY' && user.userRole !== 'BUSINESS_ADMIN';
  if (isRestricted && reached.length === 0) throw call.error('notEntitled');
  const hasCross = isTrue(call.query.getCrossAccts);
  return reached.filter((account) => isDisplayable(account, account.entitlement) && (hasCross || account.ownership !== 'CROSS'));
}
