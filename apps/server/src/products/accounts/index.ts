import type { Route } from '../../http/route.ts';
import type { AccountsParts } from './operations/accounts-parts.ts';
import { getAccountRoute } from './operations/get-account.ts';
import { listAccountsRoute } from './operations/list-accounts.ts';
import { listCustomerAccountsRoute } from './operations/list-customer-accounts.ts';
import { listLegacyAccountsRoute } from './operations/list-legacy-accounts.ts';
import { listTransactionsRoute } from './operations/list-transactions.ts';

export { decideNumberForm, type NumberSight } from './domain/account-number.ts';
export { isHistoryReadable } from './domain/account-state.ts';
export { findLocation } from './domain/location.ts';
export { createAccountLookup } from './operations/account-lookup.ts';
export { createListAccountUsers, type ListAccountUsers } from './operations/account-users.ts';
export { findAccountOfUser, listAccountsOfUser, type UserAccount } from './operations/accounts-of-user.ts';
export { type NumberCall, numberSightOf } from './operations/number-sight.ts';
export { type ChangedAccount, createTellOfMoney, type TellOfMoney } from './operations/tell-of-money.ts';

export function accountsRoutes(parts: AccountsParts): readonly Route[] {
  return [
    listAccountsRoute(parts),
    getAccountRoute(parts),
    listTransactionsRoute(parts),
    listCustomerAccountsRoute(parts),
    listLegacyAccountsRoute(parts),
  ];
}
