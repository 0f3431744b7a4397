import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';

test('a check that comes true late gives its value', async () => {
  let calls = 0;
  const value = await eventually(() => {
    calls += 1;
    return calls === 3 ? 'there' : undefined;
  });
  expect(value).toBe('there');
});

test('a check that never comes true fails with its own last error', async () => {
  const check = () => {
    throw new Error('still wrong');
  };
  await expect(eventually(check, { deadlineMs: 30 })).rejects.toThrow('still wrong');
});

test('zero and the empty text count as come true', async () => {
  expect(await eventually(() => 0)).toBe(0);
  expect(await eventually(() => '')).toBe('');
});
