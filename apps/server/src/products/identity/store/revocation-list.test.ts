import { expect, test } from 'vitest';
import { createRevocationList } from './revocation-list.ts';

const end = new Date(10_000);

test('a revoked token is refused and its chain is not; a revoked chain takes all its tokens along', () => {
  const list = createRevocationList(() => 0);
  list.add('token', 'token-1', end);
  list.add('chain', 'chain-2', end);
  expect(list.isRevoked('token-1', 'chain-1')).toBe(true);
  expect(list.isRevoked('token-2', 'chain-1')).toBe(false);
  expect([list.isRevoked('token-3', 'chain-2'), list.isRevoked('token-4', 'chain-2')]).toEqual([true, true]);
  expect(list.isRevoked('chain-2', undefined)).toBe(false);
});

test('what is over makes room by and by, and what is in force stays', () => {
  let now = 0;
  const list = createRevocationList(() => now);
  for (let index = 0; index < 500; index += 1) list.add('token', `short-${index}`, new Date(1000));
  now = 2000;
  for (let index = 0; index < 500; index += 1) list.add('token', `long-${index}`, end);
  expect(list.size()).toBe(500);
  expect([list.isRevoked('short-1', undefined), list.isRevoked('long-1', undefined)]).toEqual([false, true]);
});
