import { randomUUID } from 'node:crypto';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import type { AlertEvent } from '../domain/alert-event.ts';
import { laneOf } from '../domain/event-lane.ts';
import { toAlertEvents } from '../domain/own-event-alerts.ts';
import { acceptEvents } from '../store/alert-events.ts';
import type { EventBox } from '../tasks/event-box.ts';

/** The door for events of our own products: one statement for all that one of them is. */
export function createPublishEvent(box: EventBox, wake: () => void): PublishEvent {
  return async (write, own) => {
    const { institutionId, occurredAt } = own;
    const events = toAlertEvents(own).map((one): AlertEvent => {
      const eventId = one.eventId ?? randomUUID();
      const eventDetails = { eventId, eventType: one.eventType, institutionId, eventOccured: occurredAt.toISOString() };
      return { ...one, eventId, parts: { eventDetails, ...one.parts } };
    });
    if (events.length === 0) return;
    write.afterCommit(wake);
    const accepted = events.map(async (event) => ({
      eventId: event.eventId,
      lane: laneOf(event),
      eventType: event.eventType,
      domain: event.domain,
      producer: 'OWN' as const,
      eventSource: undefined,
      clientId: undefined,
      occurredAt,
      acceptedAt: occurredAt,
      payloadSealed: await box.sealEventIn(write.sql, institutionId, event),
    }));
    await acceptEvents(write.sql, institutionId, await Promise.all(accepted));
  };
}
