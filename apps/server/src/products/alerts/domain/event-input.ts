import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type AlertChannel, toAlertChannel } from './alert-channel.ts';
import { amountIn, type EventAddresses, toEventAmount } from './alert-event.ts';
import { type EventDomain, mayBringAddresses, toEventDomain } from './alert-type.ts';
import type { EventParts } from './event-values.ts';

/** Why an event cannot be taken (contract sheet "Alerts", section 6.3). */
export type EventRefusal = 'malformedInput' | 'partMissing' | 'addresseeMissing' | 'institutionInvalid';

/** What the body of an event says. Who is meant is looked up by the operation. */
export interface EventInput {
  readonly eventId: string;
  readonly eventType: string;
  readonly domain: EventDomain;
  readonly eventSource: string | undefined;
  readonly occurredAt: Date;
  readonly customerId: string | undefined;
  readonly addresses: EventAddresses | undefined;
  readonly parts: EventParts;
}

type Members = Readonly<Record<string, unknown>>;

const longestInfo = 16_384;
const longestEvent = 65_536;
const mostAddresses = 5;
/** What is older has no place in any history. */
const earliest = new Date('2000-01-01T00:00:00Z');
/** Clocks and time zones differ; what has not happened yet would stand above everything in the history. */
const mostAheadMs = 86_400_000;
const printableAscii = /^[\x20-\x7e]*$/u;
const customerIdShape = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;
const dateTimeShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/u;
const emailShape = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,190}$/u;
const phoneShape = /^\+[1-9][0-9]{5,14}$/u;
const partNames = ['account', 'transaction', 'notification', 'user', 'eventData'] as const;

/** A value cannot be taken; thrown and caught in this file only. */
class Refusal extends Error {
  readonly refusal: EventRefusal;

  constructor(refusal: EventRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** Reads the body of an event (contract sheet "Alerts", section 3.7). @param now Clock of the institution. */
export function readEvent(body: Members, institutionId: string, now: Date): Result<EventInput, EventRefusal> {
  try {
    return accept(read(body, institutionId, now));
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.refusal);
    throw error;
  }
}

function read(body: Members, institutionId: string, now: Date): EventInput {
  const details = membersOf(body['eventDetails']);
  if (details === undefined) throw new Refusal('partMissing');
  const eventId = neededText(details['eventId']);
  const eventType = neededText(details['eventType']).toUpperCase();
  if (neededText(details['institutionId']) !== institutionId) throw new Refusal('institutionInvalid');
  const domainWord = text(body['eventDomainType'], 64) ?? '';
  const domain = toEventDomain(domainWord);
  if (domain === undefined) throw new Refusal('malformedInput');
  // An event without a subscription has eventData in the place of a notification.
  const notification = membersOf(body['notification']) ?? membersOf(body['eventData']);
  if (domain === 'NOTIFICATION' && notification === undefined) throw new Refusal('partMissing');
  const occurredAt = dateTime(details['eventOccured']) ?? now;
  if (occurredAt < earliest || occurredAt.getTime() > now.getTime() + mostAheadMs) throw new Refusal('malformedInput');
  const noticedAt = dateTime(details['eventNoticed']);
  if (noticedAt !== undefined && occurredAt > noticedAt) throw new Refusal('malformedInput');
  checkTagsAndInfo(details);
  const parts = { eventDetails: details, ...partsOf(body), ...(notification === undefined ? {} : { notification }) };
  if (JSON.stringify(parts).length > longestEvent) throw new Refusal('malformedInput');
  const amount = amountIn(domain, parts);
  if (amount !== undefined && amount !== null && toEventAmount(amount) === undefined) throw new Refusal('malformedInput');
  return {
    eventId,
    eventType,
    domain,
    eventSource: text(details['eventSource'], 64),
    occurredAt,
    customerId: customerId(details['institutionCustomerId']),
    addresses: mayBringAddresses(domainWord) ? addressesOf(body, details, notification ?? {}) : undefined,
    parts,
  };
}

function membersOf(value: unknown): Members | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMembers(value)) throw new Refusal('malformedInput');
  return value;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partsOf(body: Members): Members {
  const parts = partNames.flatMap((name) => {
    const part = membersOf(body[name]);
    return part === undefined ? [] : [[name, part] as const];
  });
  return Object.fromEntries(parts);
}

/** Absent and empty are the same; a number where a text is declared is taken by its digits. */
function text(value: unknown, maxLength: number): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const given = typeof value === 'number' ? String(value) : value;
  if (typeof given !== 'string' || given.length > maxLength || !printableAscii.test(given)) throw new Refusal('malformedInput');
  return given;
}

function neededText(value: unknown): string {
  const given = text(value, 64);
  if (given === undefined) throw new Refusal('addresseeMissing');
  return given;
}

function dateTime(value: unknown): Date | undefined {
  const given = text(value, 64);
  if (given === undefined) return undefined;
  const time = dateTimeShape.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(time)) throw new Refusal('malformedInput');
  return new Date(time);
}

function customerId(value: unknown): string | undefined {
  const given = text(value, 36);
  if (given === undefined) return undefined;
  if (!customerIdShape.test(given)) throw new Refusal('addresseeMissing');
  return given.replaceAll('-', '').toLowerCase();
}

function checkTagsAndInfo({ eventTags, additionalInfo }: Members): void {
  if (eventTags !== undefined && eventTags !== null) {
    if (!Array.isArray(eventTags) || eventTags.length > 20) throw new Refusal('malformedInput');
    for (const tag of eventTags) text(tag, 64);
  }
  const info = membersOf(additionalInfo);
  if (info !== undefined && JSON.stringify(info).length > longestInfo) throw new Refusal('malformedInput');
}

/** The misspelt name is that of published clients. */
function addressesOf(body: Members, details: Members, notification: Members): EventAddresses | undefined {
  const given = [body, details, notification]
    .flatMap((place) => [place['destintionDetails'], place['destinationDetails']])
    .find((one) => one !== undefined && one !== null);
  const destinations = membersOf(given);
  if (destinations === undefined) return undefined;
  const emails = list(destinations['contactEmail'], emailShape);
  const phones = list(destinations['contactPhone'], phoneShape);
  const channels = list(destinations['contactChannels'], undefined).map(toAlertChannel);
  if (channels.length === 0) throw new Refusal('malformedInput');
  const byChannel = new Map<AlertChannel, readonly string[]>();
  for (const channel of channels) {
    if (channel === undefined) throw new Refusal('malformedInput');
    byChannel.set(channel, channel === 'EMAIL' ? emails : channel === 'SMS' ? phones : []);
  }
  return Object.fromEntries(byChannel);
}

function list(value: unknown, shape: RegExp | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > mostAddresses) throw new Refusal('malformedInput');
  const texts = value.map((one) => text(one, 256) ?? '');
  if (shape !== undefined && !texts.every((one) => shape.test(one))) throw new Refusal('malformedInput');
  return [...new Set(texts)];
}
