import { deleteSubscription as operation } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { parseSubscriptionId } from '../domain/subscription.ts';
import { deleteSubscription } from '../store/alert-subscriptions.ts';
import { findMessagingUser } from './find-messaging-user.ts';

/** L35: ends a subscription. */
export const deleteSubscriptionRoute = route(operation).handle(async (call) => {
  const { institution, sql, params } = call;
  const { institutionId } = institution;
  const user = await findMessagingUser(sql, institutionId, params.di_ficustomer);
  if (user === undefined) throw call.error('customerNotFound');
  const subscriptionId = parseSubscriptionId(params.subscription_id);
  if (subscriptionId === undefined) throw call.error('subscriptionNotFound');
  const { customerGuid, institutionUserId } = user;
  await call.write(async (write) => {
    const wasThere = await deleteSubscription(write.sql, institutionId, customerGuid, subscriptionId);
    if (!wasThere) throw call.error('subscriptionNotFound');
    await write.audit('alert_subscription_deleted', { institutionUserId, details: { subscriptionId } });
  });
});
