import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from '../src/platform/db/database.ts';
import type { Channel } from '../src/platform/delivery/channel.ts';
import { createQueueMessage } from '../src/platform/delivery/create-queue-message.ts';
import { createMessageBox } from '../src/platform/delivery/message-box.ts';
import { openPersonalData } from '../src/platform/personal-data/open-personal-data.ts';

let app: TestApp;
let queue: ReturnType<typeof createQueueMessage>;
const valley = { institutionId: '00042', name: 'Sample Valley Credit Union' };
const harbor = { institutionId: '00077', name: 'Example Harbor Bank' };

beforeAll(async () => {
  app = await createTestApp({ runsJobs: true });
  queue = createQueueMessage(createMessageBox(app.keyRing, openPersonalData(app.database.sql, app.keyRing)));
});
afterAll(() => app.close());

async function send(recipient: string, passcode: string, channel: Channel = 'SMS', institution = valley): Promise<string> {
  const message = {
    institution,
    now: new Date(),
    channel,
    recipient,
    template: 'passcode',
    values: { passcode, minutes: '10' },
  } as const;
  const { value } = await app.database.sql.begin(async (tx: Tx) => ({ value: await queue(tx, message) }));
  return value;
}

function get(path: string, query: Readonly<Record<string, string>>, key = app.sandbox.sandboxKey) {
  return app.http.inject({ method: 'GET', url: path, query, headers: { 'x-sandbox-key': key } });
}

test('a test waits for its message and reads the passcode, without knowing where the message is', async () => {
  const waiting = get('/sandbox/v1/inbox/wait', { to: '+12015550101', timeoutMs: '10000' });
  const messageId = await send('+12015550101', '111222');
  const answer = await waiting;
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    messageId,
    institutionId: '00042',
    channel: 'SMS',
    to: '+12015550101',
    passcode: '111222',
    template: 'passcode',
    text: expect.stringContaining('111222'),
  });
});

test('a message that is there already is answered at once', async () => {
  await send('+12015550102', '222333');
  expect((await get('/sandbox/v1/inbox/wait', { to: '+12015550102' })).statusCode).toBe(200);
  const start = performance.now();
  const answer = await get('/sandbox/v1/inbox/wait', { to: '+12015550102', timeoutMs: '25000' });
  expect(answer.json()).toMatchObject({ passcode: '222333' });
  expect(performance.now() - start).toBeLessThan(12_500);
});

test('whoever waits is woken by the message itself, not by the next look', async () => {
  const delays: number[] = [];
  for (let turn = 0; turn < 15; turn += 1) {
    const to = `+1201555030${turn}`;
    const waiting = app.inbox.wait({ institutionIds: ['00042'], to, timeoutMs: 10_000 });
    const start = performance.now();
    await send(to, '123456');
    expect(await waiting).toBeDefined();
    delays.push(performance.now() - start);
  }
  delays.sort((one, other) => one - other);
  // The next look is a second away.
  expect(delays[7]).toBeLessThan(600);
});

test.each(['+1 (201) 555-0103', '12015550103', '2015550103', ' 12015550103'])(
  'a phone number may be written as %s',
  async (to) => {
    await send('+12015550103', '333444');
    expect((await get('/sandbox/v1/inbox/wait', { to })).json()).toMatchObject({ passcode: '333444' });
  },
);

test('the list is filtered by recipient, channel, institution and time, newest first and bounded', async () => {
  const start = new Date().toISOString();
  await send('list@example.com', '100001', 'EMAIL');
  await app.inbox.wait({ institutionIds: ['00042'], to: 'list@example.com', contains: '100001' });
  await send('List@Example.com', '100002', 'EMAIL');
  await send('+12015550104', '100003', 'VOICE', harbor);
  await app.inbox.wait({ institutionIds: ['00042'], to: 'list@example.com', contains: '100002' });
  await app.inbox.wait({ institutionIds: ['00077'], to: '+12015550104' });
  const codes = async (query: Readonly<Record<string, string>>): Promise<string[]> => {
    const body: { messages: { passcode: string }[] } = (await get('/sandbox/v1/inbox', query)).json();
    return body.messages.map(({ passcode }) => passcode);
  };
  expect(await codes({ to: 'LIST@example.com' })).toEqual(['100002', '100001']);
  expect(await codes({ to: 'list@example.com', limit: '1' })).toEqual(['100002']);
  expect(await codes({ channel: 'VOICE', since: start })).toEqual(['100003']);
  expect(await codes({ institutionId: '00077' })).toEqual(['100003']);
  expect(await codes({ to: 'nobody@example.com' })).toEqual([]);
  expect(await codes({ since: '2099-01-01T00:00:00Z' })).toEqual([]);
});

test('when the time is over the answer says so', async () => {
  const answer = await get('/sandbox/v1/inbox/wait', { to: 'nobody@example.com', timeoutMs: '50' });
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toEqual({ code: 'SBX_20005', message: 'no such message arrived in time' });
  await send('+12015550105', '555666');
  const other = await get('/sandbox/v1/inbox/wait', { to: '+12015550105', contains: 'not in it', timeoutMs: '50' });
  expect(other.statusCode).toBe(404);
});

test.each([
  ['/sandbox/v1/inbox', { limit: '0' }],
  ['/sandbox/v1/inbox', { limit: '101' }],
  ['/sandbox/v1/inbox', { channel: 'PIGEON' }],
  ['/sandbox/v1/inbox', { since: 'yesterday' }],
  ['/sandbox/v1/inbox/wait', { timeoutMs: '30001' }],
  ['/sandbox/v1/inbox/wait', { timeoutMs: '-1' }],
])('%s refuses %o', async (path, query) => {
  expect((await get(path, query)).json()).toMatchObject({ code: 'SBX_10004' });
});

test.each(['/sandbox/v1/inbox', '/sandbox/v1/inbox/wait', '/inbox/events'])(
  '%s tells nothing without the sandbox key',
  async (path) => {
    expect((await get(path, {}, 'wrong')).statusCode).toBe(401);
  },
);

test('an unknown institution is named as such', async () => {
  expect((await get('/sandbox/v1/inbox', { institutionId: '99999' })).json()).toMatchObject({ code: 'SBX_20001' });
});

test('a reset of the institution empties its inbox', async () => {
  await send('+12015550106', '666777', 'SMS', harbor);
  await app.inbox.wait({ institutionIds: ['00077'], to: '+12015550106' });
  const reset = await app.http.inject({
    method: 'POST',
    url: '/sandbox/v1/institutions/00077:reset',
    headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
  });
  expect(reset.statusCode).toBe(204);
  expect((await get('/sandbox/v1/inbox', { institutionId: '00077' })).json()).toEqual({ messages: [] });
});

test('production has no inbox', async () => {
  const production = await createTestApp({ sharedWith: app, mode: 'production' });
  for (const url of ['/inbox', '/inbox/events', '/sandbox/v1/inbox', '/sandbox/v1/inbox/wait']) {
    const answer = await production.http.inject({ method: 'GET', url, headers: { 'x-sandbox-key': app.sandbox.sandboxKey } });
    expect(answer.statusCode).toBe(404);
  }
  await production.close();
});
