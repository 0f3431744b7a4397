import type { Sql } from '../db/database.ts';
import type { InboxChannel } from './channel.ts';
import type { MessageBox } from './message-box.ts';
import { type InboxQuery, type InboxRow, inboxChannel, listSent } from './message-store.ts';

/** What the sandbox would have sent. Exists in sandbox mode only. */
export interface Inbox {
  /** Newest first. */
  list(filter: InboxFilter): Promise<readonly InboxMessage[]>;
  /** The newest message that fits, as soon as there is one; undefined when the time is over. */
  wait(
    filter: InboxFilter & { readonly contains?: string | undefined; readonly timeoutMs?: number },
  ): Promise<InboxMessage | undefined>;
  find(institutionId: string, messageId: string): Promise<InboxMessage | undefined>;
  /** Called for each message that arrives, in whichever process it was sent. @returns Ends the subscription. */
  subscribe(listener: (arrival: Arrival) => void): () => void;
  /** Ends all waiting at once, so that the server can stop. */
  close(): Promise<void>;
}

export interface Arrival {
  readonly institutionId: string;
  readonly messageId: string;
}

export interface InboxFilter {
  readonly institutionIds: readonly string[];
  readonly to?: string | undefined;
  readonly channel?: InboxChannel | undefined;
  /** Sent at this real time or later. */
  readonly since?: Date | undefined;
  readonly limit?: number | undefined;
}

export interface InboxMessage {
  readonly messageId: string;
  readonly institutionId: string;
  readonly channel: InboxChannel;
  readonly to: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly html: string | undefined;
  readonly passcode: string | undefined;
  readonly template: string;
  readonly locale: string;
  /** Clock of the institution. */
  readonly queuedAt: Date;
  /** Real time. */
  readonly sentAt: Date;
}

const defaultLimit = 50;
/** How many of the newest are searched for a text. */
const searchedMessages = 100;
/** A notification can be lost with its connection; whoever waits also looks by itself. */
const pollMs = 1000;

export async function openInbox(sql: Sql, box: MessageBox): Promise<Inbox> {
  const listeners = new Set<(arrival: Arrival) => void>();
  const waiting = new Set<() => void>();
  const listener = await sql.listen(inboxChannel, (payload) => {
    const [institutionId = '', ...messageIds] = payload.split(' ');
    for (const messageId of messageIds) for (const listen of [...listeners]) listen({ institutionId, messageId });
  });

  const list = async (filter: InboxFilter, limit: number): Promise<InboxMessage[]> =>
    toMessages(await listSent(sql, toQuery(filter, limit, box)), box);
  const search = async (filter: InboxFilter, contains: string | undefined): Promise<InboxMessage | undefined> => {
    const found = await list(filter, contains === undefined ? 1 : searchedMessages);
    return found.find((message) => contains === undefined || textOf(message).includes(contains.toLowerCase()));
  };
  const subscribe = (listen: (arrival: Arrival) => void): (() => void) => {
    listeners.add(listen);
    return () => void listeners.delete(listen);
  };

  return {
    list: (filter) => list(filter, filter.limit ?? defaultLimit),
    find: async (institutionId, messageId) =>
      (await toMessages(await listSent(sql, { ...toQuery({ institutionIds: [institutionId] }, 1, box), messageId }), box))[0],
    subscribe,
    wait: async ({ contains, timeoutMs = 5000, ...filter }) => {
      const deadline = performance.now() + timeoutMs;
      let wake = (): void => undefined;
      let isClosing = false;
      const close = (): void => {
        isClosing = true;
        wake();
      };
      waiting.add(close);
      let hasArrived = false;
      const unsubscribe = subscribe(({ institutionId }) => {
        if (!filter.institutionIds.includes(institutionId)) return;
        hasArrived = true;
        wake();
      });
      try {
        for (;;) {
          hasArrived = false;
          const found = await search(filter, contains);
          const leftMs = deadline - performance.now();
          if (found !== undefined || leftMs <= 0 || isClosing) return found;
          // What arrived while we searched may have been too late for the search.
          if (!hasArrived) {
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, Math.min(leftMs, pollMs));
              wake = () => {
                clearTimeout(timer);
                resolve();
              };
            });
          }
        }
      } finally {
        unsubscribe();
        waiting.delete(close);
      }
    },
    close: async () => {
      for (const end of [...waiting]) end();
      listeners.clear();
      await listener.unlisten().catch(() => undefined);
    },
  };
}

function toQuery(filter: InboxFilter, limit: number, box: MessageBox): InboxQuery {
  const { institutionIds, to } = filter;
  return {
    institutionIds,
    recipientIndexes:
      to === undefined
        ? undefined
        : institutionIds.flatMap((institutionId) =>
            recipientsMeantBy(to).map((recipient) => box.recipientIndex(institutionId, recipient)),
          ),
    channel: filter.channel,
    sentSince: filter.since,
    messageId: undefined,
    limit,
  };
}

/**
 * A phone number may be written without its `+`, which a query turns into a blank anyway, and one of ten digits without
 * its country code.
 */
function recipientsMeantBy(to: string): readonly string[] {
  const text = to.trim();
  const digits = text.replace(/^\+/u, '').replace(/[ ().-]/gu, '');
  if (!/^[0-9]{4,15}$/u.test(digits)) return [text];
  return digits.length === 10 ? [`+${digits}`, `+1${digits}`] : [`+${digits}`];
}

/** A message whose key was destroyed is not there any more. */
async function toMessages(rows: readonly InboxRow[], box: MessageBox): Promise<InboxMessage[]> {
  const messages = await Promise.all(rows.map((row) => toMessage(row, box)));
  return messages.filter((message) => message !== undefined);
}

async function toMessage(row: InboxRow, box: MessageBox): Promise<InboxMessage | undefined> {
  const opened = await box.open(row.institution_id, row.message_id, row.content_sealed).catch(() => undefined);
  if (opened === undefined) return undefined;
  const { recipient, ...content } = opened;
  return {
    messageId: row.message_id,
    institutionId: row.institution_id,
    channel: row.channel,
    to: recipient,
    ...content,
    template: row.template,
    locale: row.locale,
    queuedAt: row.queued_at,
    sentAt: row.finished_at,
  };
}

function textOf({ subject, text }: InboxMessage): string {
  return `${subject ?? ''}\n${text}`.toLowerCase();
}
