import { createHash } from 'node:crypto';
import { sendCustomerEvent } from '@openbranch/contract/alerts/sent-event-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { readSentEvents, type SentEvent } from '../domain/sent-event.ts';
import { acceptSentEvents } from './accept-sent-events.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { findMessagingUser } from './find-messaging-user.ts';

type SendCall = Call<typeof sendCustomerEvent>;

/** L25: takes events of a customer, all or none; who is told is decided by the pipeline. */
export function sendCustomerEventRoute({ keyRing }: Pick<AlertsParts, 'keyRing'>): Route {
  return route(sendCustomerEvent).handle(async (call) => {
    const { institutionId } = call.institution;
    const customerId = call.params.di_ficustomer.toLowerCase();
    const read = readSentEvents(call.body, { institutionId, customerId });
    if (!read.ok)
      throw read.refusal === 'inputInvalid' ? call.errorWith(read.refusal, { detail: read.detail }) : call.error(read.refusal);
    const user = await findMessagingUser(call.sql, institutionId, customerId);
    if (user === undefined) throw call.error('customerNotFound');
    const { institutionUserId } = user;
    const idOf = eventIdsOf(call, customerId, read.events);
    await call.write(async (write) => {
      await acceptSentEvents(write.sql, keyRing, {
        institutionId,
        institutionUserId,
        customerId,
        occurredAt: call.now,
        events: read.events.map((event, index) => ({ ...event, eventId: idOf(index) })),
      });
      await write.audit('alert_events_sent', { institutionUserId, details: { events: read.events.length } });
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
