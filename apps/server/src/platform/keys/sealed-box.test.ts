import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { open, seal } from './sealed-box.ts';

const key = createSecretKey(randomBytes(32));
const bytes = fc.uint8Array({ maxLength: 200 });

test('what is sealed opens again under its key and context', () => {
  fc.assert(
    fc.property(fc.string(), bytes, (context, plain) => {
      expect(new Uint8Array(open(key, context, seal(key, context, plain)))).toEqual(plain);
    }),
  );
});

test('a box in which any byte is changed does not open', () => {
  const box = seal(key, 'row 1', Buffer.from('secret'));
  for (let place = 0; place < box.length; place += 1) {
    const changed = Buffer.from(box);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(() => open(key, 'row 1', changed)).toThrow();
  }
});

test('a box does not open for another row, under another key, or cut', () => {
  const box = seal(key, 'row 1', Buffer.from('secret'));
  expect(() => open(key, 'row 2', box)).toThrow();
  expect(() => open(createSecretKey(randomBytes(32)), 'row 1', box)).toThrow();
  for (let length = 0; length < box.length; length += 1) expect(() => open(key, 'row 1', box.subarray(0, length))).toThrow();
});

test('the same secret sealed twice looks different each time and never shows', () => {
  const secret = Buffer.from('the secret of the bank');
  const [one, other] = [seal(key, 'row', secret), seal(key, 'row', secret)];
  expect(one.equals(other)).toBe(false);
  expect(one.includes(secret)).toBe(false);
});
