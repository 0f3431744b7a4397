/** How a message reaches a person. */
export type Channel = 'EMAIL' | 'SMS' | 'VOICE' | 'PUSH';

export const channels: readonly Channel[] = ['EMAIL', 'SMS', 'VOICE', 'PUSH'];
