import type { Outcome } from './decide-outcome.ts';
import type { ChannelReason, ConditionDetail, TypeReason } from './match-alert.ts';
import type { DeliveryChannel } from './message-id.ts';

/** What is kept of the chain of one channel: names and numbers, nothing of what the event held. */
export interface ChannelTrace {
  readonly reason?: ChannelReason;
  readonly because?: ConditionDetail;
  readonly preference?: { readonly owner: 'user' | 'institution'; readonly id: number };
  readonly template?: { readonly id: number; readonly version: number };
  /** Names without a value. */
  readonly unresolved?: readonly string[];
}

export type OutcomeTrace = Readonly<Partial<Record<DeliveryChannel, ChannelTrace>>>;

export function toTrace({ channels, template }: Pick<Outcome, 'channels' | 'template'>): OutcomeTrace {
  const trace: Partial<Record<DeliveryChannel, ChannelTrace>> = {};
  for (const { match, contents, unresolved } of channels) {
    const { preference, reason, because } = match;
    trace[match.channel] = {
      ...(reason === undefined ? {} : { reason }),
      ...(because === undefined ? {} : { because }),
      ...(preference === undefined ? {} : { preference: { owner: preference.owner, id: Number(preference.preferenceId) } }),
      ...(template === undefined || contents === undefined
        ? {}
        : { template: { id: Number(template.alertTemplateId), version: template.version } }),
      ...(unresolved.length === 0 ? {} : { unresolved }),
    };
  }
  return trace;
}

const reasons: readonly (TypeReason | ChannelReason)[] = [
  'UNKNOWN_TYPE',
  'TYPE_INACTIVE',
  'NOT_WHITELISTED',
  'WRONG_DOMAIN',
  'CHANNEL_NOT_OPTED',
  'ACCOUNT_TYPE',
  'USER_OPTED_OUT',
  'CONDITION_NOT_MET',
  'NO_DESTINATION',
  'NO_TEMPLATE',
];

/** The reason of a stored outcome; undefined when something was sent. */
export function toOutcomeReason(stored: string | undefined): TypeReason | ChannelReason | undefined {
  return reasons.find((one) => one === stored);
}
