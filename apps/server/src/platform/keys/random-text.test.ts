import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomAlphanumeric, toAlphanumeric } from './random-text.ts';

test('a random text has the length that was asked for, letters and digits only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), (length) => {
      expect(randomAlphanumeric(length)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`, 'u'));
    }),
  );
});

test('every letter is equally likely', () => {
  const count = 620_000;
  const seen = new Map<string, number>();
  for (const letter of randomAlphanumeric(count)) seen.set(letter, (seen.get(letter) ?? 0) + 1);
  const expected = count / 62;
  const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - expected) ** 2 / expected, 0);
  expect(seen.size).toBe(62);
  // 61 degrees of freedom: an honest source exceeds this once in a billion runs.
  expect(chiSquare).toBeLessThan(150);
});

test('a thousand texts of 29 letters are all different', () => {
  expect(new Set(Array.from({ length: 1000 }, () => randomAlphanumeric(29))).size).toBe(1000);
});

test('bytes always stand for the same letters, one each', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toAlphanumeric(bytes)).toBe(toAlphanumeric(Uint8Array.from(bytes)));
      expect(toAlphanumeric(bytes)).toMatch(new RegExp(`^[0-9A-Za-z]{${bytes.length}}$`, 'u'));
    }),
  );
});
