import { listCustomerSubscriptions } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { toActionName } from '../domain/subscription.ts';
import { listSubscriptions } from '../store/alert-subscriptions.ts';
import { findMessagingUser } from './find-messaging-user.ts';
import { toSubscriptionAnswer } from './subscription-answer.ts';
import { wordsOf } from './words-of.ts';

/** L31: the subscriptions of a customer. */
export const listCustomerSubscriptionsRoute = route(listCustomerSubscriptions).handle(async (call) => {
  const { institution, sql, query } = call;
  const { institutionId } = institution;
  const action = query.action === undefined ? undefined : toActionName(query.action);
  if (query.action !== undefined && action === undefined) throw call.error('queryInvalid');
  const user = await findMessagingUser(sql, institutionId, call.params.di_ficustomer);
  if (user === undefined) throw call.error('customerNotFound');
  const eventTypes = wordsOf(query.eventType)?.map((word) => word.toUpperCase());
  const found = (await listSubscriptions(sql, institutionId, [user.customerGuid])).filter(
    (one) =>
      (eventTypes === undefined || eventTypes.includes(one.eventType)) &&
      (action === undefined || one.actions.some(({ name }) => name === action)),
  );
  if (found.length === 0) return undefined;
  return { Subscription: found.map((one) => toSubscriptionAnswer(institutionId, one)) };
});
