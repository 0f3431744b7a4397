import { simulateAlertEvent } from '@openbranch/contract/alerts/event-operations';
import { type Route, route } from '../../../http/route.ts';
import type { AlertEvent } from '../domain/alert-event.ts';
import { type EventInput, readEvent } from '../domain/event-input.ts';
import { toTrace } from '../domain/outcome-trace.ts';
import { toEventParts, toSentData } from '../domain/sent-event.ts';
import { decideBatch } from '../tasks/decide-batch.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { findAddressee } from './event-addressee.ts';
import { explainChannel } from './explained-channel.ts';

/**
 * Ours: the pipeline's own decision, of which nothing is kept. Without a domain it is an event of V1, whose values are those
 * of the notification: then subscriptions are asked too.
 */
export function simulateAlertEventRoute({ catalogues }: Pick<AlertsParts, 'catalogues'>): Route {
  return route(simulateAlertEvent).handle(async (call) => {
    assertInstitution(call);
    const { institutionId, policies } = call.institution;
    const { defaultLocale } = policies.alerts;
    const isOfV1 = (call.body['eventDomainType'] ?? '') === '';
    const input = readEvent(isOfV1 ? { ...call.body, eventDomainType: 'notification' } : call.body, institutionId, call.now);
    if (!input.ok) throw call.error(input.refusal === 'institutionInvalid' ? 'institutionInvalid' : 'eventInvalid');
    const addressee = await findAddressee(call, input.value);
    if (!addressee.ok) throw call.error('userUnknown');
    const customerId = addressee.value.kind === 'users' ? addressee.value.customerId : undefined;
    const event = toAlertEvent(input.value, addressee.value, isOfV1);
    const known = { institutionId, defaultLocale, catalogue: await catalogues.of(institutionId) };
    const { decided } = await decideBatch(call.sql, known, [event], catalogues.compile);
    return {
      outcomes: decided.map(({ institutionUserId, outcome }) => {
        const trace = toTrace(outcome);
        return {
          alertTypeName: event.eventType,
          ...(institutionUserId === undefined ? {} : { institutionUserId }),
          ...(customerId === undefined ? {} : { institutionCustomerId: customerId }),
          ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
          channels: outcome.channels.map(({ match, contents }) => ({
            ...explainChannel(match.channel, trace[match.channel] ?? {}),
            contactMethodIds: match.contactMethodIds.map(String),
            ...(contents === undefined ? {} : { contents }),
          })),
        };
      }),
    };
  });
}

function toAlertEvent(
  { eventId, eventType, domain, occurredAt, parts }: EventInput,
  addressee: AlertEvent['addressee'],
  isOfV1: boolean,
): AlertEvent {
  if (!isOfV1) return { eventId, eventType, domain, occurredAt, addressee, parts };
  const { eventDetails, notification } = parts;
  const sent = { eventType, data: toSentData(notification) };
  return { eventId, eventType, domain: undefined, occurredAt, addressee, parts: { eventDetails, ...toEventParts(sent) } };
}
