/** How a message reaches a person. */
export type Channel = 'EMAIL' | 'SMS' | 'VOICE' | 'PUSH';
