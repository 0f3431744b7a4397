import { createHash } from 'node:crypto';
import { sendCustomerEvent } from '@openbranch/contract/alerts/sent-event-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { AddressedEvent } from '../domain/alert-event.ts';
import { laneOf } from '../domain/event-lane.ts';
import { readSentEvents, type SentEvent, toEventParts } from '../domain/sent-event.ts';
import { acceptEvents, type NewEvent } from '../store/alert-events.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { findMessagingUser } from './find-messaging-user.ts';

type SendCall = Call<typeof sendCustomerEvent>;

/**
 * L25: takes events of a customer, all or none; who is told is decided by the pipeline. The rows of the events, which name
 * the application, are the record of the call.
 */
export function sendCustomerEventRoute({ box, wake }: Pick<AlertsParts, 'box' | 'wake'>): Route {
  return route(sendCustomerEvent).handle(async (call) => {
    const { institutionId } = call.institution;
    const customerId = call.params.di_ficustomer.toLowerCase();
    const read = readSentEvents(call.body, { institutionId, customerId });
    if (!read.ok)
      throw read.refusal === 'inputInvalid' ? call.errorWith('inputInvalid', { detail: read.detail }) : call.error(read.refusal);
    const user = await findMessagingUser(call.sql, institutionId, customerId);
    if (user === undefined) throw call.error('customerNotFound');
    const addressee = { kind: 'users', institutionUserIds: [user.institutionUserId], customerId } as const;
    const idOf = eventIdsOf(call, customerId, read.events);
    const events = read.events.map((event, index): AddressedEvent => {
      const { eventType } = event;
      const details = { eventId: idOf(index), eventType, institutionId, institutionCustomerId: customerId };
      const parts = { eventDetails: { ...details, eventOccured: call.now.toISOString() }, ...toEventParts(event) };
      return { eventId: idOf(index), eventType, domain: undefined, occurredAt: call.now, addressee, parts };
    });
    const accepted = events.map(
      async (event): Promise<NewEvent> => ({
        eventId: event.eventId,
        lane: laneOf(event),
        eventType: event.eventType,
        domain: undefined,
        producer: 'SEND',
        eventSource: undefined,
        clientId: call.principal.application.clientId,
        occurredAt: call.now,
        acceptedAt: call.now,
        payloadSealed: await box.sealEvent(institutionId, event),
      }),
    );
    const rows = await Promise.all(accepted);
    await call.write(async (write) => {
      write.afterCommit(wake);
      await acceptEvents(write.sql, institutionId, rows);
    });
  });
}

/**
 * V1 events have no id of their own. Theirs begins with the trace id, by which whoever sent them can ask for them, and is
 * the same when the same call comes again: then nothing more happens, however late that is.
 */
function eventIdsOf(call: SendCall, customerId: string, events: readonly SentEvent[]): (index: number) => string {
  const whole = JSON.stringify([call.principal.application.clientId, customerId, events]);
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  return (index) => `${call.traceId?.toLowerCase() ?? ''}-${digest}-${index}`;
}
