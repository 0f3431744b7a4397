import { defaultAlertsPolicy } from '../../../kernel/alerts-policy.ts';
import type { OwnEvent } from '../../../kernel/own-event.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { sendTogether } from '../../../platform/db/send-together.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { personalDataIn } from '../../../platform/personal-data/open-personal-data.ts';
import type { AddressedEvent, AlertEvent } from '../domain/alert-event.ts';
import type { DeliveryChannel } from '../domain/message-id.ts';
import { toPostingAlerts, toUserAlert } from '../domain/own-event-alerts.ts';
import { loadAlertCatalogue } from '../store/alert-catalogue.ts';
import { drawOutcomeIds, insertOutcomes, type NewDelivery } from '../store/alert-outcomes.ts';
import {
  type EndedDelivery,
  insertEndedDeliveries,
  insertPastEvents,
  listWantedTypes,
  savePastTimes,
} from '../store/past-alerts.ts';
import { beginSilences } from '../store/pipeline-facts.ts';
import { addressEvents, type ListAccountUsers } from './address-events.ts';
import { createCompile } from './alert-catalogues.ts';
import { type Decided, decideBatch } from './decide-batch.ts';
import { sealWords } from './event-box.ts';
import { drawn, toDeliveries, toOutcome } from './process-batch.ts';

/** Something that happened in the past of a sandbox, and what became of the alerts about it. */
export interface PastAlert {
  /** Unique in the institution: the id of an event about a user, and the end of the ids of a movement. */
  readonly name: string;
  readonly event: OwnEvent;
  readonly readAt: Date | undefined;
  /** The provider would not take what was sent this way. */
  readonly failsBy: DeliveryChannel | undefined;
}

interface PastEvent extends AlertEvent {
  readonly past: PastAlert;
}

type AddressedPast = PastEvent & AddressedEvent;

interface NumberedPast extends Decided<AddressedPast> {
  readonly eventSeq: bigint;
}

export interface PastParts {
  readonly keyRing: KeyRing;
  readonly listAccountUsers: ListAccountUsers;
}

const secondMs = 1000;
/** When the third try of a message has failed. */
const lastTryMs = 330 * secondMs;

/**
 * Writes what the pipeline would have made of past events, decided and worded by the pipeline's own functions; nothing is
 * sent. Of events that led to nothing only the newest are kept.
 * @param past In the order in which it happened.
 * @param keepsDroppedFrom From then on it is also kept why nothing was sent.
 */
export async function recordPastAlerts(
  tx: Tx,
  { keyRing, listAccountUsers }: PastParts,
  institutionId: string,
  past: readonly PastAlert[],
  { now, keepsDroppedFrom }: { readonly now: Date; readonly keepsDroppedFrom: Date },
): Promise<void> {
  const wanted = await listWantedTypes(tx, institutionId);
  const events = past.flatMap((one) =>
    toEvents(institutionId, one)
      .filter(({ eventType, occurredAt }) => wanted.has(eventType) || occurredAt >= keepsDroppedFrom)
      .map((event): PastEvent => ({ ...event, past: one })),
  );
  // A seeded institution decides nothing about alerts but what every institution does.
  const { defaultLocale } = defaultAlertsPolicy;
  const addressed = await addressEvents(tx, institutionId, events, listAccountUsers);
  const catalogue = await loadAlertCatalogue(tx, institutionId);
  const { decided, begun } = await decideBatch(tx, { institutionId, defaultLocale, catalogue }, addressed, createCompile());
  const kept = decided.filter(({ event, outcome }) => outcome.reason === undefined || event.occurredAt >= keepsDroppedFrom);
  const numbered = await numberEvents(tx, institutionId, kept);
  const ids = await drawOutcomeIds(tx, numbered.length);
  const written = numbered.map((one, index) => ({ ...one, alertOutcomeId: drawn(ids[index]) }));
  const { seal } = await personalDataIn(tx, keyRing, institutionId);
  await insertOutcomes(
    tx,
    institutionId,
    now,
    written.map((one) => toOutcome(one, (alertOutcomeId, words) => sealWords(seal, institutionId, alertOutcomeId, words))),
  );
  const deliveries = written.flatMap((one) =>
    toDeliveries(institutionId, one.alertOutcomeId, one).map(({ delivery }) => toEnded(delivery, one.event)),
  );
  const times = written.map(({ alertOutcomeId, event, outcome }) => ({
    alertOutcomeId,
    processedAt: event.occurredAt,
    readAt: outcome.reason === undefined ? event.past.readAt : undefined,
  }));
  await sendTogether([
    insertEndedDeliveries(tx, institutionId, deliveries),
    savePastTimes(tx, institutionId, times),
    beginSilences(tx, institutionId, begun, now),
  ]);
}

/** The numbers of events grow with time, as if each had come when it happened. */
async function numberEvents(
  tx: Tx,
  institutionId: string,
  decided: readonly Decided<AddressedPast>[],
): Promise<readonly NumberedPast[]> {
  const events = new Map(decided.map(({ event }) => [event.eventId, event]));
  const numbers = await insertPastEvents(tx, institutionId, [...events.values()]);
  return decided.flatMap((one) => {
    const eventSeq = numbers.get(one.event.eventId);
    return eventSeq === undefined ? [] : [{ ...one, eventSeq }];
  });
}

function toEvents(institutionId: string, { name, event }: PastAlert): readonly AlertEvent[] {
  if (event.kind !== 'posted') return [toUserAlert(event, name)];
  const { occurredAt, accounts } = event;
  return accounts.flatMap((account) =>
    toPostingAlerts(institutionId, { postingId: account.reference ?? name, occurredAt, account }),
  );
}

function toEnded(delivery: NewDelivery, { occurredAt, past }: PastEvent): EndedDelivery {
  const isTaken = delivery.channel !== past.failsBy;
  // WEB is there with the history; nobody is asked to take it.
  const tries = delivery.channel === 'WEB' ? 0 : isTaken ? 1 : 3;
  return {
    ...delivery,
    status: isTaken ? 'SUCCESS' : 'FAILURE',
    tries,
    failure: isTaken ? undefined : 'webhook_503',
    endedAt: new Date(occurredAt.getTime() + (isTaken ? secondMs : lastTryMs)),
  };
}
