import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openbranch-log-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the log is JSON lines with a time, without what its level leaves out, and without secrets by name', async () => {
  const file = join(folder, 'new', 'openbranch.log');
  const log = createLogger({ level: 'info', file });
  log.debug('not this');
  log.info({ operation: 'x', token: 'a-token', request: { authorization: 'Bearer b', password: 'c', name: 'd' } }, 'done');
  await new Promise<void>((resolve) => log.flush(() => resolve()));
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
    operation: 'x',
    token: '[redacted]',
    request: { authorization: '[redacted]', password: '[redacted]', name: 'd' },
    msg: 'done',
  });
});

test('metrics count requests, grants and sign-ins, and read what they watch when they are fetched', async () => {
  const metrics = createMetrics();
  metrics.requestEnded('unlockUser', 204, 0.004);
  metrics.requestEnded('unlockUser', 204, 0.004);
  metrics.tokenGranted('v2', 'password');
  metrics.signInEnded('locked');
  let value = 1;
  metrics.watch('openbranch_watched', 'A value', () => value);
  value = 7;
  const text = await metrics.registry.metrics();
  for (const line of [
    'openbranch_requests_total{operation="unlockUser",status="204"} 2',
    'openbranch_request_seconds_bucket{le="0.005",operation="unlockUser"} 2',
    'openbranch_request_seconds_bucket{le="0.0025",operation="unlockUser"} 0',
    'openbranch_token_grants_total{edition="v2",grant="password"} 1',
    'openbranch_sign_ins_total{outcome="locked"} 1',
    'openbranch_watched 7',
  ])
    expect(text).toContain(line);
});
