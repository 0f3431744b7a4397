import type { Sql } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';
import type { Job } from '../jobs/job-runner.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { PersonalData } from '../personal-data/open-personal-data.ts';
import { createBulkSender, type OnBulkEnded } from './bulk-sender.ts';
import type { Channel } from './channel.ts';
import { type ConfirmDelivery, createConfirmDelivery } from './confirm-delivery.ts';
import { createQueueBulk, type QueueBulk } from './create-queue-bulk.ts';
import { createQueueMessage } from './create-queue-message.ts';
import { type DeliveryParts, deliverMessage } from './deliver-message.ts';
import { findFaults } from './delivery-fault.ts';
import { type Inbox, openInbox } from './inbox.ts';
import type { QueueMessage } from './message.ts';
import { createMessageBox } from './message-box.ts';
import { deleteOldMessages, deliverJob, requeueOverdue } from './message-store.ts';
import { retryDelaySeconds } from './retry-delay.ts';
import type { Sender } from './sender.ts';
import { createShowOnPage, type ShowOnPage } from './show-on-page.ts';
import { createSmtpSender, type MailSettings } from './smtp-sender.ts';
import { createWebhookSender, type WebhookSettings } from './webhook-sender.ts';

/** Who brings messages to people outside the sandbox. */
export interface Providers {
  readonly mail: MailSettings | undefined;
  readonly webhook: WebhookSettings | undefined;
}

export interface DeliveryOptions {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
  readonly personalData: PersonalData;
  readonly log: LineLog;
  /** `inbox`: nothing leaves this server; the sandbox shows what would have. */
  readonly providers: Providers | 'inbox';
  readonly institutionIds: () => readonly string[];
  /** Told, in the transaction that settles them, how messages in bulk have ended for good. */
  readonly onEnded?: OnBulkEnded;
  /** Tries of a message in bulk. Default 3. */
  readonly maxBulkAttempts?: number;
  /** How long a message in bulk rests after its n-th try. Default 30 s, then 5 min. */
  readonly bulkRetrySeconds?: (attempts: number) => number;
  /** Told of the end of each try. */
  readonly onTried?: DeliveryParts['onTried'];
  /** For tests of slow providers; default 20 s. */
  readonly tryTimeoutMs?: number;
  /** Default 20, which is about half a day. */
  readonly maxAttempts?: number;
  /** For tests of retries; by default they wait longer and longer. */
  readonly retryDelaySeconds?: (attempts: number) => number;
}

export interface Delivery {
  readonly queue: QueueMessage;
  /** False when nobody is set up for the channel: whoever would queue such a message should refuse instead. */
  canSend(channel: Channel): boolean;
  /** Present in the sandbox. */
  readonly inbox: Inbox | undefined;
  readonly jobs: readonly Job[];
  /** Queues messages of which thousands may come at once, in their final words. */
  readonly queueBulk: QueueBulk;
  /** Present in sandbox mode only. */
  readonly showOnPage: ShowOnPage | undefined;
  /** Begins to send messages in bulk. */
  start(): void;
  /** Ends what `start` began, when the tries that run have ended. */
  stop(): Promise<void>;
  /** Present where a webhook is set up, whose service says later what became of a message. */
  readonly confirm: ConfirmDelivery | undefined;
  close(): Promise<void>;
}

const defaultTryTimeoutMs = 20_000;
const defaultMaxAttempts = 20;
/** A message whose job is late by this part of a try's time has lost it: 5 s. */
const overdueShare = 0.25;
const daysOfInbox = 7;
/** Contract sheet "Alerts", section 5: at once, after 30 s, after 5 min. */
const defaultBulkAttempts = 3;
const bulkRetrySeconds = (attempts: number): number => (attempts === 1 ? 30 : 300);

export async function openDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { sql, keyRing, personalData, log, providers, institutionIds } = options;
  const box = createMessageBox(keyRing, personalData);
  const isSandbox = providers === 'inbox';
  const mail = isSandbox || providers.mail === undefined ? undefined : createSmtpSender(providers.mail);
  const webhook = isSandbox || providers.webhook === undefined ? undefined : createWebhookSender(providers.webhook);
  const senderOf = (channel: Channel): Sender | undefined => {
    if (isSandbox) return toInbox;
    return channel === 'EMAIL' ? mail : webhook;
  };
  const parts: DeliveryParts = {
    sql,
    log,
    box,
    senderOf,
    keepsContent: isSandbox,
    onTried: options.onTried ?? (() => undefined),
    tryTimeoutMs: options.tryTimeoutMs ?? defaultTryTimeoutMs,
    maxAttempts: options.maxAttempts ?? defaultMaxAttempts,
    retryDelaySeconds: options.retryDelaySeconds ?? ((attempts) => retryDelaySeconds(attempts, Math.random())),
    findFaults: isSandbox ? (institutionId) => findFaults(sql, institutionId) : undefined,
  };
  const onEnded = options.onEnded ?? (async () => undefined);
  const bulk = createBulkSender({
    ...parts,
    institutionIds,
    maxAttempts: options.maxBulkAttempts ?? defaultBulkAttempts,
    retryDelaySeconds: options.bulkRetrySeconds ?? bulkRetrySeconds,
    onEnded,
  });
  const inbox = isSandbox ? await openInbox(sql, box) : undefined;
  return {
    queue: createQueueMessage(box),
    canSend: (channel) => senderOf(channel) !== undefined,
    inbox,
    jobs: jobsOf(parts, institutionIds),
    showOnPage: isSandbox ? createShowOnPage(box) : undefined,
    queueBulk: createQueueBulk(box, bulk),
    start: bulk.start,
    stop: bulk.stop,
    confirm:
      isSandbox || providers.webhook === undefined ? undefined : createConfirmDelivery(sql, providers.webhook.secret, onEnded),
    close: async () => {
      await bulk.stop();
      await inbox?.close();
      await mail?.close();
    },
  };
}

/** Keeping the content is all: the inbox reads the queue itself. */
const toInbox: Sender = {
  atOnce: 256,
  isShared: false,
  send: async () => ({ providerReference: undefined }),
  close: async () => undefined,
};

function jobsOf(parts: DeliveryParts, institutionIds: () => readonly string[]): readonly Job[] {
  const { sql, keepsContent } = parts;
  const overdueMs = parts.tryTimeoutMs * overdueShare;
  return [
    {
      name: deliverJob,
      // What is left of a message is found by its row; here only the dead run is cleared away.
      endsWithinMs: 3 * parts.tryTimeoutMs,
      run: async (payload) => {
        const { institutionId, messageId } = readPayload(payload);
        await deliverMessage(parts, institutionId, messageId);
      },
    },
    {
      name: 'requeue_messages',
      schedule: '* * * * *',
      runsAtStart: true,
      run: async () => {
        for (const institutionId of institutionIds()) await requeueOverdue(sql, institutionId, overdueMs);
      },
    },
    {
      name: 'delete_old_messages',
      schedule: '47 * * * *',
      run: async () => {
        for (const institutionId of institutionIds())
          await deleteOldMessages(sql, institutionId, keepsContent ? daysOfInbox : undefined);
      },
    },
  ];
}

function readPayload(payload: unknown): { institutionId: string; messageId: string } {
  const read = (name: string): unknown =>
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined;
  const institutionId = read('institutionId');
  const messageId = read('messageId');
  if (typeof institutionId !== 'string' || typeof messageId !== 'string') throw new Error('The job names no message.');
  return { institutionId, messageId };
}
