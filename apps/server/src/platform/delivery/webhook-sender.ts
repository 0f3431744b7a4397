import { type Sender, SendFailure } from './sender.ts';
import { messageIdHeader, signatureHeader, signWebhook, timestampHeader } from './webhook-signature.ts';

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
}

/** Statuses of a 4xx that say "later" (RFC 9110 section 15.5.9, RFC 8470, RFC 6585). */
const passingRefusals = new Set([408, 425, 429]);
const longestAnswerBytes = 16_384;
/** Of one institution on one channel. */
const requestsAtOnce = 128;

/** Hands SMS, voice and push messages to a service of the institution's choice, by one signed request each. */
export function createWebhookSender({ url, secret }: WebhookSettings): Sender {
  return {
    atOnce: requestsAtOnce,
    isShared: false,
    send: async (message, signal) => {
      const { institutionId, messageId, channel, template, locale, content } = message;
      const { recipient, text } = content;
      const body = JSON.stringify({ messageId, institutionId, channel, to: recipient, text, template, locale });
      const timestamp = Math.floor(Date.now() / 1000);
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [messageIdHeader]: messageId,
          [timestampHeader]: String(timestamp),
          [signatureHeader]: signWebhook(secret, timestamp, body),
        },
        body,
        signal,
        // A redirect would hand the message, signed, to somebody who was not set up.
        redirect: 'manual',
      }).catch((error: unknown) => {
        throw new SendFailure(`webhook_${networkCodeOf(error)}`, true);
      });
      if (!response.ok) {
        await response.body?.cancel();
        const mayPass = response.status >= 500 || passingRefusals.has(response.status);
        throw new SendFailure(`webhook_${response.status}`, mayPass);
      }
      return { providerReference: await readReference(response) };
    },
    close: async () => undefined,
  };
}

function networkCodeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/u.test(code)) return code.toLowerCase();
  return error instanceof Error && error.name === 'AbortError' ? 'timeout' : 'unreachable';
}

/** `{"reference":"..."}` is optional: what the provider calls the message, at most 200 printable characters. */
async function readReference(response: Response): Promise<string | undefined> {
  const text = await response.text().catch(() => '');
  if (text === '' || text.length > longestAnswerBytes) return undefined;
  try {
    const answer: unknown = JSON.parse(text);
    const reference: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'reference') : undefined;
    return typeof reference === 'string' && /^[\x21-\x7e]{1,200}$/u.test(reference) ? reference : undefined;
  } catch {
    return undefined;
  }
}
