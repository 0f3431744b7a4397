import type { AlertChannel } from './alert-channel.ts';
import { type AlertEvent, toEventFacts } from './alert-event.ts';
import type { ContentType } from './alert-template.ts';
import { type AlertTemplate, channelOfContent, chooseTemplate, completeChannels, contentTypes } from './alert-template.ts';
import type { AlertType } from './alert-type.ts';
import { createFindValue } from './event-values.ts';
import type { CatalogueFacts, ChannelReason, Recipient, TypeReason } from './match-alert.ts';
import { type DeliveryMatch, matchEvent } from './match-subscriptions.ts';
import type { DeliveryChannel } from './message-id.ts';
import { type CompiledContent, renderContent } from './render-template.ts';
import { sentDataOf } from './sent-event.ts';
import type { Subscription } from './subscription.ts';

/** What of the catalogue concerns one event. */
export interface EventCatalogue extends Omit<CatalogueFacts, 'templateChannels'> {
  readonly templates: readonly AlertTemplate[];
  /** Locales to look for, the best first. */
  readonly locales: readonly string[];
}

/** What became, or would become, of an event for one recipient. */
export interface Outcome {
  readonly type: AlertType | undefined;
  /** The first broken link of the channel that came furthest; undefined when something is sent. */
  readonly reason: TypeReason | ChannelReason | undefined;
  readonly template: AlertTemplate | undefined;
  /** Empty when a link broke for all channels at once. */
  readonly channels: readonly ChannelOutcome[];
  /** Subscriptions of which this is a run. */
  readonly delivered: readonly string[];
}

export interface ChannelOutcome {
  readonly match: DeliveryMatch;
  /** What is sent, by content type; undefined when nothing is. */
  readonly contents: Readonly<Partial<Record<ContentType, string>>> | undefined;
  /** Names without a value. */
  readonly unresolved: readonly string[];
}

/** Takes a content of a template apart, or remembers that it did. */
export type Compile = (template: AlertTemplate, contentType: ContentType, text: string) => CompiledContent;

/** How far along the chain a channel broke. */
const chain: readonly ChannelReason[] = [
  'CHANNEL_NOT_OPTED',
  'ACCOUNT_TYPE',
  'USER_OPTED_OUT',
  'CONDITION_NOT_MET',
  'NO_DESTINATION',
  'NO_TEMPLATE',
];

/** Asked by the pipeline, and by the simulation. */
export function decideOutcome(
  event: AlertEvent,
  { templates, locales, ...catalogue }: EventCatalogue,
  recipient: Recipient,
  compile: Compile,
  subscriptions: readonly Subscription[] = [],
): Outcome {
  const { type } = catalogue;
  const template = chooseTemplate(templates, locales);
  const templateChannels: ReadonlySet<AlertChannel> = template === undefined ? new Set() : completeChannels(template.contents);
  // An event of V1 has no domain of its own: it is what its type is.
  const facts = toEventFacts({ ...event, domain: event.domain ?? type?.eventDomain });
  const matched = matchEvent(facts, sentDataOf(event), { ...catalogue, templateChannels }, recipient, subscriptions);
  if (matched.kind === 'dropped') return { type, reason: matched.reason, template: undefined, channels: [], delivered: [] };
  const findValue = createFindValue(event.parts, template?.variableMap ?? {});
  const channels = matched.channels.map((match): ChannelOutcome => {
    if (match.reason !== undefined || template === undefined) return { match, contents: undefined, unresolved: [] };
    const unresolved = new Set<string>();
    const contents: Partial<Record<ContentType, string>> = {};
    for (const contentType of contentTypes) {
      const text = template.contents[contentType];
      if (text === undefined || channelOfContent(contentType) !== channelOfWords(match.channel)) continue;
      const rendered = renderContent(compile(template, contentType, text), findValue);
      contents[contentType] = rendered.text;
      for (const name of rendered.unresolved) unresolved.add(name);
    }
    return { match, contents, unresolved: [...unresolved] };
  });
  const isSent = channels.some(({ contents }) => contents !== undefined);
  const { delivered } = matched;
  return { type, reason: isSent ? undefined : furthest(channels), template: isSent ? template : undefined, channels, delivered };
}

/** The telephone speaks what the text message says. */
function channelOfWords(channel: DeliveryChannel): AlertChannel {
  return channel === 'VOICE' ? 'SMS' : channel;
}

function furthest(channels: readonly ChannelOutcome[]): ChannelReason {
  const places = channels.map(({ match }) => (match.reason === undefined ? -1 : chain.indexOf(match.reason)));
  return chain[Math.max(0, ...places)] ?? 'CHANNEL_NOT_OPTED';
}

const longestSummary = 160;

/** The first characters of what was sent, by channel, and the shortest of it. */
export function summarise(channels: readonly ChannelOutcome[]): {
  readonly summary: string;
  readonly byChannel: Readonly<Partial<Record<DeliveryChannel, string>>>;
} {
  const byChannel: Partial<Record<DeliveryChannel, string>> = {};
  for (const { match, contents } of channels) {
    if (contents === undefined) continue;
    const text =
      contents.SMS_BODY ?? contents.PUSH_BODY ?? contents.EMAIL_SUBJECT ?? contents.WEB_BODY ?? contents.WEB_JSON ?? '';
    byChannel[match.channel] = text.slice(0, longestSummary);
  }
  const [shortest = ''] = Object.values(byChannel).sort((one, other) => one.length - other.length);
  return { summary: shortest, byChannel };
}

/** The text of a mail for readers without HTML. */
export function toPlainText(html: string): string {
  const withoutTags = html
    .split('<')
    .map((piece, index) => (index === 0 ? piece : piece.slice(piece.indexOf('>') + 1)))
    .join(' ');
  const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  return withoutTags
    .replace(/&(?:lt|gt|quot|#39|amp);/gu, (entity) => entities[entity] ?? entity)
    .replace(/[\t ]+/gu, ' ')
    .trim();
}
