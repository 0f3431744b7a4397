import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SetupError } from '../db/setup-error.ts';
import { readOrMakeMasterKey } from './master-key-file.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'master-key-test-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('the first start makes a key that only its owner can read, and later starts find the same', async () => {
  const data = join(directory, 'not', 'yet', 'there');
  const made = await readOrMakeMasterKey(data);
  expect(made).toHaveLength(32);
  expect((await stat(join(data, 'master.key'))).mode & 0o777).toBe(0o600);
  expect((await stat(data)).mode & 0o777).toBe(0o700);
  expect(await readOrMakeMasterKey(data)).toEqual(made);
});

test('starts at the same time agree on one key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => readOrMakeMasterKey(directory)));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
});

test('a file that is no key is named, and not replaced', async () => {
  const file = join(directory, 'master.key');
  await writeFile(file, 'too short');
  await expect(readOrMakeMasterKey(directory)).rejects.toThrow(SetupError);
  await expect(readOrMakeMasterKey(directory)).rejects.toThrow(file);
  expect(await readFile(file, 'utf8')).toBe('too short');
});
