import { randomUUID } from 'node:crypto';
import { chooseTexts, defaultLocale } from './choose-texts.ts';
import type { QueueMessage } from './message.ts';
import type { MessageBox } from './message-box.ts';
import { findOwnTexts, insertMessage } from './message-store.ts';
import { renderMessage } from './render-message.ts';
import { shippedTexts } from './templates.ts';

/** The words are settled here, once: whatever happens later, one message id has one content. */
export function createQueueMessage(box: MessageBox): QueueMessage {
  return async (tx, message) => {
    const { institution, channel, template, recipient } = message;
    const { institutionId } = institution;
    const own = await findOwnTexts(tx, institutionId, template, channel);
    const chosen = chooseTexts(message.locale ?? defaultLocale, own, shippedTexts(template, channel));
    if (chosen === undefined) throw new Error(`The template ${template} has no text for ${channel}.`);
    const values: Readonly<Record<string, string>> = { ...message.values, institutionName: institution.name };
    const content = { recipient, ...renderMessage(channel, chosen.texts, values), passcode: values['passcode'] };
    const messageId = randomUUID();
    await insertMessage(tx, {
      institutionId,
      messageId,
      channel,
      template,
      locale: chosen.locale,
      institutionUserId: message.institutionUserId,
      contentSealed: await box.seal(tx, institutionId, messageId, content),
      recipientIndex: box.recipientIndex(institutionId, recipient),
      queuedAt: message.now,
      usableForSeconds: message.usableForSeconds,
    });
    return messageId;
  };
}
