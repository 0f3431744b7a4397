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

test('the addresses of one line of IPv6 count as one, however they are written', () => {
  const limit = createAddressLimit(2);
  expect(limit.take('2001:db8:1:2::1')).toBeUndefined();
  expect(limit.take('2001:0db8:0001:0002:ffff::9')).toBeUndefined();
  expect(limit.take('2001:db8:1:2:3:4:5:6')).toBeGreaterThan(0);
  expect(limit.take('2001:db8:1:3::1')).toBeUndefined();
  expect(limit.take('::1')).toBeUndefined();
  // IPv4 in the form of IPv6 stays as it is.
  expect(limit.take('::ffff:192.0.2.1')).toBeUndefined();
  expect(limit.take('::ffff:192.0.2.2')).toBeUndefined();
});
