import type { AlertEvent } from './alert-event.ts';
import { DocumentReader, listOf, type MapEntry, memberOf } from './document-reader.ts';
import type { EventParts } from './event-values.ts';

/** Events of V1 (contract sheet "Alerts", section 3.8). */
export interface SentEvent {
  /** In capitals, as the names of alert types are. */
  readonly eventType: string;
  readonly data: Readonly<Record<string, string>>;
}

interface PathFacts {
  readonly institutionId: string;
  readonly customerId: string;
}

export type SentEventsReading =
  | { readonly ok: true; readonly events: readonly SentEvent[] }
  | { readonly ok: false; readonly refusal: 'inputInvalid'; readonly detail: string }
  | { readonly ok: false; readonly refusal: 'tooManyEvents' };

const mostEvents = 100;
/** An outer list, a wrapper, `Events`, and the list in it. */
const deepestWrapping = 5;
const dollars = /^[+-]?[0-9]{1,12}(?:\.[0-9]{1,2})?$/u;

/** All events of a body, or why none of them is taken. */
export function readSentEvents(body: unknown, path: PathFacts): SentEventsReading {
  const nodes = findEventNodes(body, 0);
  if (nodes.length === 0 || nodes.length > mostEvents) return { ok: false, refusal: 'tooManyEvents' };
  const reader = new DocumentReader();
  const events = nodes.map((node): SentEvent => {
    reader.echo(node, 'fiId', path.institutionId);
    reader.echo(node, 'fiCustomerId', path.customerId);
    const eventType = reader.text(node, 'eventType', { isRequired: true, maxLength: 64 }) ?? '';
    return { eventType: eventType.toUpperCase(), data: toData(reader, reader.entries(node, 'dataMap')) };
  });
  return reader.problem === undefined ? { ok: true, events } : { ok: false, refusal: 'inputInvalid', detail: reader.problem };
}

/** `Events`, a wrapper of several of them, a list of them, or one `Event`; in JSON also `event`. */
function findEventNodes(value: unknown, depth: number): readonly unknown[] {
  if (depth > deepestWrapping || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => findEventNodes(item, depth + 1));
  const own = [...listOf(memberOf(value, 'Event')), ...listOf(memberOf(value, 'event'))];
  if (own.length > 0) return own;
  return Object.values(value).flatMap((member: unknown) => findEventNodes(member, depth + 1));
}

/** Two values of one name have no order that a reader could rely on. */
function toData(reader: DocumentReader, entries: readonly MapEntry[]): Readonly<Record<string, string>> {
  if (new Set(entries.map(({ key }) => key)).size < entries.length) reader.refuse('dataMap');
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/**
 * What templates and conditions can name: every value by its name, and the account, balance and amount where the other
 * events have them.
 */
export function toEventParts({ data }: SentEvent): EventParts {
  const values = new Map(Object.entries(data).map(([name, value]) => [name.toLowerCase(), value]));
  const money = (...names: readonly string[]) => {
    const text = names.map((name) => values.get(name)).find((value) => value !== undefined && dollars.test(value));
    const currencyCode = values.get('currencycode');
    return text === undefined ? undefined : { ...(currencyCode === undefined ? {} : { currencyCode }), amount: Number(text) };
  };
  const accountId = values.get('accountid');
  const availableBalance = money('availablebalance', 'balance');
  const amount = money('amount');
  return {
    notification: data,
    ...(accountId === undefined && availableBalance === undefined
      ? {}
      : { account: { ...(accountId === undefined ? {} : { id: accountId }), ...(availableBalance && { availableBalance }) } }),
    ...(amount === undefined ? {} : { transaction: { ...(accountId === undefined ? {} : { accountId }), amount } }),
  };
}

/** The values of an event of V1 that was written as a notification: texts, as XML has no others. */
export function toSentData(notification: unknown): Readonly<Record<string, string>> {
  if (typeof notification !== 'object' || notification === null) return {};
  const texts = Object.entries(notification).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** The values that an event of V1 brought, for the conditions of subscriptions; undefined for other events. */
export function sentDataOf({
  domain,
  parts,
}: Pick<AlertEvent, 'domain' | 'parts'>): Readonly<Record<string, string>> | undefined {
  const { notification } = parts;
  if (domain !== undefined || typeof notification !== 'object' || notification === null) return undefined;
  const texts = Object.entries(notification).filter((one): one is [string, string] => typeof one[1] === 'string');
  return Object.fromEntries(texts);
}
