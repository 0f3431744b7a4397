import type { AlertChannel } from './alert-channel.ts';
import type { AlertType } from './alert-type.ts';
import {
  type CatalogueFacts,
  type ChannelMatch,
  type ChannelReason,
  type Destination,
  type EventFacts,
  matchAlert,
  type Recipient,
  type TypeReason,
} from './match-alert.ts';
import { type DeliveryChannel, deliveryChannels } from './message-id.ts';
import { destinationOf, type Subscription, type SubscriptionAction, type SubscriptionCondition } from './subscription.ts';

/** A match of an alert, or of a subscription, which knows a further channel: VOICE speaks the words of the text message. */
export type DeliveryMatch = Omit<ChannelMatch, 'channel'> & { readonly channel: DeliveryChannel };

export type EventMatch =
  | { readonly kind: 'dropped'; readonly reason: TypeReason }
  | {
      readonly kind: 'matched';
      readonly channels: readonly DeliveryMatch[];
      /** Subscriptions of which this is a run: `store/alert-subscriptions.ts` counts them. */
      readonly delivered: readonly string[];
    };

/** Values of an event of V1 by name; undefined for other events, which no subscription is about. */
export type SentData = Readonly<Record<string, string>> | undefined;

/**
 * Who is told of an event, where, or why not (contract sheet "Alerts", section 5). The active subscriptions of the
 * customer to the type decide; where there is none, and for alerts that nobody can refuse, the preferences do.
 *
 * @param subscriptions Those of the customer; which of them count is decided here.
 */
export function matchEvent(
  event: EventFacts,
  data: SentData,
  catalogue: CatalogueFacts,
  recipient: Recipient,
  subscriptions: readonly Subscription[],
): EventMatch {
  const matched = matchAlert(event, catalogue, recipient);
  if (matched.kind === 'dropped') return matched;
  const { type, optIn } = catalogue;
  const own = subscriptions.filter((one) => one.isActive && one.eventType === type?.alertTypeName);
  if (recipient.kind !== 'user' || data === undefined || type === undefined || type.isMandatory || own.length === 0)
    return { ...matched, delivered: [] };
  const opted = new Set(type.channels.filter((channel) => optIn?.channels.includes(channel)));
  const facts: SubscriptionFacts = { data, type, opted, words: catalogue.templateChannels, destinations: recipient.destinations };
  const wishes = own.flatMap((subscription) => wishesOf(subscription, facts));
  const channels = deliveryChannels.flatMap((channel) => joinWishes(channel, wishes));
  const sent = wishes.filter(({ reason }) => reason === undefined);
  return { kind: 'matched', channels, delivered: [...new Set(sent.map(({ subscriptionId }) => subscriptionId))] };
}

interface SubscriptionFacts {
  readonly data: Readonly<Record<string, string>>;
  readonly type: AlertType;
  readonly opted: ReadonlySet<AlertChannel>;
  readonly words: ReadonlySet<AlertChannel>;
  readonly destinations: readonly Destination[];
}

/** What one action of one subscription comes to. */
interface Wish {
  readonly subscriptionId: string;
  readonly channel: DeliveryChannel;
  readonly reason: ChannelReason | undefined;
  readonly contactMethodIds: readonly bigint[];
}

function wishesOf(subscription: Subscription, facts: SubscriptionFacts): readonly Wish[] {
  const holds = subscription.conditions.every((condition) => conditionHolds(condition, facts.data));
  const everywhere = facts.type.channels.map((name): SubscriptionAction => ({ name, attributes: [] }));
  return (subscription.actions.length === 0 ? everywhere : subscription.actions).map((action): Wish => {
    const wish = { subscriptionId: subscription.subscriptionId, channel: action.name };
    const words = action.name === 'VOICE' ? 'SMS' : action.name;
    const broken = (reason: ChannelReason): Wish => ({ ...wish, reason, contactMethodIds: [] });
    if (!facts.opted.has(words)) return broken('CHANNEL_NOT_OPTED');
    if (!holds) return broken('CONDITION_NOT_MET');
    const picked = destinationOf(action);
    const contactMethodIds = facts.destinations
      .filter((one) => one.channel === action.name && one.isActivated)
      .filter((one) => picked === undefined || String(one.contactMethodId) === picked)
      .map((one) => one.contactMethodId);
    if (contactMethodIds.length === 0 && action.name !== 'WEB') return broken('NO_DESTINATION');
    if (!facts.words.has(words)) return broken('NO_TEMPLATE');
    return { ...wish, reason: undefined, contactMethodIds };
  });
}

const links: readonly ChannelReason[] = ['CHANNEL_NOT_OPTED', 'CONDITION_NOT_MET', 'NO_DESTINATION', 'NO_TEMPLATE'];

/** Each destination once, however many subscriptions name it; when nothing is sent, how far the best of them came. */
function joinWishes(channel: DeliveryChannel, wishes: readonly Wish[]): readonly DeliveryMatch[] {
  const own = wishes.filter((wish) => wish.channel === channel);
  if (own.length === 0) return [];
  const isSent = own.some(({ reason }) => reason === undefined);
  const furthest = Math.max(...own.map(({ reason }) => (reason === undefined ? 0 : links.indexOf(reason))));
  return [
    {
      channel,
      preference: undefined,
      reason: isSent ? undefined : links[furthest],
      contactMethodIds: [...new Set(own.flatMap(({ contactMethodIds }) => contactMethodIds))],
      silence: 'stays',
      firedCondition: undefined,
    },
  ];
}

const operators = ['lt', 'le', 'gt', 'ge', 'ne'] as const;
type Operator = (typeof operators)[number];

/** Two numbers are compared as such, everything else as texts; a value that the event does not carry holds nothing. */
export function conditionHolds({ key, value }: SubscriptionCondition, data: Readonly<Record<string, string>>): boolean {
  const dot = key.lastIndexOf('.');
  const operator = operators.find((one) => one === key.slice(dot + 1));
  const name = operator === undefined || dot < 1 ? key : key.slice(0, dot);
  const carried = Object.hasOwn(data, name) ? data[name] : undefined;
  if (carried === undefined) return false;
  const difference = compare(carried, value);
  return dot < 1 ? difference === 0 : differenceFits(operator, difference);
}

function differenceFits(operator: Operator | undefined, difference: number): boolean {
  switch (operator) {
    case undefined:
      return difference === 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'ne':
      return difference !== 0;
  }
}

function compare(one: string, other: string): number {
  const [left, right] = [toBillionths(one), toBillionths(other)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  return one < other ? -1 : one > other ? 1 : 0;
}

const decimal = /^([+-]?)([0-9]{1,18})(?:\.([0-9]{1,9}))?$/u;

/** Exact, so that cents compare as cents. */
function toBillionths(text: string): bigint | undefined {
  const parts = decimal.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = ''] = parts;
  const size = BigInt(whole + fraction.padEnd(9, '0'));
  return sign === '-' ? -size : size;
}
