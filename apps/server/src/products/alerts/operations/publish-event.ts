import { randomUUID } from 'node:crypto';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import { laneOf } from '../domain/event-lane.ts';
import { identifyOwnEvent, toAlertEvents } from '../domain/own-event-alerts.ts';
import { acceptEvents, type NewEvent } from '../store/alert-events.ts';
import type { EventBox } from '../tasks/event-box.ts';

/** The door for events of our own products: one statement for all that one of them is. */
export function createPublishEvent(box: EventBox, wake: () => void): PublishEvent {
  return async (write, own) => {
    const { institutionId, occurredAt } = own;
    const events = toAlertEvents(own).map((one) => identifyOwnEvent(institutionId, one, one.eventId ?? randomUUID()));
    if (events.length === 0) return;
    write.afterCommit(wake);
    const accepted: NewEvent[] = [];
    // One after the other: the first reads the keys for all, or makes them.
    for (const event of events)
      accepted.push({
        eventId: event.eventId,
        lane: laneOf(event),
        eventType: event.eventType,
        domain: event.domain,
        producer: 'OWN',
        eventSource: undefined,
        clientId: undefined,
        occurredAt,
        acceptedAt: occurredAt,
        payloadSealed: await box.sealEventIn(write.sql, institutionId, event),
      });
    await acceptEvents(write.sql, institutionId, accepted);
  };
}
