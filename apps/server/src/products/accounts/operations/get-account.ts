import { getAccount } from '@openbranch/contract/accounts/operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { findNamedUser, findUserReach, type UserReach } from '../../customers/index.ts';
import { decideAccountNumberForm } from '../domain/account-number.ts';
import { viewOf } from '../domain/account-view.ts';
import { findLocation } from '../domain/location.ts';
import { toAccount } from './account-answer.ts';
import { type AccountReading, accountFor, readAccount } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';
import { lacksCifNumber, userErrors } from './named-user-errors.ts';
import { numberSightOf } from './number-sight.ts';
import { readRegDUses } from './regulation-d-use.ts';

/** A2: one account. The user and the account are looked for at the same time; what does not belong together is not told. */
export function getAccountRoute({ core, ids }: AccountsParts): Route {
  return route(getAccount).handle(async (call) => {
    const { institution, principal, query } = call;
    const { institutionId, policies } = institution;
    const policy = policies.accounts;
    if (query.institutionCustomerId?.trim() === '') throw call.error('locationBlank');
    const key = ids.decode('account', institutionId, call.params.accountId);
    const [named, reading] = await Promise.all([
      findNamedUser(call.sql, principal, query),
      key === undefined ? undefined : readAccount(core, call.sql, institutionId, key.accountKey),
    ]);
    const user = named.ok ? named.value : await ownerInstead(call, named.refusal, reading);
    if (user.userType === 'BUSINESS' && (query.hostUserId !== undefined || !named.ok)) throw call.error('businessUserUnusable');
    const location =
      query.institutionCustomerId === undefined ? undefined : findLocation(user.customers, query.institutionCustomerId);
    if (query.institutionCustomerId !== undefined && location === undefined) throw call.error('locationInvalid');
    if (!policy.isServed) throw call.error('serviceOff');
    if (lacksCifNumber(policy.needsCifNumber, user)) throw call.error('cifNumberMissing');

    if (reading?.found === undefined) throw call.error('accountNotFound');
    const account = accountFor(user, reading, location);
    if (account === undefined) throw call.error('accountNotEntitled');
    if (account.ownership === 'CROSS' && query.crossAccount?.toLowerCase() === 'false') throw call.error('accountNotEntitled');
    if (account.isHidden || account.entitlement.isHidden) throw call.error('hidden');
    if (!account.isListed) throw call.error('notListed');
    const numbers = decideAccountNumberForm(policy, [account], numberSightOf(call));
    if (!numbers.ok) throw call.error(numbers.refusal);
    const context = {
      institutionId,
      institutionUserId: user.institutionUserId,
      ids,
      policy,
      numbers: numbers.value,
      view: viewOf(policy.views, query.viewName),
      contributions: call.switchOf(institution, 'accounts.contribution_fields'),
      regDUses: isTrue(query.additionalFields) ? await readRegDUses(core, call, [account]) : undefined,
    };
    return toAccount(context, account, call.params.accountId);
  });
}

/** The seed's form of the call names no user: it is answered as the account's primary holder sees it (ACC-S1). */
async function ownerInstead(
  call: Call<typeof getAccount>,
  refusal: keyof typeof userErrors,
  reading: AccountReading | undefined,
): Promise<UserReach> {
  const { institution, sql } = call;
  if (refusal !== 'none' || call.switchOf(institution, 'accounts.by_id_user') === 'strict') throw call.error(userErrors[refusal]);
  const holder = reading?.found?.holders.find(({ ownership }) => ownership === 'PRIMARY');
  if (holder === undefined) throw call.error('accountNotFound');
  const owner = await findUserReach(sql, institution.institutionId, { memberNumber: holder.memberNumber });
  if (owner === undefined) throw call.error('accountNotFound');
  return owner;
}
