import { randomBytes } from 'node:crypto';
import { createSubscription } from '@openbranch/contract/alerts/subscription-operations';
import { route } from '../../../http/route.ts';
import { lockContactMethods } from '../../customers/index.ts';
import { applySubscription, mostSubscriptions, readSubscription } from '../domain/subscription.ts';
import { listSubscriptions, saveSubscription } from '../store/alert-subscriptions.ts';
import { findMessagingUser } from './find-messaging-user.ts';
import { hasMissingDestination } from './has-missing-destination.ts';
import { toSubscriptionAnswer } from './subscription-answer.ts';

/** L32: subscribes a customer to an event. */
export const createSubscriptionRoute = route(createSubscription).handle(async (call) => {
  const { institutionId } = call.institution;
  const customerId = call.params.di_ficustomer;
  const input = readSubscription(call.body, { institutionId, customerId }, true);
  if (!input.ok) throw call.errorWith('inputInvalid', { detail: input.detail });
  const user = await findMessagingUser(call.sql, institutionId, customerId);
  if (user === undefined) throw call.error('customerNotFound');
  const { customerGuid, institutionUserId } = user;
  return call.write(async (write) => {
    // Two at once must not both be the last one that there is room for.
    await lockContactMethods(write.sql, institutionId, institutionUserId);
    const others = await listSubscriptions(write.sql, institutionId, [customerGuid]);
    if (others.length >= mostSubscriptions) throw call.error('tooManySubscriptions');
    const made = applySubscription({ subscriptionId: randomBytes(16).toString('hex'), customerGuid }, input.value);
    if (await hasMissingDestination(write.sql, user, made.actions)) throw call.error('destinationNotFound');
    await saveSubscription(write.sql, institutionId, made);
    await write.audit('alert_subscription_created', { institutionUserId, details: { subscriptionId: made.subscriptionId } });
    return toSubscriptionAnswer(institutionId, made);
  });
});
