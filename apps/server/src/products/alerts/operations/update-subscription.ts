import { updateSubscription } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { lockContactMethods } from '../../customers/index.ts';
import { applySubscription, parseSubscriptionId, readSubscription } from '../domain/subscription.ts';
import { lockSubscription, saveSubscription } from '../store/alert-subscriptions.ts';
import { findMessagingUser } from './find-messaging-user.ts';
import { hasMissingDestination } from './has-missing-destination.ts';
import { toSubscriptionAnswer } from './subscription-answer.ts';

/** L33: changes a subscription; what is left out keeps its value. */
export const updateSubscriptionRoute = route(updateSubscription).handle(async (call) => {
  const { institutionId } = call.institution;
  const customerId = call.params.di_ficustomer;
  const input = readSubscription(call.body, { institutionId, customerId }, false);
  if (!input.ok) throw call.errorWith('inputInvalid', { detail: input.detail });
  const user = await findMessagingUser(call.sql, institutionId, customerId);
  if (user === undefined) throw call.error('customerNotFound');
  const { customerGuid, institutionUserId } = user;
  const subscriptionId = parseSubscriptionId(input.value.id ?? '');
  if (subscriptionId === undefined) throw call.error('subscriptionNotFound');
  return call.write(async (write) => {
    await lockContactMethods(write.sql, institutionId, institutionUserId);
    // A run that is counted meanwhile waits, and one that was counted is seen.
    const before = await lockSubscription(write.sql, institutionId, customerGuid, subscriptionId);
    if (before === undefined) throw call.error('subscriptionNotFound');
    const after = applySubscription(before, input.value);
    if (await hasMissingDestination(write.sql, user, input.value.actions ?? [])) throw call.error('destinationNotFound');
    await saveSubscription(write.sql, institutionId, after);
    await write.audit('alert_subscription_updated', { institutionUserId, details: { subscriptionId } });
    return toSubscriptionAnswer(institutionId, after);
  });
});
