import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
  pat = api.customer({ state: 'active' });
});
afterAll(() => app.close());

test('UXU_30001: a connection that is cut while it works answers 503, and the next call works', async () => {
  const { sql } = app.database;
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`lock table credentials in access exclusive mode`;
  const waiting = api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`).then((answer) => answer);
  await eventually(async () => {
    const cut = await holder`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;
    return cut.length > 0;
  });
  const answer = await waiting;
  await holder`rollback`;
  holder.release();
  expect(await refusalOf(Promise.resolve(answer))).toEqual([503, 'UXU_30001']);
  expect(answer.headers['retry-after']).toBe('1');
  expect((await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`)).statusCode).toBe(200);
});

test('without a database: 503 where the family has a row for it, else 500 with a reference; what needs none still works', async () => {
  expect((await api.call('GET', '/health/ready')).json()).toEqual({ status: 'ready' });
  await app.database.sql.end({ timeout: 0 });

  for (const [method, path] of [
    ['GET', `/v1/customers/${pat.customerId}`],
    ['PUT', `/v1/customers/${pat.customerId}:unlock-user`],
  ] as const) {
    const answer = await api.withToken(token, method, path);
    expect(answer.json()).toEqual({ status: 503, message: 'the user store does not answer, try again', code: 'UXU_30001' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  }
  const unexpected = [
    await api.withToken(token, 'GET', `/v1/user-status/${pat.institutionUserId}?userIdType=INSTITUTION_USER_ID`),
    await api.signIn(pat.loginId, pat.password),
    await api.signInV1(pat.loginId, pat.password),
    await api.control('POST', ':reset'),
  ];
  expect(unexpected.map(({ statusCode }) => statusCode)).toEqual([500, 500, 500, 500]);
  for (const { body } of unexpected) expect(body).toMatch(/reference [0-9a-f-]{36}/u);

  await api.partnerToken();
  expect((await api.call('GET', '/health/live')).json()).toEqual({ status: 'live' });
  const ready = await api.call('GET', '/health/ready');
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'not ready', problems: ['the database does not answer'] }]);
});
