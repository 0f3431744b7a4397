import { listCustomerAccounts } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { CoreTransaction } from '../../../core/index.ts';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { findNamedUser, type UserReach } from '../../customers/index.ts';
import { decideAccountNumberForm } from '../domain/account-number.ts';
import { isDisplayable, isHistoryReadable } from '../domain/account-state.ts';
import { findLocation } from '../domain/location.ts';
import { decideRange } from '../domain/transaction-range.ts';
import { listAccountsOfUser } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';
import { toCustomerAccount } from './customer-account-answer.ts';
import { lacksCifNumber } from './named-user-errors.ts';
import { numberSightOf } from './number-sight.ts';
import { readRegDUses } from './regulation-d-use.ts';

type CustomerAccountsCall = Call<typeof listCustomerAccounts>;

const userErrors = {
  blank: 'userMissing',
  both: 'userTwice',
  none: 'userMissing',
  notTheTokens: 'customerNotCovered',
  unknown: 'customerNotFound',
} as const;

/**
 * A3: accounts with what was booked on them in the usual range, all or nothing. Accounts that are reached through a
 * relation of members are left out: their transactions are another member's.
 */
export function listCustomerAccountsRoute({ core, ids }: AccountsParts): Route {
  return route(listCustomerAccounts).handle(async (call): Promise<AnswerOf<typeof listCustomerAccounts>> => {
    const { institution, now } = call;
    const { institutionId, policies, timeZone } = institution;
    const { user, customerId } = await customerOfCall(call);
    if (!policies.accounts.isServed || !policies.transactions.isServed) throw call.error('stepRefused');
    if (lacksCifNumber(policies.accounts.needsCifNumber, user)) throw call.error('stepRefused');

    const reached = await listAccountsOfUser(core, call.sql, user, customerId);
    const accounts = reached.filter((account) => isDisplayable(account, account.entitlement) && account.ownership !== 'CROSS');
    if (accounts.length === 0) return undefined;
    if (accounts.some((account) => !isHistoryReadable(account.actions))) throw call.error('stepRefused');
    const numbers = decideAccountNumberForm(policies.accounts, accounts, numberSightOf(call));
    const range = decideRange({ isFuture: false }, toInstitutionDate(now, timeZone), policies.transactions);
    if (!numbers.ok || !range.ok) throw call.error('stepRefused');

    const [regDUses, ...pages] = await Promise.all([
      readRegDUses(core, call, accounts),
      ...accounts.map(({ accountKey }) =>
        core.listTransactions(call.sql, { institutionId, accountKey, ...range.value, skip: 0, take: undefined }),
      ),
    ]);
    const context = { institutionId, ids, policy: policies.accounts, numbers: numbers.value, regDUses };
    const rowsOf = (index: number): readonly CoreTransaction[] => pages[index]?.transactions ?? [];
    return accounts.map((account, index) => toCustomerAccount(context, account, rowsOf(index)));
  });
}

/** Retail only; the path must name the user's own customer. */
async function customerOfCall(call: CustomerAccountsCall): Promise<{ readonly user: UserReach; readonly customerId: string }> {
  const customerId = parseCustomerId(call.params.customerId);
  if (customerId === undefined) throw call.error('pathInvalid');
  const named = await findNamedUser(call.sql, call.principal, call.query);
  if (!named.ok) throw call.error(userErrors[named.refusal]);
  const user = named.value;
  if (user.userType === 'BUSINESS') throw call.error('customerNotFound');
  const own = findLocation(user.customers, customerId);
  if (own === undefined) throw call.error('customerNotCovered');
  return { user, customerId: own };
}

/** 32 hexadecimal digits, dashes dropped. */
function parseCustomerId(value: string): string | undefined {
  const digits = value.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/u.test(digits) ? digits : undefined;
}
