import type { getSubscription } from '@openbranch/contract/alerts/subscription-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { MapEntry } from '../domain/document-reader.ts';
import type { Subscription } from '../domain/subscription.ts';

export function toSubscriptionAnswer(
  institutionId: string,
  { subscriptionId, customerGuid, eventType, runsLeft, conditions, actions }: Subscription,
): AnswerOf<typeof getSubscription> {
  return {
    id: subscriptionId,
    fiId: institutionId,
    fiCustomerId: customerGuid,
    eventTypeId: eventType,
    fulfillment: runsLeft === undefined ? 'RECURRING' : String(runsLeft),
    ...(conditions.length === 0 ? {} : { subscriptionEventConditionsMap: toMap(conditions) }),
    ...(actions.length === 0
      ? {}
      : {
          subscriptionActions: {
            subscriptionAction: actions.map(({ name, attributes }) => ({
              name,
              ...(attributes.length === 0 ? {} : { subscriptionActionAttributesMap: toMap(attributes) }),
            })),
          },
        }),
  };
}

function toMap(entries: readonly MapEntry[]) {
  return { map: [{ entry: entries.map(({ key, value }) => ({ key, value })) }] };
}
