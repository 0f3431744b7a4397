import type { Write } from '../transactions/unit-of-work.ts';
import type { BulkSender, BulkTry } from './bulk-sender.ts';
import { insertBulk } from './bulk-store.ts';
import type { Channel } from './channel.ts';
import type { MessageContent } from './message.ts';
import type { MessageBox } from './message-box.ts';

/** A message in its final words. */
export interface BulkMessage {
  /** A UUID that is the same however often the message is made: a provider tells repetitions by it. */
  readonly messageId: string;
  readonly channel: Channel;
  /** What it is about. */
  readonly template: string;
  readonly locale: string;
  readonly institutionUserId: string | undefined;
  readonly content: Omit<MessageContent, 'passcode'>;
}

/**
 * Queues messages in the caller's transaction. Those that were queued before are left as they are. When the transaction
 * has committed, this process sends as many of them as it has room for; the others are there for whoever comes first.
 */
export type QueueBulk = (
  write: Pick<Write, 'sql' | 'afterCommit'>,
  institutionId: string,
  now: Date,
  messages: readonly BulkMessage[],
) => Promise<void>;

interface LeasedMessage extends BulkMessage {
  /** This process sends it, so nobody has to claim it, read it again and open it. */
  readonly isLeased: boolean;
}

export function createQueueBulk(box: MessageBox, sender: Pick<BulkSender, 'roomOf' | 'leaseMs' | 'take' | 'wake'>): QueueBulk {
  return async (write, institutionId, now, messages) => {
    if (messages.length === 0) return;
    const leased = leaseMessages(sender, institutionId, messages);
    const sealing = leased.map(async ({ content, ...message }) => ({
      ...message,
      contentSealed: await box.seal(write.sql, institutionId, message.messageId, { ...content, passcode: undefined }),
      recipientIndex: box.recipientIndex(institutionId, content.recipient),
      queuedAt: now,
    }));
    const rows = await Promise.all(sealing);
    const leasedAtMs = performance.now();
    const inserted = new Set(await insertBulk(write.sql, institutionId, rows, sender.leaseMs));
    write.afterCommit(() =>
      handOver(
        sender,
        institutionId,
        leased.filter(({ messageId }) => inserted.has(messageId)),
        leasedAtMs,
      ),
    );
  };
}

/** Two batches that are written at the same time may both see the same room: what waits too long for it is given back. */
function leaseMessages(
  sender: Pick<BulkSender, 'roomOf'>,
  institutionId: string,
  messages: readonly BulkMessage[],
): LeasedMessage[] {
  const rooms = new Map<Channel, number>();
  return messages.map((message) => {
    const { channel } = message;
    const room = rooms.get(channel) ?? sender.roomOf({ institutionId, channel });
    rooms.set(channel, room - 1);
    return { ...message, isLeased: room > 0 };
  });
}

function handOver(
  sender: Pick<BulkSender, 'take' | 'wake'>,
  institutionId: string,
  messages: readonly LeasedMessage[],
  leasedAtMs: number,
): void {
  for (const [channel, own] of Map.groupBy(messages, (message) => message.channel)) {
    const lane = { institutionId, channel };
    const tries = own.filter(({ isLeased }) => isLeased).map(toTry);
    sender.take(lane, tries, leasedAtMs);
    if (tries.length < own.length) sender.wake(lane);
  }
}

function toTry({ messageId, channel, template, locale, content }: BulkMessage): BulkTry {
  return { messageId, channel, template, locale, words: { ...content, passcode: undefined }, attempts: 1 };
}
