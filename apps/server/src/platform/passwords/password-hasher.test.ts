import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { createKeyRing } from '../keys/key-ring.ts';
import { createPasswordHasher } from './password-hasher.ts';

const keyRing = createKeyRing(randomBytes(32));
const hasher = createPasswordHasher(keyRing, 2);

test('a password opens its own hash and no other does, whatever its characters', async () => {
  for (const password of ['password-1', 'Pässwörd \u{1f511}', ' ', 'x'.repeat(1000)]) {
    const stored = await hasher.hash(password);
    expect(await hasher.verify(stored, password)).toBe(true);
    expect(await hasher.verify(stored, `${password} `)).toBe(false);
  }
});

test('a hash is argon2id with 19 MiB and two passes, salted, and not worth making anew', async () => {
  const [one, two] = await Promise.all([hasher.hash('password-1'), hasher.hash('password-1')]);
  expect(one.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/u);
  expect(one.passwordHash).not.toBe(two.passwordHash);
  expect(hasher.needsRehash(one)).toBe(false);
});

test('a stolen hash is worth nothing without the master key', async () => {
  const stored = await hasher.hash('password-1');
  expect(await verify(stored.passwordHash, 'password-1')).toBe(false);
  expect(await createPasswordHasher(createKeyRing(randomBytes(32)), 1).verify(stored, 'password-1')).toBe(false);
});

test('a hash of other parameters still opens, and is worth making anew', async () => {
  const secret = keyRing.key('password-pepper').export();
  const passwordHash = await hash('password-1', { memoryCost: 8192, timeCost: 1, parallelism: 1, secret });
  const stored = { passwordHash, pepperId: '1' };
  expect(await hasher.verify(stored, 'password-1')).toBe(true);
  expect(hasher.needsRehash(stored)).toBe(true);
});

test('without a stored password, or with a pepper that is not ours, nothing opens', async () => {
  expect(await hasher.verify(undefined, 'decoy')).toBe(false);
  const stored = await hasher.hash('password-1');
  expect(await hasher.verify({ ...stored, pepperId: '2' }, 'password-1')).toBe(false);
  expect(await hasher.verify({ ...stored, pepperId: '2' }, 'decoy')).toBe(false);
});

test('no more hashes run at once than it is wide, and the rest wait their turn', async () => {
  const running = Array.from({ length: 6 }, (_, index) => hasher.hash(`password-${index}`));
  await Promise.resolve();
  expect(hasher.load()).toEqual({ running: 2, waiting: 4 });
  await Promise.all(running);
  expect(hasher.load()).toEqual({ running: 0, waiting: 0 });
});

test('a hash that cannot be verified gives its place back', async () => {
  const broken = { passwordHash: 'no hash', pepperId: '1' };
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.verify(broken, 'x')));
  expect(outcomes.every((outcome) => outcome.status === 'rejected' || !outcome.value)).toBe(true);
  expect(hasher.load()).toEqual({ running: 0, waiting: 0 });
  expect(await hasher.verify(await hasher.hash('password-1'), 'password-1')).toBe(true);
});
