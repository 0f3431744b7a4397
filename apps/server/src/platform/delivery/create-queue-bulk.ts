import type { Write } from '../transactions/unit-of-work.ts';
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
 * has committed, this process begins to send them.
 */
export type QueueBulk = (
  write: Pick<Write, 'sql' | 'afterCommit'>,
  institutionId: string,
  now: Date,
  messages: readonly BulkMessage[],
) => Promise<void>;

export function createQueueBulk(box: MessageBox, wake: () => void): QueueBulk {
  return async (write, institutionId, now, messages) => {
    if (messages.length === 0) return;
    write.afterCommit(wake);
    const rows = messages.map(async ({ content, ...message }) => ({
      ...message,
      contentSealed: await box.seal(write.sql, institutionId, message.messageId, { ...content, passcode: undefined }),
      recipientIndex: box.recipientIndex(institutionId, content.recipient),
      queuedAt: now,
    }));
    await insertBulk(write.sql, institutionId, await Promise.all(rows));
  };
}
