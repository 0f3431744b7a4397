import { type AlertChannel, alertChannels } from './alert-channel.ts';
import { type AlertType, type EventDomain, type InstitutionAlertType, isForAccountType } from './alert-type.ts';
import {
  type ChosenPreference,
  choosePreference,
  type EventScope,
  type InstitutionPreference,
  type UserPreference,
} from './choose-preference.ts';
import { type Comparator, compareAmount, type EventAmount } from './condition.ts';
import type { DeliveryChannel } from './message-id.ts';

/**
 * The matching rules (contract sheet "Alerts", section 5): the one function that the pipeline, the explanation and the
 * simulation ask.
 */

/** The links that break for all channels at once. */
export type TypeReason = 'UNKNOWN_TYPE' | 'TYPE_INACTIVE' | 'NOT_WHITELISTED' | 'WRONG_DOMAIN';

/** The links that break for one channel. */
export type ChannelReason =
  | 'CHANNEL_NOT_OPTED'
  | 'ACCOUNT_TYPE'
  | 'USER_OPTED_OUT'
  | 'CONDITION_NOT_MET'
  | 'NO_DESTINATION'
  | 'NO_TEMPLATE';

/** It has fired already and is silent; the amount is of another currency. */
export type ConditionDetail = 'silent' | 'currency';

/** What of an event the rules look at. */
export interface EventFacts extends EventScope {
  /** undefined for events of V1, which have none. */
  readonly domain: EventDomain | undefined;
  readonly accountType: string | undefined;
  /** Available balance of an account event, amount of a transaction. */
  readonly amount: EventAmount | undefined;
}

/** What the catalogue says about the type of the event. */
export interface CatalogueFacts {
  readonly type: AlertType | undefined;
  readonly optIn: Pick<InstitutionAlertType, 'channels' | 'isActive'> | undefined;
  readonly institutionPreferences: readonly InstitutionPreference[];
  /** The channels for which the template that was chosen has words. */
  readonly templateChannels: ReadonlySet<AlertChannel>;
}

/** A way to the user: an entry of alert_destinations with its contact method. */
export interface Destination {
  readonly contactMethodId: bigint;
  /** VOICE is reached by subscriptions only. */
  readonly channel: DeliveryChannel;
  readonly isActivated: boolean;
  readonly isPrimary: boolean;
}

/** Who is told. */
export type Recipient =
  | {
      readonly kind: 'user';
      readonly preferences: readonly UserPreference[];
      readonly destinations: readonly Destination[];
      /** The channels on which a condition has fired for this account, and is silent: with the words of that condition. */
      readonly silenced: ReadonlyMap<AlertChannel, string>;
    }
  /** The event brought its own addresses: nobody's wishes are asked. */
  | { readonly kind: 'addresses'; readonly addresses: ReadonlyMap<AlertChannel, readonly string[]> };

export interface ChannelMatch {
  readonly channel: AlertChannel;
  readonly preference: ChosenPreference | undefined;
  /** The first link that does not hold; undefined when the alert is sent. */
  readonly reason: ChannelReason | undefined;
  /** Why a condition does not hold though the amount is on its side, or could not be compared. */
  readonly because?: ConditionDetail;
  /** Contact methods to send to; empty for WEB and for addresses of the event's own. */
  readonly contactMethodIds: readonly bigint[];
  /** What becomes of the silence of this user, account, type and channel. */
  readonly silence: 'begins' | 'ends' | 'stays';
  /** What a silence that begins is about; another condition is not silent. */
  readonly firedCondition: string | undefined;
}

export type AlertMatch =
  | { readonly kind: 'dropped'; readonly reason: TypeReason }
  /** One entry for each channel of the type, in the order of channels. */
  | { readonly kind: 'matched'; readonly channels: readonly ChannelMatch[] };

export function matchAlert(event: EventFacts, catalogue: CatalogueFacts, recipient: Recipient): AlertMatch {
  const { type, optIn } = catalogue;
  if (type === undefined) return { kind: 'dropped', reason: 'UNKNOWN_TYPE' };
  if (!type.isActive) return { kind: 'dropped', reason: 'TYPE_INACTIVE' };
  if (optIn === undefined || !optIn.isActive) return { kind: 'dropped', reason: 'NOT_WHITELISTED' };
  if (event.domain !== undefined && event.domain !== type.eventDomain) return { kind: 'dropped', reason: 'WRONG_DOMAIN' };
  const channels = alertChannels
    .filter((channel) => type.channels.includes(channel))
    .map((channel): ChannelMatch => {
      if (!optIn.channels.includes(channel)) return broken(channel, 'CHANNEL_NOT_OPTED');
      return recipient.kind === 'addresses'
        ? matchAddresses(channel, catalogue, recipient.addresses)
        : matchUser(channel, event, catalogue, type, recipient);
    });
  return { kind: 'matched', channels };
}

function broken(
  channel: AlertChannel,
  reason: ChannelReason,
  preference?: ChosenPreference,
  silence: ChannelMatch['silence'] = 'stays',
): ChannelMatch {
  return { channel, preference, reason, contactMethodIds: [], silence, firedCondition: undefined };
}

function matchAddresses(
  channel: AlertChannel,
  { templateChannels }: CatalogueFacts,
  addresses: ReadonlyMap<AlertChannel, readonly string[]>,
): ChannelMatch {
  const given = addresses.get(channel);
  if (given === undefined) return broken(channel, 'CHANNEL_NOT_OPTED');
  if (given.length === 0) return broken(channel, 'NO_DESTINATION');
  if (!templateChannels.has(channel)) return broken(channel, 'NO_TEMPLATE');
  return { channel, preference: undefined, reason: undefined, contactMethodIds: [], silence: 'stays', firedCondition: undefined };
}

function matchUser(
  channel: AlertChannel,
  event: EventFacts,
  { institutionPreferences, templateChannels }: CatalogueFacts,
  type: AlertType,
  user: Extract<Recipient, { kind: 'user' }>,
): ChannelMatch {
  const preference = choosePreference(channel, event, user.preferences, institutionPreferences);
  if (preference === undefined) return broken(channel, 'CHANNEL_NOT_OPTED');
  if (!isForAccountType(type, event.accountType)) return broken(channel, 'ACCOUNT_TYPE', preference);
  if (!preference.isOpted && !type.isMandatory) return broken(channel, 'USER_OPTED_OUT', preference);
  const compared = compareAmount(preference.condition, type.defaultComparator, event.amount);
  const asked = toConditionText(preference, type.defaultComparator);
  const silenced = user.silenced.get(channel);
  if (compared === 'other currency') return { ...broken(channel, 'CONDITION_NOT_MET', preference), because: 'currency' };
  if (compared === 'not met') return broken(channel, 'CONDITION_NOT_MET', preference, silenced === undefined ? 'stays' : 'ends');
  const firesOnCrossing = compared === 'met' && type.eventDomain === 'ACCOUNT' && event.accountId !== undefined;
  if (firesOnCrossing && silenced === asked) return { ...broken(channel, 'CONDITION_NOT_MET', preference), because: 'silent' };
  const contactMethodIds = chooseDestinations(channel, user.destinations);
  if (contactMethodIds.length === 0 && channel !== 'WEB') return broken(channel, 'NO_DESTINATION', preference);
  if (!templateChannels.has(channel)) return broken(channel, 'NO_TEMPLATE', preference);
  const sent = { channel, preference, reason: undefined, contactMethodIds };
  return firesOnCrossing
    ? { ...sent, silence: 'begins', firedCondition: asked }
    : { ...sent, silence: 'stays', firedCondition: undefined };
}

/** A preference with what it asks: whoever changes its threshold, or makes another one, asks anew. */
function toConditionText(
  { owner, preferenceId, condition }: ChosenPreference,
  defaultComparator: Comparator | undefined,
): string {
  const { comparator = defaultComparator, thresholdMinor, currencyCode } = condition;
  return [owner, preferenceId, comparator, thresholdMinor, currencyCode].join(' ');
}

/** The activated one that comes first, else all activated ones. */
function chooseDestinations(channel: AlertChannel, destinations: readonly Destination[]): readonly bigint[] {
  const usable = destinations.filter((one) => one.channel === channel && one.isActivated);
  const primary = usable.find((one) => one.isPrimary);
  return (primary === undefined ? usable : [primary]).map((one) => one.contactMethodId);
}
