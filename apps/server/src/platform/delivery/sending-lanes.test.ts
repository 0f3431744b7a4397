import { describe, expect, test } from 'vitest';
import type { Channel } from './channel.ts';
import { createSendingLanes, type Lane } from './sending-lanes.ts';

interface Sent {
  readonly name: string;
  readonly startByMs: number;
}

const one: Lane = { institutionId: '00042', channel: 'EMAIL' };
const two: Lane = { institutionId: '00077', channel: 'EMAIL' };
const texts: Lane = { institutionId: '00042', channel: 'SMS' };
const inTime = Number.POSITIVE_INFINITY;

/** Lanes whose mails share a sender that carries two at once; every try ends when the test says so. */
function createLanes(tookMs?: number) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const givenBack: string[] = [];
  const mail = { atOnce: 2, isShared: true };
  const lanes = createSendingLanes<Sent>({
    senderOf: (channel: Channel) => (channel === 'EMAIL' ? mail : { atOnce: 3, isShared: false }),
    waitMs: tookMs ?? 0,
    send: ({ institutionId }, { name }) => {
      begun.push(`${institutionId} ${name}`);
      return new Promise((resolve) => ends.push(resolve));
    },
    giveBack: (_lane, messages) => void givenBack.push(...messages.map(({ name }) => name)),
  });
  const hold = (lane: Lane, names: string, startByMs = inTime): void =>
    lanes.hold(
      lane,
      [...names].map((name) => ({ name, startByMs })),
    );
  const endNext = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, hold, endNext, begun, givenBack };
}

describe('lanes of messages', () => {
  test('that share a sender take turns, and no more are tried than it carries', async () => {
    const { hold, endNext, begun } = createLanes();
    hold(one, 'abcd');
    hold(two, 'x');
    expect(begun).toEqual(['00042 a', '00042 b']);
    await endNext();
    await endNext();
    expect(begun.slice(2)).toEqual(['00042 c', '00077 x']);
    await endNext();
    expect(begun.slice(4)).toEqual(['00042 d']);
  });

  test('have room for what the sender carries, until the ends are written; an idle one always has room for one', () => {
    const { lanes, hold } = createLanes();
    expect([one, two, texts].map(lanes.roomOf)).toEqual([2, 2, 3]);
    hold(one, 'ab');
    expect([one, two, texts].map(lanes.roomOf)).toEqual([0, 1, 3]);
    expect([one, two, texts].map(lanes.isHungry)).toEqual([false, true, true]);
    lanes.release(one, 1);
    expect(lanes.roomOf(one)).toBe(1);
  });

  test('of a sender that turned out fast may hold more, and no more than a bound', async () => {
    const { lanes, hold, endNext } = createLanes(1e9);
    hold(one, 'a');
    await endNext();
    lanes.release(one, 1);
    expect(lanes.roomOf(one)).toBe(2048);
  });

  test('give back what has waited too long, untried', async () => {
    const { hold, endNext, begun, givenBack } = createLanes();
    hold(one, 'ab');
    hold(one, 'cd', performance.now() - 1);
    hold(one, 'e');
    expect(givenBack).toEqual([]);
    await endNext();
    expect(givenBack).toEqual(['c', 'd']);
    expect(begun).toEqual(['00042 a', '00042 b', '00042 e']);
  });

  test('give back at their end what was not begun, and wait for what was', async () => {
    const { lanes, hold, endNext, begun, givenBack } = createLanes();
    hold(one, 'abc');
    let hasStopped = false;
    const stopping = lanes.stop().then(() => {
      hasStopped = true;
    });
    hold(two, 'x');
    expect(givenBack).toEqual(['c', 'x']);
    await endNext();
    expect(hasStopped).toBe(false);
    await endNext();
    await stopping;
    expect(begun).toEqual(['00042 a', '00042 b']);
    expect([one, two].map(lanes.roomOf)).toEqual([0, 0]);
  });
});
