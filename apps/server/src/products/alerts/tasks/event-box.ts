import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { open, seal } from '../../../platform/keys/sealed-box.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import { alertChannels } from '../domain/alert-channel.ts';
import type { Addressee, AlertEvent, EventAddresses } from '../domain/alert-event.ts';
import { type ContentType, contentTypes } from '../domain/alert-template.ts';
import { toEventDomain } from '../domain/alert-type.ts';

type Contents = Readonly<Partial<Record<ContentType, string>>>;

export interface SealedSummary {
  readonly summary: string;
  readonly byChannel: Readonly<Partial<Record<AlertChannel, string>>>;
}

/** Seals what events carry and what was sent; a row of one event cannot be opened as that of another. */
export interface EventBox {
  sealEvent(institutionId: string, event: AlertEvent): Buffer;
  /** @throws Error when it was not sealed as this event. */
  openEvent(institutionId: string, eventId: string, sealed: Uint8Array): AlertEvent;
  sealContents(institutionId: string, outcomeKey: string, contents: Contents): Buffer;
  openContents(institutionId: string, outcomeKey: string, sealed: Uint8Array): Contents;
  sealSummary(institutionId: string, outcomeKey: string, summary: SealedSummary): Buffer;
  openSummary(institutionId: string, outcomeKey: string, sealed: Uint8Array): SealedSummary;
}

export function createEventBox(keyRing: KeyRing): EventBox {
  const eventContext = (institutionId: string, eventId: string): string => `alert event ${institutionId} ${eventId}`;
  const context = (what: string, institutionId: string, key: string): string => `alert ${what} ${institutionId} ${key}`;
  const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));
  return {
    sealEvent: (institutionId, { occurredAt, addressee, ...event }) =>
      seal(
        keyRing.key('alert-event'),
        eventContext(institutionId, event.eventId),
        write({ ...event, addressee: fromAddressee(addressee), occurredAt: occurredAt.toISOString() }),
      ),
    openEvent: (institutionId, eventId, sealed) =>
      toEvent(eventId, read(open(keyRing.key('alert-event'), eventContext(institutionId, eventId), sealed))),
    sealContents: (institutionId, key, contents) =>
      seal(keyRing.key('alert-content'), context('content', institutionId, key), write(contents)),
    openContents: (institutionId, key, sealed) =>
      toTexts(read(open(keyRing.key('alert-content'), context('content', institutionId, key), sealed)), contentTypes),
    sealSummary: (institutionId, key, summary) =>
      seal(keyRing.key('alert-content'), context('summary', institutionId, key), write(summary)),
    openSummary: (institutionId, key, sealed) => {
      const stored = read(open(keyRing.key('alert-content'), context('summary', institutionId, key), sealed));
      return {
        summary: toText(memberOf(stored, 'summary')) ?? '',
        byChannel: toTexts(memberOf(stored, 'byChannel'), alertChannels),
      };
    },
  };
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
