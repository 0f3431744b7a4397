import { listAccounts } from '@openbranch/contract/accounts/operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { type Filter, matchesFilter, parseFilter } from '../../../kernel/odata-filter.ts';
import { findNamedUser } from '../../customers/index.ts';
import { decideAccountNumberForm } from '../domain/account-number.ts';
import { isDisplayable } from '../domain/account-state.ts';
import { viewOf } from '../domain/account-view.ts';
import { decideGroup, decideLocation } from '../domain/location.ts';
import { shownCategory, toAccounts } from './account-answer.ts';
import { listAccountsOfUser, type UserAccount } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';
import { lacksCifNumber, userErrors } from './named-user-errors.ts';
import { numberSightOf } from './number-sight.ts';
import { readRegDUses } from './regulation-d-use.ts';

const filterProperties = {
  id: 'string',
  name: 'string',
  nickName: 'string',
  accountNumber: 'string',
  category: 'string',
  type: 'string',
} as const;

/** A1: the accounts of a user. */
export function listAccountsRoute({ core, ids }: AccountsParts): Route {
  return route(listAccounts).handle(async (call) => {
    const { institution, principal, query } = call;
    const policy = institution.policies.accounts;
    if (query.institutionCustomerId?.trim() === '') throw call.error('locationBlank');
    const parsed = query.$filter === undefined ? undefined : parseFilter(query.$filter, filterProperties);
    if (parsed?.ok === false) throw call.error('filterInvalid');
    const group = decideGroup(query);
    if (!group.ok) throw call.error(group.refusal);

    const named = await findNamedUser(call.sql, principal, query);
    if (!named.ok) throw call.error(userErrors[named.refusal]);
    const user = named.value;
    if (user.userType === 'BUSINESS' && query.hostUserId !== undefined) throw call.error('businessUserUnusable');
    const location = decideLocation(user, query.institutionCustomerId, group.value);
    if (!location.ok) throw call.error(location.refusal);
    if (!policy.isServed) throw call.error('serviceOff');
    if (lacksCifNumber(policy.needsCifNumber, user)) throw call.error('cifNumberMissing');

    const { customerId, ...groups } = location.value;
    const reached = await listAccountsOfUser(core, call.sql, user, customerId);
    const accounts = reached.filter(
      (account) =>
        isDisplayable(account, account.entitlement) && (isTrueOrAbsent(query.crossAccount) || account.ownership !== 'CROSS'),
    );
    const numbers = decideAccountNumberForm(policy, accounts, numberSightOf(call));
    if (!numbers.ok) throw call.error(numbers.refusal);
    const { institutionId } = institution;
    const idOf = ({ accountKey }: UserAccount): string => ids.encodeOne('account', institutionId, { accountKey, number: 0n });
    const wanted =
      parsed === undefined ? accounts : accounts.filter((account) => matches(parsed.value, account, numbers.value.show, idOf));
    const context = {
      institutionId,
      institutionUserId: user.institutionUserId,
      ids,
      policy,
      numbers: numbers.value,
      view: viewOf(policy.views, query.viewName),
      contributions: call.switchOf(institution, 'accounts.contribution_fields'),
      regDUses: isTrue(query.additionalFields) ? await readRegDUses(core, call, wanted) : undefined,
    };
    return { accounts: toAccounts(context, wanted), ...groups };
  });
}

/** By what the caller sees: a masked number is compared as it is shown. */
function matches(
  filter: Filter,
  account: UserAccount,
  show: (number: string) => string,
  idOf: (account: UserAccount) => string,
): boolean {
  const name = account.entitlement.nickName;
  return matchesFilter(filter, {
    id: idOf(account),
    name,
    nickName: name,
    accountNumber: show(account.accountNumber),
    category: shownCategory(account),
    type: account.accountType,
  });
}

function isTrueOrAbsent(flag: string | undefined): boolean {
  return flag?.toLowerCase() !== 'false';
}
