import { listTransactions } from '@openbranch/contract/accounts/operations';
import type { QueryOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { offsetHours, standardTimeLabel, toInstitutionDate } from '../../../kernel/institution-time.ts';
import { matchesFilter, parseFilter } from '../../../kernel/odata-filter.ts';
import { findNamedUser, type UserReach } from '../../customers/index.ts';
import { findLocation } from '../domain/location.ts';
import { decidePage, paginationOf } from '../domain/transaction-page.ts';
import { decideRange } from '../domain/transaction-range.ts';
import { type AccountReading, accountFor, readAccount, type UserAccount } from './accounts-of-user.ts';
import type { AccountsParts } from './accounts-parts.ts';
import { lacksCifNumber } from './named-user-errors.ts';
import { toTransactions } from './transaction-answer.ts';

type TransactionsCall = Call<typeof listTransactions>;
type Query = QueryOf<typeof listTransactions>;

const filterProperties = { id: 'string', description: 'string' } as const;

const userErrors = {
  blank: 'parameterMissing',
  both: 'parameterMissing',
  none: 'parameterMissing',
  notTheTokens: 'attributeNotAllowed',
  unknown: 'userNotFound',
} as const;

/** X1. Range, then page, then filters: that order is the contract's, odd as it is. */
export function listTransactionsRoute({ core, ids }: AccountsParts): Route {
  return route(listTransactions).handle(async (call) => {
    const { institution, principal, query } = call;
    const { institutionId, timeZone } = institution;
    const policy = institution.policies.transactions;
    if (!policy.isServed || policy.blockedClientIds.includes(principal.application.clientId)) throw call.error('callerBlocked');
    if (hasBlank(query)) throw call.error('parameterMissing');

    const { accountId = '' } = query;
    const key = ids.decode('account', institutionId, accountId);
    const [named, reading] = await Promise.all([
      findNamedUser(call.sql, principal, query),
      key === undefined ? undefined : readAccount(core, call.sql, institutionId, key.accountKey),
    ]);
    if (!named.ok) throw call.error(userErrors[named.refusal]);
    const user = named.value;
    const account = readableAccount(call, user, reading);

    const today = toInstitutionDate(call.now, timeZone);
    const range = decideRange({ ...query, isFuture: isTrue(query.retrieveFutureTransactions) }, today, policy);
    if (!range.ok) throw call.error(range.refusal);
    const page = decidePage(query, policy.minimumPageSize);
    if (!page.ok) throw call.error(page.refusal);
    const filter = query.$filter === undefined ? undefined : parseFilter(query.$filter, filterProperties);
    if (filter?.ok === false) throw call.error('filterInvalid');

    const found = await core.listTransactions(call.sql, {
      institutionId,
      accountKey: account.accountKey,
      ...range.value,
      datedBy: call.switchOf(institution, 'transactions.range_date'),
      skip: page.value.skip,
      take: page.value.take,
      isCounted: page.value.isDescribed,
    });
    const context = {
      institutionId,
      institutionUserId: user.institutionUserId,
      accountId,
      account,
      ids,
      zoneLabel: standardTimeLabel(timeZone),
      additionalInfoKeys: policy.additionalInfoKeys,
      isEnriched: principal.scopes.has('transactions:read_enriched'),
    };
    const rows = toTransactions(context, found.transactions).filter(
      (row) => (filter === undefined || matchesFilter(filter.value, rowOf(row))) && isWanted(row, query.isCreditTransaction),
    );
    const pagination = paginationOf(page.value, found.count, linkParameters(call));
    return {
      transactions: rows,
      ...(pagination !== undefined && { pagination }),
      ...(isTrue(query.additionalFields) && { additionalInfo: zoneInfo(call.now, timeZone) }),
    };
  });
}

/** The account of the call, when this user may read its history; refusals in the order of the contract. */
function readableAccount(call: TransactionsCall, user: UserReach, reading: AccountReading | undefined): UserAccount {
  const policy = call.institution.policies.transactions;
  const account = reading === undefined ? undefined : accountFor(user, reading);
  if (reading === undefined || account === undefined) throw call.error('accountNotFound');
  const located = accountAtLocation(call, user, reading, account);
  if (located === undefined) throw call.error('locationInvalid');
  if (lacksCifNumber(policy.needsCifNumber, user)) throw call.error('cifNumberMissing');
  if (policy.isExternalHistoryElsewhere && located.tpvReference !== undefined) throw call.error('historyElsewhere');
  if (!located.isHistoryEnabled) throw call.error('historyDisabled');
  if (!located.entitlement.isHistoryEntitled) throw call.error('historyNotEntitled');
  return located;
}

/** A user of a business says at which location the account is; the switch lets the account tell it (TXN-S3). */
function accountAtLocation(
  call: TransactionsCall,
  user: UserReach,
  reading: AccountReading,
  account: UserAccount,
): UserAccount | undefined {
  const named = call.query.institutionCustomerId;
  if (named !== undefined) {
    const customerId = findLocation(user.customers, named);
    return customerId === undefined ? undefined : accountFor(user, reading, customerId);
  }
  if (user.userType === 'RETAIL') return account;
  if (call.switchOf(call.institution, 'transactions.location') !== 'derive') return undefined;
  const locations = user.customers.filter(({ customerId }) => accountFor(user, reading, customerId) !== undefined);
  return locations.length === 1 ? account : undefined;
}

/** Every parameter but accountId has one answer for an empty value. */
function hasBlank({ accountId, ...others }: Query): boolean {
  return Object.values(others).some((value) => value?.trim() === '');
}

function rowOf({ id, description }: { readonly id: string; readonly description?: string }) {
  return { id, description };
}

function isWanted({ isCreditTransaction }: { readonly isCreditTransaction: boolean }, wanted: string | undefined): boolean {
  return wanted === undefined || isCreditTransaction === isTrue(wanted);
}

/** By default links carry the page and nothing else (TXN-S2). */
function linkParameters(call: TransactionsCall): string {
  if (call.switchOf(call.institution, 'transactions.links') !== 'full') return '';
  const { $skip, $top, ...others } = call.query;
  return Object.entries(others)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value ?? '')}`)
    .join('');
}

/** Whole hours, cut off where a zone has a half. */
function zoneInfo(now: Date, timeZone: string) {
  return {
    entry: [
      { key: 'timeZone', value: timeZone },
      { key: 'timeZoneOffset', value: String(Math.trunc(offsetHours(now, timeZone))) },
    ],
  };
}
