import type { DeliveryChannel } from '../domain/message-id.ts';
import type { ChannelTrace } from '../domain/outcome-trace.ts';

/** The trace of a channel as explanation and simulation show it. */
export function explainChannel(channel: DeliveryChannel, { reason, because, preference, template, unresolved }: ChannelTrace) {
  return {
    channel,
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because }),
    ...(preference === undefined ? {} : { preference: { owner: preference.owner, alertPrefId: preference.id } }),
    ...(template === undefined ? {} : { template: { alertTemplateResourceId: template.id, version: template.version } }),
    ...(unresolved === undefined ? {} : { unresolved: [...unresolved] }),
  };
}
