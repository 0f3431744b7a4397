import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing, type KeyPurpose } from './key-ring.ts';

const purposes: readonly KeyPurpose[] = [
  'application-secret',
  'refresh-token',
  'refresh-answer',
  'password-pepper',
  'signing-key',
  'activity-seal',
  'sandbox',
];

test('every purpose has a key of its own, the same after each start', () => {
  const master = randomBytes(32);
  const export32 = (purpose: KeyPurpose) => createKeyRing(master).key(purpose).export().toString('hex');
  expect(new Set(purposes.map(export32)).size).toBe(purposes.length);
  expect(purposes.map(export32)).toEqual(purposes.map(export32));
  expect(purposes.map(export32).every((key) => key.length === 64 && key !== master.toString('hex'))).toBe(true);
});

test('an HMAC depends on master key, purpose and text', () => {
  const [ring, other] = [createKeyRing(randomBytes(32)), createKeyRing(randomBytes(32))];
  const hmacs = [
    ring.hmac('refresh-token', 'one'),
    ring.hmac('refresh-token', 'two'),
    ring.hmac('application-secret', 'one'),
    other.hmac('refresh-token', 'one'),
  ];
  expect(new Set(hmacs.map((hmac) => hmac.toString('hex'))).size).toBe(4);
  expect(ring.hmac('refresh-token', 'one').equals(ring.hmac('refresh-token', 'one'))).toBe(true);
});

test('a master key of another length is refused', () => {
  expect(() => createKeyRing(randomBytes(31))).toThrow('32 bytes');
});
