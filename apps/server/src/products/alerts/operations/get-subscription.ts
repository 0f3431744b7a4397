import { getSubscription } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { parseSubscriptionId } from '../domain/subscription.ts';
import { findSubscription } from '../store/alert-subscriptions.ts';
import { findMessagingUser } from './find-messaging-user.ts';
import { toSubscriptionAnswer } from './subscription-answer.ts';

/** L34: one subscription. */
export const getSubscriptionRoute = route(getSubscription).handle(async (call) => {
  const { institution, sql, params } = call;
  const { institutionId } = institution;
  const user = await findMessagingUser(sql, institutionId, params.di_ficustomer);
  if (user === undefined) throw call.error('customerNotFound');
  const id = parseSubscriptionId(params.subscription_id);
  const found = id === undefined ? undefined : await findSubscription(sql, institutionId, user.customerGuid, id);
  if (found === undefined) throw call.error('subscriptionNotFound');
  return toSubscriptionAnswer(institutionId, found);
});
