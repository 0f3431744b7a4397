import { expect, test } from 'vitest';
import { sharedBuffersMiB } from './postmaster.ts';

const gib = 1024 ** 3;

test.each([
  [gib / 2, 128],
  [gib, 128],
  [4 * gib, 512],
  [16 * gib, 2048],
  [512 * gib, 2048],
])('of %d bytes of memory the database keeps %d MiB of its pages', (memoryBytes, expected) => {
  expect(sharedBuffersMiB(memoryBytes)).toBe(expected);
});
