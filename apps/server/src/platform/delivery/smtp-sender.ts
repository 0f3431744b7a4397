import { createTransport } from 'nodemailer';
import { type Sender, SendFailure } from './sender.ts';

export interface MailSettings {
  /** smtp://user:password@host:port or smtps://... */
  readonly smtpUrl: string;
  /** `Name <address>` or an address. */
  readonly from: string;
}

const maxConnections = 4;

/** Sends e-mail by SMTP (RFC 5321), with STARTTLS where the server offers it. */
export function createSmtpSender({ smtpUrl, from }: MailSettings): Sender {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 15_000,
    // A mail is made of what we hand over, never of a file or a URL that a text names.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/u.exec(from)?.[1] ?? 'localhost';
  return {
    atOnce: maxConnections,
    isShared: true,
    send: async ({ messageId, content }, signal) => {
      try {
        const sent = await transport.sendMail({
          from,
          // As an object the address is taken as it is and cannot bring further recipients along.
          to: { name: '', address: content.recipient },
          subject: content.subject ?? '',
          text: content.text,
          ...(content.html === undefined ? {} : { html: content.html }),
          messageId: `<${messageId}@${domain}>`,
          headers: { 'auto-submitted': 'auto-generated' },
          // A mail that still stands before the connections when its try is over is taken out: the next try sends it.
          signal,
        });
        return { providerReference: sent.messageId };
      } catch (error) {
        throw toFailure(error);
      }
    },
    close: async () => transport.close(),
  };
}

/** RFC 5321 section 4.2.1: 5yz is final, 4yz is not. Before the server has spoken everything may pass. */
function toFailure(error: unknown): SendFailure {
  const read = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  const responseCode = read('responseCode');
  if (typeof responseCode === 'number' && responseCode >= 400) {
    // 530 to 538: we are not who we should be. That is a matter of the settings, which somebody can mend.
    const isSettings = responseCode >= 530 && responseCode <= 538;
    return new SendFailure(`smtp_${responseCode}`, responseCode < 500 || isSettings);
  }
  const code = read('code');
  if (code === 'EENVELOPE') return new SendFailure('smtp_bad_recipient', false);
  return new SendFailure(typeof code === 'string' ? `smtp_${code.toLowerCase()}` : 'smtp_error', true);
}
