import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyRing } from '../platform/keys/key-ring.ts';
import { createOpaqueIds } from './opaque-ids.ts';

const ids = createOpaqueIds(createKeyRing(randomBytes(32)));
const key = fc.record({
  accountKey: fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }),
  number: fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }),
});

test('an id is 43 characters of base64url, always the same for the same thing, and leads back to it', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 60 }), (keys) => {
      const made = ids.encode('transaction', '00042', keys);
      expect(made).toEqual(keys.map((one) => ids.encodeOne('transaction', '00042', one)));
      for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(made.map((id) => ids.decode('transaction', '00042', id))).toEqual(keys);
    }),
  );
});

test('an id means nothing in another institution, as another kind of thing, or on another installation', () => {
  const id = ids.encodeOne('account', '00042', { accountKey: 7n, number: 0n });
  expect(ids.decode('account', '00077', id)).toBeUndefined();
  expect(ids.decode('image', '00042', id)).toBeUndefined();
  expect(createOpaqueIds(createKeyRing(randomBytes(32))).decode('account', '00042', id)).toBeUndefined();
});

test('a changed character makes an id unknown, the spare bits of the last one too', () => {
  const id = ids.encodeOne('account', '00042', { accountKey: 7n, number: 0n });
  for (let at = 0; at < id.length; at += 1)
    for (const other of ['A', 'b', '7', '_']) {
      const changed = id.slice(0, at) + other + id.slice(at + 1);
      if (changed !== id) expect(ids.decode('account', '00042', changed)).toBeUndefined();
    }
  expect(ids.decode('account', '00042', randomBytes(32).toString('base64url'))).toBeUndefined();
});
