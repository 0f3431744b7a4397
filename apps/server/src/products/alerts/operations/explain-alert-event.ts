import { explainAlertEvent } from '@openbranch/contract/alerts/event-operations';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { deliveryChannels } from '../domain/message-id.ts';
import { toOutcomeReason } from '../domain/outcome-trace.ts';
import { findEvent, type StoredEvent } from '../store/alert-events.ts';
import { type DeliveryRow, listDeliveries, listOutcomes, type OutcomeRow } from '../store/alert-history.ts';
import { assertInstitution } from './assert-institution.ts';
import { explainChannel } from './explained-channel.ts';

/** Ours: why did, or did not, this alert arrive. A token of a user sees its own part only. */
export const explainAlertEventRoute: Route = route(explainAlertEvent).handle(async (call) => {
  assertInstitution(call);
  const { sql, institution, principal } = call;
  const { institutionId, timeZone } = institution;
  const event = await findEvent(sql, institutionId, call.params.eventId);
  if (event === undefined) throw call.error('alertUnknown');
  const own = principal.user?.institutionUserId;
  const outcomes = await listOutcomes(sql, institutionId, event.eventSeq, own);
  if (own !== undefined && outcomes.length === 0) throw call.error('alertUnknown');
  const deliveries = await listDeliveries(
    sql,
    institutionId,
    outcomes.map(({ alertOutcomeId }) => alertOutcomeId),
  );
  const { domain, eventSource, failure } = event;
  return {
    eventId: event.eventId,
    eventType: event.eventType,
    ...(domain === undefined ? {} : { eventDomain: domain }),
    producer: event.producer,
    ...(eventSource === undefined ? {} : { eventSource }),
    eventOccured: toInstitutionDateTime(event.occurredAt, timeZone),
    acceptedAt: toInstitutionDateTime(event.acceptedAt, timeZone),
    duplicates: event.repeats,
    state: stateOf(event, outcomes, deliveries),
    ...(failure === undefined ? {} : { failure }),
    outcomes: outcomes.map((one) => explainOutcome(one, deliveries)),
  };
});

function stateOf({ queue }: StoredEvent, outcomes: readonly OutcomeRow[], deliveries: readonly DeliveryRow[]) {
  if (queue === 'dead') return 'DEAD' as const;
  if (queue === 'waits') return 'ACCEPTED' as const;
  if (deliveries.length === 0) return outcomes.length === 0 ? ('ACCEPTED' as const) : ('DROPPED' as const);
  return deliveries.some(({ status }) => status === 'IN_PROCESS') ? ('DISPATCHED' as const) : ('SETTLED' as const);
}

function explainOutcome(outcome: OutcomeRow, all: readonly DeliveryRow[]) {
  const { alertOutcomeId, alertTypeName, institutionUserId, customerId, trace } = outcome;
  const own = all.filter((one) => one.alertOutcomeId === alertOutcomeId);
  const reason = toOutcomeReason(outcome.reason) ?? (isRefused(own) ? ('PROVIDER_REFUSED' as const) : undefined);
  return {
    alertTypeName,
    ...(institutionUserId === undefined ? {} : { institutionUserId }),
    ...(customerId === undefined ? {} : { institutionCustomerId: customerId }),
    ...(reason === undefined ? {} : { reason }),
    ...(own.length === 0 ? {} : { alertHistoryId: Number(alertOutcomeId) }),
    channels: deliveryChannels.flatMap((channel) => {
      const link = trace[channel];
      if (link === undefined) return [];
      const sent = own.filter((one) => one.channel === channel);
      return [
        {
          ...explainChannel(channel, link),
          ...(isRefused(sent) ? { reason: 'PROVIDER_REFUSED' as const } : {}),
          deliveries: sent.map(toDelivery),
        },
      ];
    }),
  };
}

/** Something was sent, and nobody took any of it. */
function isRefused(deliveries: readonly DeliveryRow[]): boolean {
  return deliveries.length > 0 && deliveries.every(({ status }) => status === 'FAILURE');
}

function toDelivery({ messageId, contactMethodId, status, tries, failure }: DeliveryRow) {
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(contactMethodId === undefined ? {} : { contactMethodId }),
    status,
    tries,
    ...(failure === undefined ? {} : { failure }),
  };
}
