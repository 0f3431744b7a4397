import { createHash } from 'node:crypto';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { mayPass } from '../../../platform/db/may-pass.ts';
import { sendTogether } from '../../../platform/db/send-together.ts';
import type { BulkMessage, QueueBulk } from '../../../platform/delivery/create-queue-bulk.ts';
import type { PageMessage, ShowOnPage } from '../../../platform/delivery/show-on-page.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { AlertCatalogue } from '../domain/alert-catalogue.ts';
import { type AddressedEvent, type AlertEvent, toEventFacts } from '../domain/alert-event.ts';
import { takeWhatFits } from '../domain/batch-size.ts';
import { type ChannelOutcome, summarise, toPlainText } from '../domain/decide-outcome.ts';
import { type MessageCheck, toMessageId } from '../domain/message-id.ts';
import { toTrace } from '../domain/outcome-trace.ts';
import { buryQueued, deleteQueued, insertMoneyEvents, listQueued, lockLanes, type QueuedEvent } from '../store/alert-events.ts';
import { drawOutcomeIds, insertDeliveries, insertOutcomes, type NewDelivery, type NewOutcome } from '../store/alert-outcomes.ts';
import { countDeliveries } from '../store/alert-subscriptions.ts';
import { beginSilences, endSilences } from '../store/pipeline-facts.ts';
import { addressEvents, type ListAccountUsers } from './address-events.ts';
import type { AlertCatalogues } from './alert-catalogues.ts';
import { FailedBatchError, LostRaceError, UnreadableEventError } from './batch-failure.ts';
import { type Decided, decideBatch } from './decide-batch.ts';
import type { AlertWords, EventBox, SealedWords } from './event-box.ts';

export interface BatchParts {
  readonly sql: Sql;
  readonly personalData: Pick<PersonalData, 'prepare'>;
  readonly box: EventBox;
  readonly listAccountUsers: ListAccountUsers;
  readonly queueBulk: QueueBulk;
  /** Where there is somebody to show pages to. */
  readonly showOnPage: ShowOnPage | undefined;
  readonly catalogues: Pick<AlertCatalogues, 'of' | 'compile'>;
}

export interface BatchScope {
  readonly institutionId: string;
  readonly defaultLocale: string;
  readonly lanes: readonly number[];
  /** At most so many events; fewer of each lane when there are many lanes. */
  readonly mostEvents: number;
  /** Clock of the institution. */
  readonly now: Date;
  /** Its day, `2026-06-19`. */
  readonly day: string;
}

interface QueuedAlert extends AlertEvent {
  /** undefined for an event of money, which gets its number when somebody wants to hear of it. */
  readonly eventSeq: bigint | undefined;
  /** Where it waits. */
  readonly place: QueuedEvent;
}

/**
 * Takes events of lanes that nobody works on, and brings each from the queue to its outcomes and messages, all in one
 * transaction: a process that dies leaves them in the queue.
 * @returns How many there were.
 * @throws FailedBatchError With the events that it had taken.
 */
export async function processBatch(parts: BatchParts, scope: BatchScope): Promise<number> {
  const actions: (() => void)[] = [];
  // Messages are sealed in the transaction, many at once: none of them shall look for the keys.
  // Nor for the catalogue, on a connection of its own while this one is held.
  const [catalogue] = await Promise.all([
    parts.catalogues.of(scope.institutionId),
    parts.personalData.prepare(scope.institutionId),
  ]);
  const { count } = await parts.sql.begin(async (tx) => {
    const lanes = await lockLanes(tx, scope.institutionId, scope.lanes);
    if (lanes.length === 0) return { count: 0 };
    const queued = await listQueued(tx, scope.institutionId, lanes, Math.ceil(scope.mostEvents / lanes.length), new Date());
    if (queued.length === 0) return { count: 0 };
    try {
      const opened = await openAll(parts.box, scope.institutionId, queued);
      await writeBatch(parts, { ...scope, catalogue }, tx, opened, (action) => actions.push(action));
    } catch (cause) {
      throw new FailedBatchError(queued, cause);
    }
    return { count: queued.length };
  });
  for (const action of actions) action();
  return count;
}

interface OpenedEvents {
  readonly events: readonly QueuedAlert[];
  readonly opened: readonly QueuedEvent[];
  /** The data key that sealed them was destroyed. */
  readonly lost: readonly QueuedEvent[];
}

/** One after the other: when keys have changed, the first reads them for all. */
async function openAll(box: EventBox, institutionId: string, queued: readonly QueuedEvent[]): Promise<OpenedEvents> {
  const events: QueuedAlert[] = [];
  const opened: QueuedEvent[] = [];
  const lost: QueuedEvent[] = [];
  for (const one of queued) {
    const found = await openQueued(box, institutionId, one);
    if (found === undefined) {
      lost.push(one);
      continue;
    }
    for (const event of found)
      events.push({ ...event, place: one, eventSeq: event.addressee.kind === 'account' ? undefined : one.eventSeq });
    opened.push(one);
  }
  return { events, opened, lost };
}

async function openQueued(
  box: EventBox,
  institutionId: string,
  { eventId, eventSeq, payloadSealed }: QueuedEvent,
): Promise<readonly AlertEvent[] | undefined> {
  try {
    return await box.openEvents(institutionId, eventId, payloadSealed);
  } catch (cause) {
    // The keys are in the database.
    if (mayPass(cause)) throw cause;
    throw new UnreadableEventError(`The event with number ${eventSeq} cannot be read.`, { cause });
  }
}

async function writeBatch(
  { box, queueBulk, showOnPage, catalogues, listAccountUsers }: BatchParts,
  { institutionId, defaultLocale, now, day, catalogue }: BatchScope & { readonly catalogue: AlertCatalogue },
  tx: Tx,
  { events, opened, lost }: OpenedEvents,
  afterCommit: (action: () => void) => void,
): Promise<void> {
  await buryQueued(tx, institutionId, lost, 'key_destroyed', new Date());
  if (opened.length === 0) return;
  const all = await addressEvents(tx, institutionId, events, listAccountUsers);
  const { taken, addressed } = takeWhatFits(opened, all);
  const known = { institutionId, defaultLocale, catalogue };
  const { decided, begun, ended, runs } = await decideBatch(tx, known, addressed, catalogues.compile);
  if (decided.length === 0) return deleteQueued(tx, institutionId, taken);
  const ofMoney = decided.flatMap(({ event }) => (event.eventSeq === undefined ? [event] : []));
  const [ids, eventSeqs, sealWords] = await Promise.all([
    drawOutcomeIds(tx, decided.length),
    insertMoneyEvents(tx, institutionId, ofMoney),
    box.wordsSealerIn(tx, institutionId),
  ]);
  const numbered = decided.map((one, index) => ({
    ...one,
    alertOutcomeId: drawn(ids[index]),
    eventSeq: one.event.eventSeq ?? drawn(eventSeqs.get(one.event.eventId)),
  }));
  const sent = numbered.flatMap((one) => toDeliveries(institutionId, one.alertOutcomeId, one));
  const begins = beginSilences(tx, institutionId, begun, now);
  const counts = countDeliveries(tx, institutionId, runs, day);
  await sendTogether([
    begins,
    counts,
    insertOutcomes(
      tx,
      institutionId,
      now,
      numbered.map((one) => toOutcome(one, sealWords)),
    ),
    insertDeliveries(
      tx,
      institutionId,
      now,
      sent.map(({ delivery }) => delivery),
    ),
    queueBulk(
      { sql: tx, afterCommit },
      institutionId,
      now,
      sent.flatMap(({ message }) => message ?? []),
    ),
    showOnPage?.(
      tx,
      institutionId,
      now,
      numbered.flatMap((one) => toPageMessages(institutionId, one.alertOutcomeId, one)),
    ),
    endSilences(tx, institutionId, ended),
    deleteQueued(tx, institutionId, taken),
  ]);
  // Events of several users, and of an account that somebody else tells of, are in lanes of their own.
  if ((await begins) < begun.length || (await counts) < runs.length) throw new LostRaceError();
}

export function drawn(id: bigint | undefined): bigint {
  if (id === undefined) throw new Error('Too few ids were drawn.');
  return id;
}

interface NumberedOutcome extends Decided<AddressedEvent> {
  readonly alertOutcomeId: bigint;
  readonly eventSeq: bigint;
}

export function toOutcome(
  { alertOutcomeId, eventSeq, event, institutionUserId, outcome }: NumberedOutcome,
  sealWords: (alertOutcomeId: bigint, words: AlertWords) => SealedWords,
): NewOutcome {
  const { accountId, customerId } = toEventFacts(event);
  const contents = Object.assign({}, ...outcome.channels.map((channel) => channel.contents ?? {}));
  return {
    alertOutcomeId,
    eventSeq,
    eventId: event.eventId,
    alertTypeId: outcome.type?.alertTypeId,
    alertTypeName: event.eventType,
    institutionUserId,
    customerId,
    accountId: accountId?.slice(0, 128),
    occurredAt: event.occurredAt,
    reason: outcome.reason,
    trace: toTrace(outcome),
    locale: outcome.template?.locale,
    sealed:
      outcome.reason === undefined ? sealWords(alertOutcomeId, { summary: summarise(outcome.channels), contents }) : undefined,
  };
}

interface Sent {
  readonly delivery: NewDelivery;
  readonly message: BulkMessage | undefined;
}

/** Every way on which an outcome is sent, numbered within its channel. */
export function toDeliveries(institutionId: string, alertOutcomeId: bigint, decided: Decided<AddressedEvent>): Sent[] {
  const check = toCheck(decided.event.eventId, decided.institutionUserId);
  return decided.outcome.channels.flatMap((channelOutcome): Sent[] => {
    const { channel } = channelOutcome.match;
    if (channelOutcome.contents === undefined) return [];
    if (channel === 'WEB') {
      const delivery = { alertOutcomeId, channel, destinationNumber: 0, messageId: undefined, contactMethodId: undefined };
      return [{ delivery, message: undefined }];
    }
    return recipientsOf(decided, channelOutcome).map(({ recipient, contactMethodId }, destinationNumber) => {
      const messageId = toMessageId({ institutionId, alertOutcomeId, channel, destinationNumber }, check);
      const message = {
        messageId,
        channel,
        template: decided.event.eventType,
        locale: decided.outcome.template?.locale ?? '',
        institutionUserId: decided.institutionUserId,
        content: { recipient, ...wordsOf(channelOutcome) },
      };
      return { delivery: { alertOutcomeId, channel, destinationNumber, messageId, contactMethodId }, message };
    });
  });
}

/** The history is what the page shows; in a sandbox the inbox shows it too. */
function toPageMessages(
  institutionId: string,
  alertOutcomeId: bigint,
  { event, institutionUserId, outcome }: Decided<AddressedEvent>,
): PageMessage[] {
  const page = outcome.channels.find(({ match, contents }) => match.channel === 'WEB' && contents !== undefined);
  if (page?.contents === undefined || institutionUserId === undefined) return [];
  const { WEB_BODY: html, WEB_JSON: json } = page.contents;
  const key = { institutionId, alertOutcomeId, channel: 'WEB', destinationNumber: 0 } as const;
  return [
    {
      messageId: toMessageId(key, toCheck(event.eventId, institutionUserId)),
      template: event.eventType,
      locale: outcome.template?.locale ?? '',
      institutionUserId,
      content: { text: html === undefined ? (json ?? '') : toPlainText(html), html },
    },
  ];
}

function toCheck(eventId: string, institutionUserId = ''): MessageCheck {
  return createHash('sha256').update(`${eventId} ${institutionUserId}`).digest().readUInt32BE() >>> 4;
}

function recipientsOf(
  { event, destinations }: Decided<AddressedEvent>,
  { match }: ChannelOutcome,
): { readonly recipient: string; readonly contactMethodId: bigint | undefined }[] {
  const { addressee } = event;
  if (addressee.kind === 'addresses')
    return (match.channel === 'VOICE' ? [] : (addressee.addresses[match.channel] ?? [])).map((recipient) => ({
      recipient,
      contactMethodId: undefined,
    }));
  return match.contactMethodIds.flatMap((contactMethodId) => {
    const found = destinations.find((one) => one.contactMethodId === contactMethodId);
    return found === undefined ? [] : [{ recipient: found.recipient, contactMethodId }];
  });
}

function wordsOf({ match, contents = {} }: ChannelOutcome) {
  if (match.channel === 'EMAIL') {
    const html = contents.EMAIL_BODY ?? '';
    return { subject: contents.EMAIL_SUBJECT ?? '', text: toPlainText(html), html };
  }
  return { subject: undefined, html: undefined, text: (match.channel === 'PUSH' ? contents.PUSH_BODY : contents.SMS_BODY) ?? '' };
}
