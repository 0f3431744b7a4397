import type { Tx } from '../db/database.ts';
import { createBulkClaims } from './bulk-claims.ts';
import { announceSent, type BulkEnd, type ClaimedBulk, matchByHash, type SettledBulk, settleBulk } from './bulk-store.ts';
import type { Channel } from './channel.ts';
import { type DeliveryParts, trySending, type Words } from './deliver-message.ts';
import type { DeliveryFault } from './delivery-fault.ts';
import { isAnsweredTwice } from './delivery-fault.ts';
import { createEndSettler } from './end-settler.ts';
import { SendFailure } from './sender.ts';
import { createSendingLanes, type Held, type Lane, type SendingLanes } from './sending-lanes.ts';

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
  /** The provider of a sandbox said it twice. */
  readonly isAgain: boolean;
}

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
  let isRunning = false;
  let trying = 0;
  const warn = (what: string) => (error: unknown) =>
    log.warn(`${what}, trying again: ${error instanceof Error ? error.message : String(error)}`);

  const settler = createEndSettler<Ended>({
    settle: (institutionId, ended) => settleEnds(institutionId, ended),
    isBusy: () => trying > 0,
    onFailure: warn('Ends of messages cannot be written'),
    onLost: (institutionId, count) =>
      log.error(`How ${count} messages of ${institutionId} ended could not be written: they will be tried again.`),
    pauseAfterErrorMs,
  });
  const lanes = createSendingLanes<HeldTry>({
    senderOf: parts.senderOf,
    waitMs: waitShare * tryTimeoutMs,
    send: async ({ institutionId, channel }, message) => {
      trying += 1;
      const outcome = await trySending(parts, { institutionId, ...message }, message.fault).catch(
        () => new SendFailure('error', true),
      );
      trying -= 1;
      const ended = { channel, end: toEnd(parts, message, outcome), isAgain: false };
      settler.add(institutionId, isAnsweredTwice(message.fault) ? [ended, { ...ended, isAgain: true }] : [ended]);
    },
    giveBack: ({ institutionId, channel }, messages) =>
      settler.add(
        institutionId,
        messages.map((message) => ({ channel, end: toUntried(message), isAgain: false })),
      ),
  });
  const taking = createTaking(parts, lanes);
  const claims = createBulkClaims({
    ...{ sql, institutionIds, lanes, leaseMs, pauseAfterErrorMs },
    onClaimed: (lane, claimed, leasedAtMs) => taking.take(lane, claimed.map(toTry), leasedAtMs),
    onFailure: warn('Messages cannot be claimed'),
  });
  const settleEnds = async (institutionId: string, ended: readonly Ended[]): Promise<void> => {
    const ends = ended.map(({ end }) => end);
    await settle(parts, institutionId, ends);
    for (const { channel, end, isAgain } of ended) {
      if (!isAgain) lanes.release({ institutionId, channel }, 1);
      if (end.status !== 'queued') parts.onTried(channel, end.status);
    }
    claims.wakeForRoom();
  };

  return {
    leaseMs,
    start: () => {
      isRunning = true;
      claims.start();
    },
    roomOf: (lane) => (isRunning ? lanes.roomOf(lane) : 0),
    take: taking.take,
    wake: claims.note,
    stop: async () => {
      isRunning = false;
      await claims.stop();
      await taking.end();
      await lanes.stop();
      await settler.stop();
    },
  };
}

/** Puts messages into their lanes, in a sandbox with what the provider does wrong at that moment. */
function createTaking({ findFaults, tryTimeoutMs }: BulkParts, lanes: Pick<SendingLanes<HeldTry>, 'hold'>) {
  const running = new Set<Promise<void>>();
  const take: BulkSender['take'] = (lane, tries, leasedAtMs) => {
    if (tries.length === 0) return;
    const startByMs = leasedAtMs + longestWaitShare * tryTimeoutMs;
    const hold = (fault?: DeliveryFault): void =>
      lanes.hold(
        lane,
        tries.map((one) => ({ ...one, startByMs, fault })),
      );
    if (findFaults === undefined) {
      hold();
      return;
    }
    const finding = findFaults(lane.institutionId).then(
      (faults) => hold(faults.get(lane.channel)),
      () => hold(),
    );
    running.add(finding);
    void finding.finally(() => running.delete(finding));
  };
  return { take, end: () => Promise.all(running) };
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
