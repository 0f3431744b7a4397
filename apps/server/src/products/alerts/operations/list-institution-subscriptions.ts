import { listInstitutionSubscriptions } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { listPageOfSubscriptions } from '../store/alert-subscriptions.ts';
import { toSubscriptionAnswer } from './subscription-answer.ts';
import { wordsOf } from './words-of.ts';

const usualLimit = 30;

/** L36: a page of the subscriptions of all customers. */
export const listInstitutionSubscriptionsRoute = route(listInstitutionSubscriptions).handle(async (call) => {
  const { institution, principal, sql, query, now } = call;
  // A token of one customer reaches only that customer.
  if (principal.user !== undefined) throw call.error('customerNotAuthorized');
  const { eventType, limit, userToken = '', filterOutSubs, status } = query;
  if (userToken !== '' && !/^[0-9a-f]{32}$/iu.test(userToken)) throw call.error('queryInvalid');
  const found = await listPageOfSubscriptions(sql, institution.institutionId, {
    limit: limit === undefined ? usualLimit : Number(limit),
    after: userToken.toLowerCase(),
    eventTypes: wordsOf(eventType)?.map((word) => word.toUpperCase()),
    isActive: status === undefined ? undefined : status.toUpperCase() === 'A',
    notOn: isTrue(filterOutSubs) ? toInstitutionDate(now, institution.timeZone) : undefined,
  });
  return { Subscription: found.map((one) => toSubscriptionAnswer(institution.institutionId, one)) };
});
