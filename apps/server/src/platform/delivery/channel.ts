/** How a message reaches a person. */
export type Channel = 'EMAIL' | 'SMS' | 'VOICE' | 'PUSH';

export const channels: readonly Channel[] = ['EMAIL', 'SMS', 'VOICE', 'PUSH'];

/** What the inbox of a sandbox shows: pages of applications too, which nobody brings. */
export type InboxChannel = Channel | 'WEB';
