import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideRefresh,
  graceMs,
  institutionOfRefreshToken,
  randomLength,
  type StoredRefreshToken,
  toRefreshToken,
} from './refresh-token.ts';

const random = fc.stringMatching(new RegExp(`^[0-9A-Za-z]{${randomLength}}$`, 'u'));
const now = new Date('2026-06-19T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);

function stored(changes: Partial<StoredRefreshToken> = {}): StoredRefreshToken {
  return {
    clientId: 'mine',
    chainId: 'chain',
    institutionUserId: 'user',
    scopes: [],
    expiresAt: after(1000),
    usedAt: undefined,
    isChainRevoked: false,
    ...changes,
  };
}

test('every one of the 100000 institutions is found again in its refresh tokens, which are 32 letters and digits', () => {
  const behind = 'x'.repeat(randomLength);
  for (let number = 0; number < 100_000; number += 1) {
    const institutionId = String(number).padStart(5, '0');
    const token = toRefreshToken(institutionId, behind);
    if (token.length !== 32 || institutionOfRefreshToken(token) !== institutionId) expect.fail(`${institutionId}: ${token}`);
  }
});

test('the random part of a refresh token never changes which institution it names', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999 }), random, (number, letters) => {
      const institutionId = String(number).padStart(5, '0');
      expect(institutionOfRefreshToken(toRefreshToken(institutionId, letters))).toBe(institutionId);
    }),
  );
});

test('a text that cannot be a refresh token names no institution', () => {
  const five = /^[0-9]{5}$/u;
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-Za-z]{30,34}$/u)), (text) => {
      const found = institutionOfRefreshToken(text);
      expect(found === undefined || (text.length === 32 && five.test(found))).toBe(true);
    }),
  );
  expect(institutionOfRefreshToken('z'.repeat(32))).toBeUndefined();
});

test('a fresh refresh token gives a new pair until the moment of its expiry', () => {
  expect(decideRefresh(stored(), 'mine', now)).toBe('rotate');
  expect(decideRefresh(stored({ expiresAt: after(1) }), 'mine', now)).toBe('rotate');
  expect(decideRefresh(stored({ expiresAt: now }), 'mine', now)).toBe('invalid');
});

test.each([
  ['unknown', undefined],
  ['of another application', stored({ clientId: 'theirs' })],
  ['of an ended chain', stored({ isChainRevoked: true })],
  ['used and of an ended chain', stored({ isChainRevoked: true, usedAt: now })],
])('a refresh token that is %s is invalid', (_what, token) => {
  expect(decideRefresh(token, 'mine', now)).toBe('invalid');
});

test('a used refresh token repeats its answer within 60 seconds and ends its chain after them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -graceMs, max: 10 * graceMs }), (age) => {
      expect(decideRefresh(stored({ usedAt: now }), 'mine', after(age))).toBe(age < 60_000 ? 'repeat' : 'reused');
    }),
  );
  expect(decideRefresh(stored({ usedAt: now }), 'mine', after(59_999))).toBe('repeat');
  expect(decideRefresh(stored({ usedAt: now }), 'mine', after(60_000))).toBe('reused');
});

test('a parallel call that read its time before the first use was written gets the same pair, not the end of the chain', () => {
  expect(decideRefresh(stored({ usedAt: after(250) }), 'mine', now)).toBe('repeat');
});
