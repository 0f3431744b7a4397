import { simulateAlertEvent } from '@openbranch/contract/alerts/event-operations';
import { type Route, route } from '../../../http/route.ts';
import type { AddressedEvent } from '../domain/alert-event.ts';
import { readEvent } from '../domain/event-input.ts';
import { toTrace } from '../domain/outcome-trace.ts';
import { compileContent } from '../domain/render-template.ts';
import { decideBatch } from '../tasks/decide-batch.ts';
import { assertInstitution } from './assert-institution.ts';
import { findAddressee } from './event-addressee.ts';
import { explainChannel } from './explained-channel.ts';

/** Ours: the pipeline's own decision, of which nothing is kept. */
export const simulateAlertEventRoute: Route = route(simulateAlertEvent).handle(async (call) => {
  assertInstitution(call);
  const { institutionId, policies } = call.institution;
  const { defaultLocale } = policies.alerts;
  const input = readEvent(call.body, institutionId, call.now);
  if (!input.ok) throw call.error(input.refusal === 'institutionInvalid' ? 'institutionInvalid' : 'eventInvalid');
  const addressee = await findAddressee(call, input.value);
  if (!addressee.ok) throw call.error('userUnknown');
  const { eventId, eventType, domain, occurredAt, parts, customerId } = input.value;
  const event: AddressedEvent = { eventId, eventType, domain, occurredAt, addressee: addressee.value, parts };
  const { decided } = await decideBatch(call.sql, { institutionId, defaultLocale }, [event], compileContent);
  return {
    outcomes: decided.map(({ institutionUserId, outcome }) => {
      const trace = toTrace(outcome);
      return {
        alertTypeName: eventType,
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
