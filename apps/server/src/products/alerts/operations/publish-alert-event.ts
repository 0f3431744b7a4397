import { publishAlertEvent } from '@openbranch/contract/alerts/event-operations';
import { type Route, route } from '../../../http/route.ts';
import type { AlertEvent } from '../domain/alert-event.ts';
import { readEvent } from '../domain/event-input.ts';
import { laneOf } from '../domain/event-lane.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { findAddressee } from './event-addressee.ts';

/**
 * L24. One statement takes the event, with its place in the queue, or counts a repetition; so it needs neither a
 * transaction nor the replay guard. Events that come at the same time share the statement, and are answered after it. The row of the event, which names the application, is the record of the call.
 */
export function publishAlertEventRoute({ box, wake, acceptEvent }: Pick<AlertsParts, 'box' | 'wake' | 'acceptEvent'>): Route {
  return route(publishAlertEvent).handle(async (call) => {
    assertInstitution(call);
    const { institutionId } = call.institution;
    const input = readEvent(call.body, institutionId, call.now);
    if (!input.ok) throw call.error(input.refusal);
    const { eventId, eventType, domain, eventSource, occurredAt, parts } = input.value;
    const addressee = await findAddressee(call, input.value);
    if (!addressee.ok) throw call.error('addresseeMissing');
    const event: AlertEvent = { eventId, eventType, domain, occurredAt, addressee: addressee.value, parts };
    await acceptEvent(institutionId, {
      eventId,
      lane: laneOf(event),
      eventType,
      domain,
      producer: 'PUBLISH',
      eventSource,
      clientId: call.principal.application.clientId,
      occurredAt,
      acceptedAt: call.now,
      payloadSealed: await box.sealEvent(institutionId, event),
    });
    wake();
  });
}
