import type { AlertChannel } from './alert-channel.ts';
import type { EventDomain } from './alert-type.ts';
import { type EventAmount, toMinor } from './condition.ts';
import type { EventParts } from './event-values.ts';
import type { EventFacts } from './match-alert.ts';

/** Who is told of an event. */
export type Addressee = KnownAddressee | AccountAddressee;

export type KnownAddressee =
  | { readonly kind: 'users'; readonly institutionUserIds: readonly string[]; readonly customerId: string | undefined }
  /** The event brought its own addresses. */
  | { readonly kind: 'addresses'; readonly addresses: EventAddresses };

/** Whoever may see the account when the event is processed: nobody is looked up before. */
export interface AccountAddressee {
  readonly kind: 'account';
  /** Of the core. */
  readonly accountKey: bigint;
}

/** What to send to, by channel; an empty list is a channel that was asked for without an address. */
export type EventAddresses = Readonly<Partial<Record<AlertChannel, readonly string[]>>>;

/** An event as it waits for the pipeline. */
export interface AlertEvent {
  readonly eventId: string;
  /** Name of the alert type, in capitals. */
  readonly eventType: string;
  /** undefined for events of V1, which have none. */
  readonly domain: EventDomain | undefined;
  readonly occurredAt: Date;
  readonly addressee: Addressee;
  /** What templates can name. */
  readonly parts: EventParts;
}

/** An event of which it is known who is told. */
export interface AddressedEvent extends AlertEvent {
  readonly addressee: KnownAddressee;
  /** Money moves all the time: nothing is kept of it for a user whom nobody wants to be told. */
  readonly isOfMoney?: true;
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `{"currencyCode":"USD","amount":12.3}`, or the number alone; undefined when it is no amount. */
export function toEventAmount(value: unknown): EventAmount | undefined {
  const minor = toMinor(typeof value === 'number' ? value : partOf(value, 'amount'));
  return minor === undefined ? undefined : { minor, currencyCode: textOf(partOf(value, 'currencyCode')) };
}

/** The amount that conditions are about: the available balance of an account, the amount of a transaction. */
export function amountIn(domain: EventDomain | undefined, parts: EventParts): unknown {
  if (domain === 'ACCOUNT') return partOf(parts['account'], 'availableBalance');
  return domain === 'TRANSACTION' ? partOf(parts['transaction'], 'amount') : undefined;
}

/** What of an event the matching rules look at. */
export function toEventFacts({ domain, parts, addressee }: AlertEvent): EventFacts {
  const { account, transaction, notification } = parts;
  const from = (name: string, ...places: readonly unknown[]): string | undefined =>
    places.map((place) => textOf(partOf(place, name))).find((text) => text !== undefined);
  return {
    domain,
    customerId: addressee.kind === 'users' ? addressee.customerId : undefined,
    accountId: from('id', account) ?? from('accountId', account, transaction, notification),
    accountExternalId: from('externalId', account) ?? from('accountExternalId', account, transaction, notification),
    externalId: from('externalId', notification),
    cardNumber: from('cardNumber', transaction, notification, account)?.slice(-4),
    accountType: textOf(partOf(partOf(account, 'type'), 'value')) ?? textOf(partOf(account, 'type')),
    amount: toEventAmount(amountIn(domain, parts)),
  };
}
