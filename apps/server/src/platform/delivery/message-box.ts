import type { SealedPlace } from '../../kernel/personal-data.ts';
import type { Tx } from '../db/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { PersonalData } from '../personal-data/open-personal-data.ts';
import type { MessageContent } from './message.ts';

/** Seals what is personal in a message under the data key of its institution, and makes recipients findable without being readable. */
export interface MessageBox {
  seal(tx: Tx, institutionId: string, messageId: string, content: MessageContent): Promise<Buffer>;
  /** undefined when the key of the institution was destroyed. Throws when it is not what was sealed. */
  open(institutionId: string, messageId: string, sealed: Uint8Array): Promise<MessageContent | undefined>;
  recipientIndex(institutionId: string, recipient: string): Buffer;
}

export function createMessageBox(keyRing: KeyRing, personalData: Pick<PersonalData, 'sealIn' | 'open'>): MessageBox {
  return {
    seal: (tx, institutionId, messageId, content) =>
      personalData.sealIn(tx, placeOf(institutionId, messageId), JSON.stringify(content)),
    open: async (institutionId, messageId, sealed) => {
      const text = await personalData.open(placeOf(institutionId, messageId), sealed);
      return text === undefined ? undefined : toContent(JSON.parse(text));
    },
    // The space of phone numbers is small: the index hides them from whoever has the database without the master key.
    recipientIndex: (institutionId, recipient) =>
      keyRing.hmac('message-recipient', `${institutionId} ${recipient.trim().toLowerCase()}`),
  };
}

function placeOf(institutionId: string, messageId: string): SealedPlace {
  return { institutionId, table: 'messages', column: 'content_sealed', rowId: messageId };
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
