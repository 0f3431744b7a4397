import type { Tx } from '../db/database.ts';
import type { MessageContent } from './message.ts';
import type { MessageBox } from './message-box.ts';
import { inboxChannel } from './message-store.ts';

/** What the page of an application shows to a user. */
export interface PageMessage {
  readonly messageId: string;
  readonly template: string;
  readonly locale: string;
  readonly institutionUserId: string;
  readonly content: Pick<MessageContent, 'text' | 'html'>;
}

/** Nobody brings a page to people, so there is nothing to send: the inbox of a sandbox has it when the transaction commits. */
export type ShowOnPage = (tx: Tx, institutionId: string, now: Date, messages: readonly PageMessage[]) => Promise<void>;

export function createShowOnPage(box: MessageBox): ShowOnPage {
  return async (tx, institutionId, now, messages) => {
    if (messages.length === 0) return;
    const sealing = messages.map(async ({ messageId, institutionUserId: recipient, content: { text, html } }) => {
      const content = { recipient, subject: undefined, text, html, passcode: undefined };
      return (await box.seal(tx, institutionId, messageId, content)).toString('base64');
    });
    const sealed = await Promise.all(sealing);
    const users = messages.map((message) => message.institutionUserId);
    await tx`
      with shown as (
        insert into messages (institution_id, message_id, channel, template, locale, institution_user_id, content_sealed,
          recipient_index, queued_at, status, finished_at, is_bulk)
        select ${institutionId}, m.id, 'WEB', m.template, m.locale, m.user_id, decode(m.content, 'base64'),
          decode(m.recipient, 'base64'), ${now}, 'sent', clock_timestamp(), true
        from unnest(${messages.map(({ messageId }) => messageId)}::uuid[], ${messages.map(({ template }) => template)}::text[],
          ${messages.map(({ locale }) => locale)}::text[], ${users}::text[], ${sealed}::text[],
          ${users.map((user) => box.recipientIndex(institutionId, user).toString('base64'))}::text[])
          as m (id, template, locale, user_id, content, recipient)
        on conflict (institution_id, message_id) do nothing returning message_id)
      select pg_notify(${inboxChannel}, ${institutionId}::text || ' ' || message_id::text) from shown`;
  };
}
