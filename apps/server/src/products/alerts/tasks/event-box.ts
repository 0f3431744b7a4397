import type { PersonalDataBox, SealedPlace } from '../../../kernel/personal-data.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import { alertChannels } from '../domain/alert-channel.ts';
import type { AddressedEvent, AlertEvent, EventAddresses, KnownAddressee } from '../domain/alert-event.ts';
import { type ContentType, contentTypes } from '../domain/alert-template.ts';
import { toEventDomain } from '../domain/alert-type.ts';
import { toPostingAlerts } from '../domain/own-event-alerts.ts';
import type { Posting } from '../domain/posting.ts';
import { postingText, toPosting } from './posting-text.ts';

type Contents = Readonly<Partial<Record<ContentType, string>>>;

interface Summary {
  readonly summary: string;
  readonly byChannel: Readonly<Partial<Record<AlertChannel, string>>>;
}

/** What was sent. */
export interface AlertWords {
  readonly summary: Summary;
  readonly contents: Contents;
}

export interface SealedWords {
  readonly summary: Buffer;
  readonly content: Buffer;
}

/**
 * Seals what events carry and what was sent under the data key of the institution; a row of one event cannot be opened as
 * that of another. What is opened is undefined when that key was destroyed.
 */
export interface EventBox {
  /** Where there is no transaction. Asks the database nothing when the keys are in memory. */
  sealEvent(institutionId: string, event: AddressedEvent): Promise<Buffer>;
  /** The same in a transaction: keys that the institution lacks are made in it. */
  sealEventIn(tx: Tx, institutionId: string, event: AddressedEvent): Promise<Buffer>;
  sealPostingIn(tx: Tx, institutionId: string, posting: Posting): Promise<Buffer>;
  /**
   * The event, or what a posting tells.
   * @throws Error when it was not sealed under this id.
   */
  openEvents(institutionId: string, queuedId: string, sealed: Uint8Array): Promise<readonly AlertEvent[] | undefined>;
  /** Good until the transaction ends. */
  wordsSealerIn(tx: Tx, institutionId: string): Promise<(alertOutcomeId: bigint, words: AlertWords) => SealedWords>;
  openContents(institutionId: string, alertOutcomeId: bigint, sealed: Uint8Array | null): Promise<Contents | undefined>;
  openSummary(institutionId: string, alertOutcomeId: bigint, sealed: Uint8Array | null): Promise<Summary | undefined>;
}

export function createEventBox(personalData: Pick<PersonalData, 'sealAlone' | 'sealIn' | 'sealerIn' | 'open'>): EventBox {
  const open = async (place: SealedPlace, sealed: Uint8Array | null): Promise<unknown> => {
    const text = await personalData.open(place, sealed);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    sealEvent: (institutionId, event) => personalData.sealAlone(placeOfEvent(institutionId, event.eventId), eventText(event)),
    sealEventIn: (tx, institutionId, event) =>
      personalData.sealIn(tx, placeOfEvent(institutionId, event.eventId), eventText(event)),
    sealPostingIn: (tx, institutionId, posting) =>
      personalData.sealIn(tx, placeOfEvent(institutionId, posting.postingId), postingText(posting)),
    openEvents: async (institutionId, queuedId, sealed) => {
      const stored = await open(placeOfEvent(institutionId, queuedId), sealed);
      if (stored === undefined) return undefined;
      const posting = toPosting(queuedId, stored);
      return posting === undefined ? [toEvent(queuedId, stored)] : toPostingAlerts(institutionId, posting);
    },
    wordsSealerIn: async (tx, institutionId) => {
      const seal = await personalData.sealerIn(tx, institutionId);
      return (alertOutcomeId, words) => sealWords(seal, institutionId, alertOutcomeId, words);
    },
    openContents: async (institutionId, alertOutcomeId, sealed) => {
      const stored = await open(placeOfWords(institutionId, alertOutcomeId, 'content_sealed'), sealed);
      return stored === undefined ? undefined : toTexts(stored, contentTypes);
    },
    openSummary: async (institutionId, alertOutcomeId, sealed) => {
      const stored = await open(placeOfWords(institutionId, alertOutcomeId, 'summary_sealed'), sealed);
      if (stored === undefined) return undefined;
      return {
        summary: toText(memberOf(stored, 'summary')) ?? '',
        byChannel: toTexts(memberOf(stored, 'byChannel'), alertChannels),
      };
    },
  };
}

/** Seals the words of an outcome whose id is known. */
export function sealWords(
  seal: PersonalDataBox['seal'],
  institutionId: string,
  alertOutcomeId: bigint,
  { summary, contents }: AlertWords,
): SealedWords {
  return {
    summary: seal(placeOfWords(institutionId, alertOutcomeId, 'summary_sealed'), JSON.stringify(summary)),
    content: seal(placeOfWords(institutionId, alertOutcomeId, 'content_sealed'), JSON.stringify(contents)),
  };
}

function placeOfEvent(institutionId: string, eventId: string): SealedPlace {
  return { institutionId, table: 'alert_event_queue', column: 'payload_sealed', rowId: eventId };
}

function placeOfWords(institutionId: string, alertOutcomeId: bigint, column: 'summary_sealed' | 'content_sealed'): SealedPlace {
  return { institutionId, table: 'alert_outcomes', column, rowId: String(alertOutcomeId) };
}

function eventText({ occurredAt, ...event }: AddressedEvent): string {
  return JSON.stringify({ ...event, occurredAt: occurredAt.toISOString() });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toTexts<Name extends string>(stored: unknown, names: readonly Name[]): Readonly<Partial<Record<Name, string>>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const text = toText(memberOf(stored, name));
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function toEvent(eventId: string, stored: unknown): AlertEvent {
  const parts = memberOf(stored, 'parts');
  const domain = toText(memberOf(stored, 'domain'));
  const occurredAt = toText(memberOf(stored, 'occurredAt'));
  const eventType = toText(memberOf(stored, 'eventType'));
  if (typeof parts !== 'object' || parts === null || occurredAt === undefined || eventType === undefined)
    throw new Error('What is stored is no event.');
  return {
    eventId,
    eventType,
    domain: domain === undefined ? undefined : toEventDomain(domain),
    occurredAt: new Date(occurredAt),
    addressee: toAddressee(memberOf(stored, 'addressee')),
    parts: { ...parts },
  };
}

function toAddressee(stored: unknown): KnownAddressee {
  if (memberOf(stored, 'kind') !== 'addresses') {
    const institutionUserIds = toList(memberOf(stored, 'institutionUserIds'));
    return { kind: 'users', institutionUserIds, customerId: toText(memberOf(stored, 'customerId')) };
  }
  const given = memberOf(stored, 'addresses');
  const addresses: EventAddresses = Object.fromEntries(
    alertChannels.flatMap((channel) => {
      const list = memberOf(given, channel);
      return list === undefined ? [] : [[channel, toList(list)] as const];
    }),
  );
  return { kind: 'addresses', addresses };
}
