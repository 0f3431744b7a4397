import { randomUUID } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import {
  getUserStatus,
  introspectToken,
  requestToken,
  requestTokenV1,
  revokeToken,
  tokensOf,
} from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
/** Applications that have a quota of so many calls a day; each test takes one of its own. */
const withQuota: Record<'ten' | 'two' | 'one' | 'switched' | 'daily' | 'hundred' | 'careful', ApplicationKeys[]> = {
  ten: [],
  two: [],
  one: [],
  switched: [],
  daily: [],
  hundred: [],
  careful: [],
};
let spiky: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      const institution_ids = ['00042', '00077'];
      const quotas = { ten: 10, two: 2, one: 1, switched: 1, daily: 1, hundred: 100, careful: 2 };
      const make = (quota_per_day: number) => insertApplication(sql, keyRing, { quota_per_day, institution_ids });
      withQuota.ten = [await make(quotas.ten)];
      withQuota.two = [await make(quotas.two)];
      withQuota.one = [await make(quotas.one)];
      withQuota.switched = [await make(quotas.switched)];
      withQuota.daily = [await make(quotas.daily)];
      withQuota.hundred = [await make(quotas.hundred)];
      withQuota.careful = [await make(quotas.careful)];
      spiky = await insertApplication(sql, keyRing, { spike_per_second: 3, institution_ids });
    },
  });
});

afterAll(() => app.close());

function keysOf(name: keyof typeof withQuota): ApplicationKeys {
  const [keys] = withQuota[name];
  if (keys === undefined) throw new Error(`There is no application ${name}.`);
  return keys;
}

const form = { grant_type: 'client_credentials' };

function getCustomer(accessToken: string) {
  const headers = { authorization: `Bearer ${accessToken}`, correlationId: randomUUID() };
  return app.http.inject({ url: `/v1/customers/${'0'.repeat(32)}`, headers });
}

const legacyRefusal = (code: string, message: string) => `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>${message}</statusMessage>
    <errorInfo>
        <errorType>SYSTEM_ERROR</errorType>
        <errorCode>${code}</errorCode>
        <errorMessage>${message}</errorMessage>
    </errorInfo>
</Status>
`;

test('one quota counts token calls of both editions and resource calls; then T1, T2 and bearer calls of every family answer 500 CMN_90001, T5 500 91000', async () => {
  const keys = keysOf('ten');
  const { accessToken } = await tokensOf(requestToken(app.http, keys, form));
  const legacy = await requestTokenV1(app.http, keys, form);
  expect(legacy.statusCode).toBe(200);
  for (let call = 0; call < 4; call += 1) expect((await getUserStatus(app.http, accessToken)).statusCode).toBe(404);
  for (let call = 0; call < 4; call += 1) expect((await getCustomer(accessToken)).statusCode).toBe(404);
  const refused = [
    await requestToken(app.http, keys, form),
    await revokeToken(app.http, keys, accessToken, { headers: { institutionId: '00042' } }),
    await getUserStatus(app.http, accessToken),
    await getCustomer(accessToken),
  ];
  for (const answer of refused) {
    expect([answer.statusCode, answer.body]).toEqual([500, '{"code":"CMN_90001","message":"quota limit violation"}']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(90_000);
    expect(answer.headers).toMatchObject({ 'x-quota-limit': '10', 'x-quota-remaining': '0' });
    expect(answer.headers['x-quota-reset']).toBe(answer.headers['retry-after']);
  }
  const refusedV1 = await requestTokenV1(app.http, keys, form);
  expect([refusedV1.statusCode, refusedV1.body]).toEqual([500, legacyRefusal('91000', 'Quota limit violation')]);
  expect(Number(refusedV1.headers['retry-after'])).toBeGreaterThan(0);
});

test('what is refused earlier is not counted: wrong keys, a missing trace header', async () => {
  const keys = keysOf('careful');
  for (let call = 0; call < 10; call += 1) {
    expect((await requestToken(app.http, { ...keys, clientSecret: 'wrong' }, form)).statusCode).toBe(401);
    expect((await requestToken(app.http, keys, form, { headers: { transactionId: undefined } })).statusCode).toBe(400);
  }
  expect((await requestToken(app.http, keys, form)).statusCode).toBe(200);
  expect((await requestToken(app.http, keys, form)).statusCode).toBe(200);
  expect((await requestToken(app.http, keys, form)).statusCode).toBe(500);
});

test('a used-up quota answers before the body, the scope and the trace header of a resource call are looked at', async () => {
  const keys = keysOf('two');
  const { accessToken } = await tokensOf(requestToken(app.http, keys, { ...form, scopes: 'institution-users:write' }));
  expect((await getUserStatus(app.http, accessToken)).json()).toMatchObject({ code: 'ISR_11003' });
  const noForm = await requestToken(app.http, keys, form, { headers: { 'content-type': 'text/plain' } });
  expect(noForm.json()).toMatchObject({ code: 'CMN_90001' });
  const authorization = `Bearer ${accessToken}`;
  const bare = await app.http.inject({ url: `/v1/user-status/${'0'.repeat(32)}`, headers: { authorization } });
  expect(bare.json()).toMatchObject({ code: 'CMN_90001' });
  // What a token is worth is still told first.
  expect((await getUserStatus(app.http, 'nonsense')).json()).toMatchObject({ code: 'ISR_11002' });
});

test('each institution has a quota of its own, and calls that name none are not counted for any', async () => {
  const keys = keysOf('one');
  const status = async (institutionId: string) =>
    (await requestToken(app.http, keys, form, { headers: { institutionId } })).statusCode;
  expect([await status('00042'), await status('00042'), await status('00077'), await status('00077')]).toEqual([
    200, 500, 200, 500,
  ]);
  for (let call = 0; call < 3; call += 1) expect((await introspectToken(app.http, keys, 'x')).statusCode).toBe(200);
});

test('switches change code and status: v1.quota_code (CR-14) and quota.http (CR-49)', async () => {
  const keys = keysOf('switched');
  const { accessToken } = await tokensOf(requestToken(app.http, keys, form));
  await withSwitch(app, '00042', 'v1.quota_code', ['90001', '91000'], async () => {
    const answer = await requestTokenV1(app.http, keys, form);
    expect([answer.statusCode, answer.body]).toEqual([500, legacyRefusal('90001', 'Quota limit violation')]);
  });
  await withSwitch(app, '00042', 'quota.http', ['429', '500'], async () => {
    const answers = [
      await requestToken(app.http, keys, form),
      await requestTokenV1(app.http, keys, form),
      await getUserStatus(app.http, accessToken),
      await getCustomer(accessToken),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 429, 429, 429]);
    expect(answers[0]?.json()).toMatchObject({ code: 'CMN_90001' });
  });
});

test("the quota begins anew at the institution's midnight", async () => {
  const keys = keysOf('daily');
  const call = () => requestToken(app.http, keys, form, { headers: { institutionId: '00077' } });
  expect((await call()).statusCode).toBe(200);
  const refused = await call();
  expect(refused.statusCode).toBe(500);
  await advanceClock(app, '00077', Number(refused.headers['retry-after']));
  expect([(await call()).statusCode, (await call()).statusCode]).toEqual([200, 500]);
});

test('a second process refuses what the first has used up, a second later at most', async () => {
  const keys = keysOf('hundred');
  const second = await createTestApp({ sharedWith: app });
  for (let call = 0; call < 100; call += 1) expect((await requestToken(app.http, keys, form)).statusCode).toBe(200);
  let calls = 0;
  await eventually(
    async () => {
      calls += 1;
      return (await requestToken(second.http, keys, form)).statusCode === 500;
    },
    { deadlineMs: 5000, pauseMs: 100 },
  );
  expect(calls).toBeLessThan(50);
  await second.close();
});

test('calls that come too fast: T1, T2 and bearer calls 500 CMN_90002, T5 500 92000, with Retry-After; a second later they pass', async () => {
  const { accessToken } = await tokensOf(requestToken(app.http, spiky, form));
  const refusedOf = async (call: () => ReturnType<typeof requestToken>) =>
    (await Promise.all(Array.from({ length: 12 }, call))).filter(({ statusCode }) => statusCode === 500);
  const byCall = [
    await refusedOf(() => requestToken(app.http, spiky, form)),
    await refusedOf(() => revokeToken(app.http, spiky, 'x', { headers: { institutionId: '00042' } })),
    await refusedOf(() => getUserStatus(app.http, accessToken)),
    await refusedOf(() => getCustomer(accessToken)),
  ];
  for (const refused of byCall) {
    // Twelve calls fall into two seconds at most, of three each.
    expect(refused.length).toBeGreaterThanOrEqual(6);
    for (const answer of refused) {
      expect(answer.body).toBe('{"code":"CMN_90002","message":"spike limit violation"}');
      expect(answer.headers['retry-after']).toBe('1');
    }
  }
  const [legacy] = await refusedOf(() => requestTokenV1(app.http, spiky, form));
  expect(legacy?.body).toBe(legacyRefusal('92000', 'Spike arrest violation'));
  await eventually(async () => (await requestToken(app.http, spiky, form)).statusCode === 200);
});
