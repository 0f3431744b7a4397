import type { Channel } from './channel.ts';
import type { Sender } from './sender.ts';

/** The messages of one institution on one channel: what is wrong with one lane holds back no other. */
export interface Lane {
  readonly institutionId: string;
  readonly channel: Channel;
}

/** A message that this process holds for one try. */
export interface Held {
  /** On the process' own clock (performance.now): when its try has to have begun, so that it ends well within the lease. */
  readonly startByMs: number;
}

export interface SendingLanes<Message extends Held> {
  /** How many more of a lane this process should take into its hands. */
  roomOf(lane: Lane): number;
  /** True when it is worth asking for more: half of what the lane may hold is free. */
  isHungry(lane: Lane): boolean;
  /** Begins to send them, as many at a time as the sender carries. */
  hold(lane: Lane, messages: readonly Message[]): void;
  /** The end of so many is written. */
  release(lane: Lane, count: number): void;
  /** Begins no further try. @returns When those that run have ended. */
  stop(): Promise<void>;
}

export interface LaneParts<Message extends Held> {
  readonly senderOf: (channel: Channel) => Pick<Sender, 'atOnce' | 'isShared'> | undefined;
  /** How long messages may wait for their try, by how fast they went so far. */
  readonly waitMs: number;
  /** Never throws. Resolves when the sender has done with the message. */
  readonly send: (lane: Lane, message: Message) => Promise<void>;
  /** Told of messages that were held and not tried. */
  readonly giveBack: (lane: Lane, messages: readonly Message[]) => void;
}

/** In the hands of this process in all; their words are in memory. */
const mostInHand = 4096;
const mostOfASender = 2048;
/** How much the last try counts in the mean. */
const weight = 0.1;
/** What no sender is set up for fails at once. */
const nobody = { atOnce: 64, isShared: false };

interface LaneState<Message> {
  readonly lane: Lane;
  readonly carrier: Carrier<Message>;
  waiting: Message[];
  /** Those whose end is not yet written. */
  inHand: number;
}

/** What messages share: the sender, or the sender for one lane. */
interface Carrier<Message> {
  readonly atOnce: number;
  readonly lanes: LaneState<Message>[];
  trying: number;
  inHand: number;
  /** Mean time of a try; undefined before the first. */
  tookMs: number | undefined;
}

/**
 * Holds messages between the database and their senders. What is held waits in its lane; lanes that share a sender take
 * turns. No more is held than can be sent in a short while, and what waited longer all the same is given back untried.
 */
export function createSendingLanes<Message extends Held>(parts: LaneParts<Message>): SendingLanes<Message> {
  const { senderOf, waitMs } = parts;
  const lanes = new Map<string, LaneState<Message>>();
  const shared = new Map<unknown, Carrier<Message>>();
  const running = new Set<Promise<void>>();
  let isStopping = false;
  let inHand = 0;

  const stateOf = (lane: Lane): LaneState<Message> => {
    const name = `${lane.institutionId} ${lane.channel}`;
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const sender = senderOf(lane.channel);
    const { atOnce, isShared } = sender ?? nobody;
    const carrier = (isShared ? shared.get(sender) : undefined) ?? { atOnce, lanes: [], trying: 0, inHand: 0, tookMs: undefined };
    if (isShared) shared.set(sender, carrier);
    const state: LaneState<Message> = { lane, carrier, waiting: [], inHand: 0 };
    carrier.lanes.push(state);
    lanes.set(name, state);
    return state;
  };

  /** A lane that holds nothing may always take one: those that share a sender, or this process, cannot keep it out. */
  const roomIn = ({ carrier, inHand: own }: LaneState<Message>): number => {
    const floor = own === 0 ? 1 : 0;
    return isStopping ? 0 : Math.max(floor, Math.min(mostOf(carrier, waitMs) - carrier.inHand, mostInHand - inHand));
  };

  const run = async (state: LaneState<Message>, message: Message): Promise<void> => {
    const { carrier } = state;
    carrier.trying += 1;
    const begun = performance.now();
    await parts.send(state.lane, message);
    const tookMs = performance.now() - begun;
    carrier.tookMs = carrier.tookMs === undefined ? tookMs : carrier.tookMs + weight * (tookMs - carrier.tookMs);
    carrier.trying -= 1;
    begin(carrier);
  };

  const begin = (carrier: Carrier<Message>): void => {
    while (!isStopping && carrier.trying < carrier.atOnce) {
      const state = nextOf(carrier);
      const message = state?.waiting.shift();
      if (state === undefined || message === undefined) return;
      if (performance.now() > message.startByMs) {
        parts.giveBack(state.lane, [message]);
        continue;
      }
      const trying = run(state, message);
      running.add(trying);
      void trying.finally(() => running.delete(trying));
    }
  };

  const giveBackAll = (): void => {
    for (const { lane, waiting } of lanes.values()) if (waiting.length > 0) parts.giveBack(lane, waiting.splice(0));
  };

  return {
    roomOf: (lane) => roomIn(stateOf(lane)),
    isHungry: (lane) => {
      const state = stateOf(lane);
      return roomIn(state) > 0 && (state.inHand === 0 || 2 * roomIn(state) >= mostOf(state.carrier, waitMs));
    },
    hold: (lane, messages) => {
      const state = stateOf(lane);
      state.inHand += messages.length;
      state.carrier.inHand += messages.length;
      inHand += messages.length;
      state.waiting.push(...messages);
      if (isStopping) giveBackAll();
      else begin(state.carrier);
    },
    release: (lane, count) => {
      const state = stateOf(lane);
      state.inHand -= count;
      state.carrier.inHand -= count;
      inHand -= count;
    },
    stop: async () => {
      isStopping = true;
      giveBackAll();
      await Promise.all(running);
    },
  };
}

/** What it carries at once, and as many more as it will have sent in a short while. */
function mostOf<Message>({ atOnce, tookMs }: Carrier<Message>, waitMs: number): number {
  if (tookMs === undefined) return atOnce;
  return Math.min(Math.max(mostOfASender, atOnce), atOnce + Math.floor((atOnce * waitMs) / Math.max(tookMs, 0.01)));
}

/** Lanes take turns. */
function nextOf<Message>({ lanes }: Carrier<Message>): LaneState<Message> | undefined {
  for (let left = lanes.length; left > 0; left -= 1) {
    const first = lanes.shift();
    if (first === undefined) return undefined;
    lanes.push(first);
    if (first.waiting.length > 0) return first;
  }
  return undefined;
}
