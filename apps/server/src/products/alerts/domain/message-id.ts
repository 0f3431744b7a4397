/** The ways on which an alert can be sent, with the digit that stands for each in message ids. */
const channelDigits = { EMAIL: '1', SMS: '2', PUSH: '3', WEB: '4', VOICE: '5' } as const;

export type DeliveryChannel = keyof typeof channelDigits;

/** The order in which they are written. */
export const deliveryChannels: readonly DeliveryChannel[] = ['EMAIL', 'SMS', 'PUSH', 'WEB', 'VOICE'];

export interface DeliveryKey {
  /** Five digits. */
  readonly institutionId: string;
  readonly alertOutcomeId: bigint;
  readonly channel: DeliveryChannel;
  /** Counts the destinations of a channel, from 0 to 255. */
  readonly destinationNumber: number;
}

/** What a message is about, in 28 bits that only the same event and user have. */
export type MessageCheck = number;

/**
 * The id of the message of a delivery: a UUID of version 8 (RFC 9562 section 5.8) that spells out its key, so that the
 * same delivery has the same id however often it is prepared. It grows with the outcomes, which keeps indexes small.
 * 60 bits outcome, 4 bits channel, 8 bits destination, 28 bits of what it is about, the five digits of the institution.
 *
 * Outcomes are counted by the database, which counts anew from where a backup was taken: then a provider that keeps ids
 * would drop another message than it knows. What the message is about tells the two apart.
 */
export function toMessageId(
  { institutionId, alertOutcomeId, channel, destinationNumber }: DeliveryKey,
  check: MessageCheck,
): string {
  const outcome = alertOutcomeId.toString(16).padStart(15, '0');
  const destination = destinationNumber.toString(16).padStart(2, '0');
  if (outcome.length > 15 || destination.length > 2) throw new Error('The key of the delivery does not fit into a message id.');
  return [
    outcome.slice(0, 8),
    outcome.slice(8, 12),
    `8${outcome.slice(12)}`,
    `8${channelDigits[channel]}${destination}`,
    `${(check & 0xfffffff).toString(16).padStart(7, '0')}${institutionId}`,
  ].join('-');
}

const messageId = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-8([1-5])([0-9a-f]{2})-[0-9a-f]{7}([0-9]{5})$/u;

/** The delivery that a message id was made for; undefined for a message of somebody else. */
export function fromMessageId(text: string): DeliveryKey | undefined {
  const parts = messageId.exec(text);
  if (parts === null) return undefined;
  const [, high = '', middle = '', low = '', digit = '', destination = '', institutionId = ''] = parts;
  const channel = channelOf(digit);
  if (channel === undefined) return undefined;
  const alertOutcomeId = BigInt(`0x${high}${middle}${low}`);
  return { institutionId, alertOutcomeId, channel, destinationNumber: Number.parseInt(destination, 16) };
}

function channelOf(digit: string): DeliveryChannel | undefined {
  switch (digit) {
    case '1':
      return 'EMAIL';
    case '2':
      return 'SMS';
    case '3':
      return 'PUSH';
    case '4':
      return 'WEB';
    case '5':
      return 'VOICE';
    default:
      return undefined;
  }
}
