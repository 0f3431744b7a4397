import { expect, test } from 'vitest';
import { takeWhatFits } from './batch-size.ts';

const eventOf = (place: string, users: number) => ({
  place,
  addressee: {
    kind: 'users' as const,
    institutionUserIds: Array.from({ length: users }, (_, index) => `user ${index}`),
    customerId: undefined,
  },
});

test('a batch ends before the place with which its users become too many, and keeps the order', () => {
  const events = [eventOf('a', 4), eventOf('a', 4), eventOf('b', 2), eventOf('c', 1), eventOf('d', 0)];
  const { taken, addressed } = takeWhatFits(['a', 'b', 'c', 'd'], events, 10);
  expect(taken).toEqual(['a', 'b']);
  expect(addressed).toEqual(events.slice(0, 3));
});

test('an event for more users than a batch takes is a batch of its own', () => {
  const events = [eventOf('a', 40), eventOf('b', 1)];
  expect(takeWhatFits(['a', 'b'], events, 10)).toEqual({ taken: ['a'], addressed: [events[0]] });
});

test('what nobody is told of is taken with the rest', () => {
  expect(takeWhatFits(['a', 'b'], [eventOf('b', 1)], 10).taken).toEqual(['a', 'b']);
});
