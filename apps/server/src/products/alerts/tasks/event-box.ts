import type { PersonalDataBox, SealedPlace } from '../../../kernel/personal-data.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import { alertChannels } from '../domain/alert-channel.ts';
import type { Addressee, AlertEvent, EventAddresses } from '../domain/alert-event.ts';
import { type ContentType, contentTypes } from '../domain/alert-template.ts';
import { toEventDomain } from '../domain/alert-type.ts';

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
  sealEvent(institutionId: string, event: AlertEvent): Promise<Buffer>;
  /** The same in a transaction: keys that the institution lacks are made in it. */
  sealEventIn(tx: Tx, institutionId: string, event: AlertEvent): Promise<Buffer>;
  /** @throws Error when it was not sealed as this event. */
  openEvent(institutionId: string, eventId: string, sealed: Uint8Array): Promise<AlertEvent | undefined>;
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
    openEvent: async (institutionId, eventId, sealed) => {
      const stored = await open(placeOfEvent(institutionId, eventId), sealed);
      return stored === undefined ? undefined : toEvent(eventId, stored);
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
function sealWords(
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

function eventText({ occurredAt, addressee, ...event }: AlertEvent): string {
  return JSON.stringify({ ...event, addressee: fromAddressee(addressee), occurredAt: occurredAt.toISOString() });
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

/** JSON has no whole numbers of any size. */
function fromAddressee(addressee: Addressee): object {
  return addressee.kind === 'account' ? { kind: addressee.kind, accountKey: String(addressee.accountKey) } : addressee;
}

function toAddressee(stored: unknown): Addressee {
  if (memberOf(stored, 'kind') === 'account') {
    const accountKey = toText(memberOf(stored, 'accountKey'));
    if (accountKey === undefined) throw new Error('What is stored is no event.');
    return { kind: 'account', accountKey: BigInt(accountKey) };
  }
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
