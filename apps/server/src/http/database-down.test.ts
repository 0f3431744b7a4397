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

const opaqueId = 'a'.repeat(43);

test('without a database: a row of the family and Retry-After where it has one, else 500 with a reference; what needs none still works', async () => {
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
  const transfer = {
    ...{ fromAccountHolderId: pat.customerId, fromAccountId: opaqueId },
    ...{ toAccountHolderId: pat.customerId, toAccountId: 'b'.repeat(43), amount: { amount: 1 } },
  };
  const user = `loginId=${pat.loginId}`;
  const asked = [
    ['GET', `/v1/accounts?${user}`, 'ACC_00300'],
    ['GET', `/v1/transactions?${user}&accountId=${opaqueId}&startDate=2026-01-01`, 'TXN_99999'],
    [
      'GET',
      `/v1/banking-images?${user}&accountId=${opaqueId}&imageType=CHECK&transactionImageNumber=1&date=2026-01-02`,
      'BIS_99999',
    ],
    ['GET', '/v1/institution-disclosures', 'DSC_99999'],
    ['GET', `/v1/recipients?${user}`, 'REC_99999'],
    ['POST', `/v1/transfers?${user}`, 'TFR_10001'],
  ] as const;
  for (const [method, path, code] of asked) {
    const answer = await api.withToken(token, method, path, {
      ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(transfer) }),
    });
    expect(answer.json()).toEqual({ code, message: 'the service does not answer at this moment, try again' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([500, '1']);
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
