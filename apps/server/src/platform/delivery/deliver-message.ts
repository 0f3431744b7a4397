import type { Sql } from '../db/database.ts';
import type { LineLog } from '../db/line-log.ts';
import { mayPass } from '../db/may-pass.ts';
import type { Channel } from './channel.ts';
import { applyFault, type DeliveryFault, type FindFaults, isAnsweredTwice } from './delivery-fault.ts';
import type { MessageContent, OutgoingMessage } from './message.ts';
import type { MessageBox } from './message-box.ts';
import { type Claim, type ClaimedMessage, claimMessage, markDead, markFailed, markSent } from './message-store.ts';
import { type Sender, SendFailure } from './sender.ts';

export interface DeliveryParts {
  readonly sql: Sql;
  readonly log: LineLog;
  readonly box: MessageBox;
  /** undefined where nobody is set up to bring messages of that channel. */
  readonly senderOf: (channel: Channel) => Sender | undefined;
  /** True in the sandbox, whose inbox shows what was sent. */
  readonly keepsContent: boolean;
  /** How long one try may take. */
  readonly tryTimeoutMs: number;
  readonly maxAttempts: number;
  /** How long a message rests after its n-th try. */
  readonly retryDelaySeconds: (attempts: number) => number;
  readonly onTried: (channel: Channel, outcome: 'sent' | 'failed' | 'dead') => void;
  /** Sandbox only: what the provider does wrong. */
  readonly findFaults: FindFaults | undefined;
}

/** A try and as much time again for saying how it ended; after that another process may take the message. */
const leaseOf = ({ tryTimeoutMs }: DeliveryParts): number => 2 * tryTimeoutMs;

/** One try to deliver one message. A message that is not due, or that another process has, is left alone. */
export async function deliverMessage(parts: DeliveryParts, institutionId: string, messageId: string): Promise<void> {
  const message = await claimMessage(parts.sql, institutionId, messageId, leaseOf(parts));
  if (message === undefined) return;
  const claim: Claim = { institutionId, messageId, attempts: message.attempts };
  if (message.isTooLate) return giveUp(parts, claim, message, 'too_late');
  const fault = (await parts.findFaults?.(institutionId))?.get(message.channel);
  const outcome = await trySending(parts, { institutionId, messageId, ...message, words: message.contentSealed }, fault);
  if (!(outcome instanceof SendFailure)) {
    const sent = { providerReference: outcome.providerReference, keepsContent: parts.keepsContent };
    await markSent(parts.sql, claim, sent);
    if (isAnsweredTwice(fault)) await markSent(parts.sql, claim, sent);
    parts.onTried(message.channel, 'sent');
    return;
  }
  if (!outcome.mayPass || message.attempts >= parts.maxAttempts) return giveUp(parts, claim, message, outcome.code);
  await markFailed(parts.sql, claim, outcome.code, parts.retryDelaySeconds(message.attempts));
  parts.onTried(message.channel, 'failed');
}

async function giveUp(parts: DeliveryParts, claim: Claim, message: ClaimedMessage, failure: string): Promise<void> {
  await markDead(parts.sql, claim, failure);
  parts.onTried(message.channel, 'dead');
  parts.log.error(
    `Message ${claim.messageId} (${message.channel}, ${message.template}) was given up after ${claim.attempts} tries: ${failure}.`,
  );
}

/** As they stand in the database, or as they were when they were sealed a moment ago. */
export type Words = Buffer | MessageContent;

/** What a try needs of a message that was claimed. */
type Tried = Pick<ClaimedMessage, 'channel' | 'template' | 'locale'> & {
  readonly institutionId: string;
  readonly messageId: string;
  readonly words: Words;
};

/** Hands one message to its provider, for as long as a try may take. */
export async function trySending(
  { box, senderOf, tryTimeoutMs }: Pick<DeliveryParts, 'box' | 'senderOf' | 'tryTimeoutMs'>,
  { institutionId, messageId, channel, template, locale, words }: Tried,
  fault: DeliveryFault | undefined,
): Promise<{ readonly providerReference: string | undefined } | SendFailure> {
  const provider = senderOf(channel);
  if (provider === undefined) return new SendFailure('no_provider', false);
  const sender = fault === undefined ? provider : applyFault(provider, fault);
  const content = Buffer.isBuffer(words)
    ? await box
        .open(institutionId, messageId, words)
        // The keys are in the database.
        .catch((error: unknown) => (mayPass(error) ? new SendFailure('keys_away', true) : new SendFailure('unreadable', false)))
    : words;
  if (content instanceof SendFailure) return content;
  if (content === undefined) return new SendFailure('key_destroyed', false);
  return withinTime(tryTimeoutMs, (signal) =>
    sendWith(sender, { institutionId, messageId, channel, template, locale, content }, signal),
  );
}

async function sendWith(sender: Sender, message: OutgoingMessage, signal: AbortSignal) {
  return sender
    .send(message, signal)
    .catch((error: unknown) => (error instanceof SendFailure ? error : new SendFailure(codeOf(error), true)));
}

/** A try that is over its time ends there: what it has not handed over by then, it does not hand over later. */
async function withinTime<Outcome>(
  tryTimeoutMs: number,
  attempt: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome | SendFailure> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<SendFailure>((resolve) => {
    timer = setTimeout(() => {
      resolve(new SendFailure('timeout', true));
      over.abort();
    }, tryTimeoutMs);
  });
  try {
    return await Promise.race([attempt(over.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Error codes of Node are plain words; messages may quote what was sent. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/u.test(code) ? code.toLowerCase() : 'error';
}
