import type { KeyRing } from '../keys/key-ring.ts';
import { open, seal } from '../keys/sealed-box.ts';
import type { MessageContent } from './message.ts';

/** Seals what is personal in a message, and makes recipients findable without being readable. */
export interface MessageBox {
  seal(institutionId: string, messageId: string, content: MessageContent): Buffer;
  open(institutionId: string, messageId: string, sealed: Uint8Array): MessageContent;
  recipientIndex(institutionId: string, recipient: string): Buffer;
}

export function createMessageBox(keyRing: KeyRing): MessageBox {
  const contextOf = (institutionId: string, messageId: string): string => `message ${institutionId} ${messageId}`;
  return {
    seal: (institutionId, messageId, content) =>
      seal(keyRing.key('message-content'), contextOf(institutionId, messageId), Buffer.from(JSON.stringify(content))),
    open: (institutionId, messageId, sealed) =>
      toContent(JSON.parse(open(keyRing.key('message-content'), contextOf(institutionId, messageId), sealed).toString('utf8'))),
    // The space of phone numbers is small: the index hides them from whoever has the database without the master key.
    recipientIndex: (institutionId, recipient) =>
      keyRing.hmac('message-recipient', `${institutionId} ${recipient.trim().toLowerCase()}`),
  };
}

function toContent(stored: unknown): MessageContent {
  const textOf = (name: string): string | undefined => {
    const value: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return {
    recipient: textOf('recipient') ?? '',
    subject: textOf('subject'),
    text: textOf('text') ?? '',
    html: textOf('html'),
    passcode: textOf('passcode'),
  };
}
