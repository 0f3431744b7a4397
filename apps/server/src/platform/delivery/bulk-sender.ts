import type { Tx } from '../db/database.ts';
import {
  announceSent,
  type BulkEnd,
  type ClaimedBulk,
  claimBulk,
  lanesWithBulk,
  matchByHash,
  type SettledBulk,
  settleBulk,
} from './bulk-store.ts';
import { type Channel, channels } from './channel.ts';
import { type DeliveryParts, trySending, type Words } from './deliver-message.ts';
import type { DeliveryFault } from './delivery-fault.ts';
import { isAnsweredTwice } from './delivery-fault.ts';
import { createEndSettler } from './end-settler.ts';
import { SendFailure } from './sender.ts';
import { createSendingLanes, type Held, type Lane } from './sending-lanes.ts';
import { createSleeper } from './sleeper.ts';

/** Told, in the transaction that settles them, which messages will not be tried again. */
export type OnBulkEnded = (tx: Tx, institutionId: string, ended: readonly SettledBulk[]) => Promise<void>;

export interface BulkParts extends DeliveryParts {
  readonly institutionIds: () => readonly string[];
  readonly onEnded: OnBulkEnded;
}

/** A message for one try of this process. */
export interface BulkTry {
  readonly messageId: string;
  readonly channel: Channel;
  readonly template: string;
  readonly locale: string;
  readonly words: Words;
  readonly attempts: number;
}

export interface BulkSender {
  start(): void;
  /** How many more messages of a lane this process would take into its hands now; none before `start`. */
  roomOf(lane: Lane): number;
  /** How long whoever takes messages has to lease them, and when that began on the clock of `performance.now`. */
  readonly leaseMs: number;
  /** Sends messages that were leased for this process when the lease began. */
  take(lane: Lane, tries: readonly BulkTry[], leasedAtMs: number): void;
  /** Something of the lane is due. */
  wake(lane: Lane): void;
  stop(): Promise<void>;
}

interface HeldTry extends BulkTry, Held {
  readonly fault: DeliveryFault | undefined;
}

interface Ended {
  readonly channel: Channel;
  readonly end: BulkEnd;
}

/** How many a statement claims at most: fewer when less room is left. */
const claimedAtOnce = 256;
/** A notice of other processes is not sent for each message: whoever is idle looks. */
const pollMs = 500;
const pauseAfterErrorMs = 500;
/** Of the time of a try: what may pass before it begins, by how fast messages went so far and at the very most. */
const waitShare = 0.1;
const longestWaitShare = 0.5;
/** A try, the longest wait for it, and as much time as a try for writing how it ended. */
const leaseShare = 2 + longestWaitShare;

/**
 * Sends messages in bulk: takes over what was queued here, claims what is due, tries many at the same time, and settles
 * what has ended. A process that dies leaves what it had in hand to whoever comes after the lease.
 */
export function createBulkSender(parts: BulkParts): BulkSender {
  const { sql, log, institutionIds, tryTimeoutMs } = parts;
  const leaseMs = leaseShare * tryTimeoutMs;
  const work = createSleeper();
  /** Lanes of which more is due than fitted into our hands. */
  const left = new Map<string, Lane>();
  /** Messages that wait for what the provider of the sandbox does wrong. */
  const taking = new Set<Promise<void>>();
  let isRunning = false;
  let isStopping = false;
  let running: Promise<unknown> | undefined;
  let trying = 0;
  const warn = (what: string, error: unknown): void =>
    log.warn(`${what}, trying again: ${error instanceof Error ? error.message : String(error)}`);

  const settler = createEndSettler<Ended>({
    settle: (institutionId, ended) => settleEnds(institutionId, ended),
    isBusy: () => trying > 0,
    onFailure: (error) => warn('Ends of messages cannot be written', error),
    onLost: (institutionId, count) =>
      log.error(`How ${count} messages of ${institutionId} ended could not be written: they will be tried again.`),
    pauseAfterErrorMs,
  });

  const lanes = createSendingLanes<HeldTry>({
    senderOf: parts.senderOf,
    waitMs: waitShare * tryTimeoutMs,
    send: async ({ institutionId }, message) => {
      trying += 1;
      const outcome = await trySending(parts, { institutionId, ...message }, message.fault).catch(
        () => new SendFailure('error', true),
      );
      trying -= 1;
      const ended = { channel: message.channel, end: toEnd(parts, message, outcome) };
      settler.add(institutionId, isAnsweredTwice(message.fault) ? [ended, ended] : [ended]);
    },
    giveBack: ({ institutionId }, messages) =>
      settler.add(
        institutionId,
        messages.map((message) => ({ channel: message.channel, end: toUntried(message) })),
      ),
  });

  const settleEnds = async (institutionId: string, ended: readonly Ended[]): Promise<void> => {
    await settle(
      parts,
      institutionId,
      ended.map(({ end }) => end),
    );
    const counts = new Map<Channel, Set<string>>();
    for (const { channel, end } of ended) {
      counts.set(channel, (counts.get(channel) ?? new Set()).add(end.messageId));
      if (end.status !== 'queued') parts.onTried(channel, end.status);
    }
    for (const [channel, messageIds] of counts) lanes.release({ institutionId, channel }, messageIds.size);
    for (const lane of left.values()) if (lanes.isHungry(lane)) return work.wake();
  };

  const take = (lane: Lane, tries: readonly BulkTry[], leasedAtMs: number): void => {
    if (tries.length === 0) return;
    const startByMs = leasedAtMs + longestWaitShare * tryTimeoutMs;
    const hold = (fault?: DeliveryFault): void =>
      lanes.hold(
        lane,
        tries.map((one) => ({ ...one, startByMs, fault })),
      );
    if (parts.findFaults === undefined) {
      hold();
      return;
    }
    const finding = parts.findFaults(lane.institutionId).then(
      (faults) => hold(faults.get(lane.channel)),
      () => hold(),
    );
    taking.add(finding);
    void finding.finally(() => taking.delete(finding));
  };

  const claimOf = async (lane: Lane): Promise<void> => {
    const limit = Math.min(claimedAtOnce, lanes.roomOf(lane));
    if (limit === 0) return;
    const leasedAtMs = performance.now();
    const claimed = await claimBulk(sql, lane, limit, leaseMs);
    if (claimed.length === limit) left.set(nameOf(lane), lane);
    else left.delete(nameOf(lane));
    take(lane, claimed.map(toTry), leasedAtMs);
  };

  /** All lanes in turn, or those of which something is known to be left. */
  const claimAll = async (isPoll: boolean): Promise<void> => {
    const open = (list: readonly Lane[]): Lane[] => list.filter((lane) => lanes.roomOf(lane) > 0);
    const all = (): Lane[] =>
      institutionIds().flatMap((institutionId) => channels.map((channel): Lane => ({ institutionId, channel })));
    const due = isPoll ? await lanesWithBulk(sql, open(all())) : open([...left.values()]);
    const first = due.length === 0 ? 0 : Math.floor(Math.random() * due.length);
    for (const lane of [...due.slice(first), ...due.slice(0, first)]) await claimOf(lane);
  };

  const claiming = async (): Promise<void> => {
    let polledAtMs = Number.NEGATIVE_INFINITY;
    while (!isStopping) {
      const isPoll = performance.now() - polledAtMs >= pollMs;
      if (isPoll) polledAtMs = performance.now();
      try {
        await claimAll(isPoll);
        if (![...left.values()].some(lanes.isHungry)) await work.sleep(pollMs);
      } catch (error) {
        if (!isStopping) warn('Messages cannot be claimed', error);
        await work.sleep(pauseAfterErrorMs);
      }
    }
  };

  return {
    leaseMs,
    start: () => {
      isRunning = true;
      running ??= claiming();
    },
    roomOf: (lane) => (isRunning && !isStopping ? lanes.roomOf(lane) : 0),
    take,
    wake: (lane) => {
      left.set(nameOf(lane), lane);
      work.wake();
    },
    stop: async () => {
      isStopping = true;
      work.wake();
      await running;
      await Promise.all(taking);
      await lanes.stop();
      await settler.stop();
    },
  };
}

function nameOf({ institutionId, channel }: Lane): string {
  return `${institutionId} ${channel}`;
}

function toTry({ contentSealed, ...claimed }: ClaimedBulk): BulkTry {
  return { ...claimed, words: contentSealed };
}

async function settle(
  { sql, log, onEnded, keepsContent }: BulkParts,
  institutionId: string,
  ends: readonly BulkEnd[],
): Promise<void> {
  const { settled } = await sql.begin(async (tx) => {
    // Sent one after the other without waiting in between.
    const [, settled] = await Promise.all([matchByHash(tx), settleBulk(tx, institutionId, ends, keepsContent)]);
    const final = settled.filter(({ status }) => status === 'sent' || status === 'dead');
    const sent = keepsContent ? settled.filter(({ status }) => status === 'sent').map(({ messageId }) => messageId) : [];
    if (final.length > 0) await onEnded(tx, institutionId, final);
    if (sent.length > 0) await announceSent(tx, institutionId, sent);
    return { settled };
  });
  for (const { messageId, attempts, failure } of settled.filter(({ status }) => status === 'dead'))
    log.error(`Message ${messageId} was given up after ${attempts} tries: ${failure}.`);
}

function toEnd(
  { maxAttempts, retryDelaySeconds }: BulkParts,
  { messageId, attempts }: BulkTry,
  outcome: { readonly providerReference: string | undefined } | SendFailure,
): BulkEnd {
  const end = { messageId, attempts, retryInSeconds: undefined };
  if (!(outcome instanceof SendFailure))
    return { ...end, status: 'sent', providerReference: outcome.providerReference, failure: undefined };
  const failure = { ...end, providerReference: undefined, failure: outcome.code };
  if (!outcome.mayPass || attempts >= maxAttempts) return { ...failure, status: 'dead' };
  return { ...failure, status: 'failed', retryInSeconds: retryDelaySeconds(attempts) };
}

/** Another process, or this one later, has the try. */
function toUntried({ messageId, attempts }: BulkTry): BulkEnd {
  return { messageId, attempts, status: 'queued', providerReference: undefined, failure: undefined, retryInSeconds: undefined };
}
