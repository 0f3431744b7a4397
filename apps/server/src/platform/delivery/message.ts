import type { Institution } from '../../kernel/institution.ts';
import type { Tx } from '../db/database.ts';
import type { Channel } from './channel.ts';
import type { TemplateName, ValuesOf } from './templates.ts';

/** A message that somebody wants sent. */
export interface NewMessage<Name extends TemplateName> {
  readonly institution: Pick<Institution, 'institutionId' | 'name'>;
  /** The institution's clock. */
  readonly now: Date;
  readonly channel: Channel;
  /** EMAIL: an address. SMS, VOICE: `+`, country code and national digits. PUSH: the token of a device. */
  readonly recipient: string;
  readonly template: Name;
  readonly values: ValuesOf<Name>;
  /** BCP 47; default `en`. */
  readonly locale?: string;
  readonly institutionUserId?: string;
  /** Real seconds after which nobody needs it any more, and it is not sent. */
  readonly usableForSeconds?: number;
}

/**
 * Queues a message in the caller's transaction: when that rolls back, nothing is sent. It is sent at least once; each
 * try carries the same id and the same content.
 * @returns The id of the message, a UUID.
 * @throws Error when the template has no text for the channel, or a text names a value that is not there.
 */
export type QueueMessage = <Name extends TemplateName>(tx: Tx, message: NewMessage<Name>) => Promise<string>;

/** What a person gets: everything personal of a message. */
export interface MessageContent {
  readonly recipient: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly html: string | undefined;
  /** The passcode in it, when it is there for one. */
  readonly passcode: string | undefined;
}

/** A message on its way out. */
export interface OutgoingMessage {
  readonly institutionId: string;
  /** Stable over all tries, so that a provider can tell a repetition. */
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly content: MessageContent;
}
