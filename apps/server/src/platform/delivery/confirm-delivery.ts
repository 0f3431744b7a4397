import type { Sql } from '../db/database.ts';
import type { OnBulkEnded } from './bulk-sender.ts';
import { confirmMessage } from './bulk-store.ts';
import { isGoodWebhook } from './webhook-signature.ts';

/** A request of the service behind the webhook, as it came. */
export interface ConfirmRequest {
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  /** The bytes that were signed. */
  readonly body: Buffer;
}

/** `taken` also for what was said before: a repetition changes nothing. */
export type ConfirmDelivery = (request: ConfirmRequest) => Promise<'taken' | 'not genuine' | 'malformed' | 'unknown'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/**
 * What became of a message after the provider had taken it. The request is signed like ours (webhook-signature.ts), so
 * nobody else can say so; an old one is refused by its timestamp, and one that is sent again within it changes nothing,
 * because the first word counts.
 */
export function createConfirmDelivery(sql: Sql, secret: string, onEnded: OnBulkEnded): ConfirmDelivery {
  return async ({ signature, timestamp, body }) => {
    if (signature === undefined || timestamp === undefined) return 'not genuine';
    const text = body.toString('utf8');
    const isGenuine = isGoodWebhook(secret, { signature, timestamp, body: text }, Math.floor(Date.now() / 1000));
    if (!isGenuine) return 'not genuine';
    const confirmation = readConfirmation(text);
    if (confirmation === undefined) return 'malformed';
    const { institutionId, messageId, isDelivered, failure } = confirmation;
    const kind = await sql.begin(async (tx) => {
      const confirmed = await confirmMessage(tx, institutionId, messageId, { isDelivered, failure });
      if (confirmed.kind === 'taken') {
        const { attempts } = confirmed;
        await onEnded(tx, institutionId, [{ messageId, attempts, status: isDelivered ? 'sent' : 'dead', failure }]);
      }
      return confirmed.kind;
    });
    return kind === 'unknown' ? 'unknown' : 'taken';
  };
}

interface Confirmation {
  readonly institutionId: string;
  readonly messageId: string;
  readonly isDelivered: boolean;
  readonly failure: string | undefined;
}

function readConfirmation(text: string): Confirmation | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = (name: string): unknown => (typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined);
  const [institutionId, messageId, status, reason] = [read('institutionId'), read('messageId'), read('status'), read('reason')];
  if (typeof institutionId !== 'string' || !/^[0-9]{5}$/u.test(institutionId)) return undefined;
  if (typeof messageId !== 'string' || !uuid.test(messageId)) return undefined;
  if (status === 'delivered') return { institutionId, messageId, isDelivered: true, failure: undefined };
  if (status !== 'failed') return undefined;
  // Words of a provider may quote the recipient: only a code is kept.
  const failure = typeof reason === 'string' && /^[a-z0-9_.-]{1,40}$/u.test(reason) ? reason : 'provider_failed';
  return { institutionId, messageId, isDelivered: false, failure };
}
