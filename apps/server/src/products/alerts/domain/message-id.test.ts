import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeliveryChannel, fromMessageId, toMessageId } from './message-id.ts';

const key = fc.record({
  institutionId: fc.stringMatching(/^[0-9]{5}$/u),
  alertOutcomeId: fc.bigInt(1n, (1n << 60n) - 1n),
  channel: fc.constantFrom<DeliveryChannel>('EMAIL', 'SMS', 'PUSH', 'WEB', 'VOICE'),
  destinationNumber: fc.integer({ min: 0, max: 255 }),
});

test('a message id tells the delivery that it was made for', () => {
  fc.assert(
    fc.property(key, fc.nat(0xfffffff), (one, check) => {
      expect(fromMessageId(toMessageId(one, check))).toEqual(one);
    }),
  );
});

test('a message id is a UUID of version 8, and grows with the outcomes', () => {
  const one = { institutionId: '00042', channel: 'SMS', destinationNumber: 2 } as const;
  expect(toMessageId({ ...one, alertOutcomeId: 0x1234567n }, 0xabcdef)).toBe('00000000-1234-8567-8202-0abcdef00042');
  expect(toMessageId({ ...one, alertOutcomeId: 255n }, 9) < toMessageId({ ...one, alertOutcomeId: 256n }, 1)).toBe(true);
});

test('the same number of an outcome about another event is another message', () => {
  const one = { institutionId: '00042', channel: 'SMS', destinationNumber: 0, alertOutcomeId: 7n } as const;
  const ids = [toMessageId(one, 1), toMessageId(one, 2)];
  expect(new Set(ids).size).toBe(2);
  expect(ids.map(fromMessageId)).toEqual([one, one]);
});

test('an id that others made belongs to no delivery', () => {
  expect(fromMessageId('0b6c1d0e-6c5e-4a0e-9d56-0f4a6d3f6a11')).toBeUndefined();
  expect(fromMessageId('')).toBeUndefined();
});

test('a key that does not fit is refused', () => {
  const one = { institutionId: '00042', channel: 'SMS', destinationNumber: 0 } as const;
  expect(() => toMessageId({ ...one, alertOutcomeId: 1n << 60n }, 0)).toThrow('does not fit');
});
