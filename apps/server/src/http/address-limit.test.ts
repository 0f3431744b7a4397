import { expect, test } from 'vitest';
import { createAddressLimit } from './address-limit.ts';

test('an address that has sent its forms waits, and the others do not', () => {
  const limit = createAddressLimit(3);
  const outcomes = Array.from({ length: 5 }, () => limit.take('192.0.2.1'));
  expect(outcomes.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(outcomes[3]).toBeGreaterThan(0);
  expect(outcomes[4]).toBeLessThanOrEqual(300);
  expect(limit.take('192.0.2.2')).toBeUndefined();
});
