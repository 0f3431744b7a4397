import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../../platform/keys/key-ring.ts';
import { readPageToken, toPageToken } from './page-token.ts';

const keyRing = createKeyRing(randomBytes(32));
const owner = { institutionId: '00042', criteria: '[1]' };
const position = { after: { occurredAtMicros: 1_772_700_000_000_001n, activityId: 77n }, asOf: new Date(5), pageSize: 50 };

test('a token brings back every position, and fits a line', () => {
  const numbers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(
      numbers,
      numbers,
      fc.integer({ min: 1, max: 1000 }),
      fc.date({ noInvalidDate: true }),
      (micros, id, pageSize, asOf) => {
        const any = { after: { occurredAtMicros: micros, activityId: id }, asOf, pageSize };
        const token = toPageToken(keyRing, owner, any);
        expect(token).toMatch(/^[\w-]{78}$/u);
        expect(readPageToken(keyRing, owner, token)).toEqual(any);
      },
    ),
  );
});

test('a token is good for its institution, its criteria and its installation only', () => {
  const token = toPageToken(keyRing, owner, position);
  expect(readPageToken(keyRing, { ...owner, institutionId: '00043' }, token)).toBeUndefined();
  expect(readPageToken(keyRing, { ...owner, criteria: '[2]' }, token)).toBeUndefined();
  expect(readPageToken(createKeyRing(randomBytes(32)), owner, token)).toBeUndefined();
});

test('a token with any other character in it is refused', () => {
  const token = toPageToken(keyRing, owner, position);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: token.length - 1 }), fc.string({ minLength: 1, maxLength: 2 }), (at, other) => {
      const altered = token.slice(0, at) + other + token.slice(at + 1);
      fc.pre(altered !== token);
      expect(readPageToken(keyRing, owner, altered)).toBeUndefined();
    }),
  );
});
