import type { Tx } from '../db/database.ts';
import {
  announceSent,
  type BulkEnd,
  type ClaimedBulk,
  claimBulk,
  institutionsWithBulk,
  type SettledBulk,
  settleBulk,
} from './bulk-store.ts';
import { type DeliveryParts, trySending } from './deliver-message.ts';
import type { DeliveryFault } from './delivery-fault.ts';
import { isAnsweredTwice } from './delivery-fault.ts';
import { SendFailure } from './sender.ts';
import { createSleeper } from './sleeper.ts';

/** Told, in the transaction that settles them, which messages will not be tried again. */
export type OnBulkEnded = (tx: Tx, institutionId: string, ended: readonly SettledBulk[]) => Promise<void>;

export interface BulkParts extends DeliveryParts {
  readonly institutionIds: () => readonly string[];
  readonly onEnded: OnBulkEnded;
}

export interface BulkSender {
  start(): void;
  /** Something is due. */
  wake(): void;
  stop(): Promise<void>;
}

/** Tries at the same time. */
const mostInHand = 256;
/** How many a statement claims at most: fewer when less room is left. */
const claimedAtOnce = 128;
/** A notice of other processes is not sent for each message: whoever is idle looks. */
const pollMs = 500;
/** Ends of tries are gathered this long, so that one statement settles many. */
const gatherMs = 10;
const pauseAfterErrorMs = 500;

/**
 * Sends messages in bulk: claims many in a statement, tries them at the same time, and settles what has ended, whatever
 * else is still slow. A process that dies leaves what it had in hand to whoever comes after the lease.
 */
export function createBulkSender(parts: BulkParts): BulkSender {
  const { sql, log, institutionIds, keepsContent } = parts;
  const work = createSleeper();
  const ends = createSleeper();
  const ended: { institutionId: string; end: BulkEnd; channel: ClaimedBulk['channel'] }[] = [];
  let inHand = 0;
  let isStopping = false;
  let running: Promise<unknown> | undefined;
  const warn = (what: string, error: unknown): void =>
    log.warn(`${what}, trying again: ${error instanceof Error ? error.message : String(error)}`);

  const sendOne = async (institutionId: string, message: ClaimedBulk, fault: DeliveryFault | undefined): Promise<void> => {
    const outcome = await trySending(parts, { institutionId, ...message }, fault).catch(() => new SendFailure('error', true));
    const end = toEnd(parts, message, outcome);
    ended.push({ institutionId, end, channel: message.channel });
    if (isAnsweredTwice(fault)) ended.push({ institutionId, end, channel: message.channel });
    inHand -= 1;
    ends.wake();
    work.wake();
  };

  /** @returns Whether there may be more. */
  const claimAndSend = async (): Promise<boolean> => {
    let isFull = false;
    for (const institutionId of await institutionsWithBulk(sql, institutionIds())) {
      const limit = Math.min(claimedAtOnce, mostInHand - inHand);
      if (limit <= 0) return false;
      const claimed = await claimBulk(sql, institutionId, limit, 2 * parts.tryTimeoutMs);
      const faults = claimed.length === 0 ? undefined : await parts.findFaults?.(institutionId);
      inHand += claimed.length;
      for (const message of claimed) void sendOne(institutionId, message, faults?.get(message.channel));
      isFull ||= claimed.length === limit;
    }
    return isFull;
  };

  const claiming = async (): Promise<void> => {
    while (!isStopping) {
      try {
        if (!(await claimAndSend())) await work.sleep(pollMs);
      } catch (error) {
        if (!isStopping) warn('Messages cannot be claimed', error);
        await work.sleep(pauseAfterErrorMs);
      }
    }
  };

  const settleAll = async (): Promise<void> => {
    const taken = ended.splice(0);
    const institutions = new Set(taken.map(({ institutionId }) => institutionId));
    for (const institutionId of institutions) {
      const own = taken.filter((one) => one.institutionId === institutionId);
      try {
        await settle(
          parts,
          institutionId,
          own.map(({ end }) => end),
          keepsContent,
        );
      } catch (error) {
        // Once more, as long as the leases last; after that others try the messages again.
        ended.push(...own);
        throw error;
      }
      for (const { channel, end } of own) parts.onTried(channel, end.status);
    }
  };

  const settling = async (): Promise<void> => {
    while (!isStopping || inHand > 0 || ended.length > 0) {
      if (ended.length === 0) {
        await ends.sleep(pollMs);
        // More end in the next moment.
        if (inHand > 0 && !isStopping) await ends.pause(gatherMs);
        continue;
      }
      try {
        await settleAll();
      } catch (error) {
        if (isStopping) return;
        warn('Ends of messages cannot be written', error);
        await ends.pause(pauseAfterErrorMs);
      }
    }
  };

  return {
    start: () => {
      running ??= Promise.all([claiming(), settling()]);
    },
    wake: work.wake,
    stop: async () => {
      isStopping = true;
      work.wake();
      ends.wake();
      await running;
    },
  };
}

async function settle(
  { sql, log, onEnded }: BulkParts,
  institutionId: string,
  ends: readonly BulkEnd[],
  keepsContent: boolean,
): Promise<void> {
  await sql.begin(async (tx) => {
    const settled = await settleBulk(tx, institutionId, ends, keepsContent);
    const final = settled.filter(({ status }) => status !== 'failed');
    if (final.length > 0) await onEnded(tx, institutionId, final);
    const sent = settled.filter(({ status }) => status === 'sent').map(({ messageId }) => messageId);
    if (keepsContent && sent.length > 0) await announceSent(tx, institutionId, sent);
    for (const { messageId, attempts, failure } of settled.filter(({ status }) => status === 'dead'))
      log.error(`Message ${messageId} was given up after ${attempts} tries: ${failure}.`);
  });
}

function toEnd(
  { maxAttempts, retryDelaySeconds }: BulkParts,
  { messageId, attempts }: ClaimedBulk,
  outcome: { readonly providerReference: string | undefined } | SendFailure,
): BulkEnd {
  const end = { messageId, attempts, retryInSeconds: undefined };
  if (!(outcome instanceof SendFailure))
    return { ...end, status: 'sent', providerReference: outcome.providerReference, failure: undefined };
  const failure = { ...end, providerReference: undefined, failure: outcome.code };
  if (!outcome.mayPass || attempts >= maxAttempts) return { ...failure, status: 'dead' };
  return { ...failure, status: 'failed', retryInSeconds: retryDelaySeconds(attempts) };
}
