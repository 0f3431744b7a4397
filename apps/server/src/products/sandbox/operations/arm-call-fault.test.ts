import { randomUUID } from 'node:crypto';
import { type Answer, type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let second: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let kim: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  second = await createTestApp({ sharedWith: app });
  api = createApiCaller(app);
  token = await api.partnerToken();
  const [one, two] = api.customers({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  [pat, kim] = [one, two];
});
afterEach(() => control('DELETE'));
afterAll(async () => {
  await second.close();
  await app.close();
});

function control(method: 'GET' | 'POST' | 'DELETE', body?: object, query = '', institutionId = api.institutionId) {
  return api.call(method, `/sandbox/v1/faults?institutionId=${institutionId}${query}`, {
    headers: {
      'x-sandbox-key': app.sandbox.sandboxKey,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
}

async function arm(body: object): Promise<string> {
  const answer = await control('POST', body);
  expect(answer.statusCode).toBe(201);
  return answer.json<{ faultId: string }>().faultId;
}

const armedOf = async () => (await control('GET')).json<{ callFaults: object[] }>().callFaults;
const accountsOf = (customer: Customer, of = api, bearer = token, headers = {}) =>
  of.withToken(bearer, 'GET', `/v1/accounts?loginId=${customer.loginId}`, { headers });
const faultOf = ({ headers }: Answer) => headers['x-fault'];

describe('an armed refusal', () => {
  test.each([
    ['BIS_20001', 'listBankingImages', '/v1/banking-images', 500],
    ['ACC_00002', 'listAccounts', '/v1/accounts', 401],
    ['TXN_88888', 'listTransactions', '/v1/transactions', 500],
    ['tokenInvalid', 'listAccounts', '/v1/accounts', 401, 'ACC_00601'],
    ['spikeExceeded', 'listTransactions', '/v1/transactions', 500, 'CMN_90002'],
  ])(
    '%s of %s is answered with its status and code, its fault and the trace id, as often as was wished',
    async (error, operation, path, status, code = error) => {
      const faultId = await arm({ operation, effect: 'ERROR', error, count: 1 });
      const transactionId = randomUUID();
      const call = () => api.withToken(token, 'GET', `${path}?loginId=${pat.loginId}`, { headers: { transactionId } });
      const met = await call();
      expect([met.statusCode, met.json().code, faultOf(met)]).toEqual([status, code, faultId]);
      expect(Object.keys(met.json())).toEqual(['code', 'message']);
      expect(met.headers['transactionid']).toBe(transactionId);
      expect(faultOf(await call())).toBeUndefined();
      expect(await armedOf()).toEqual([]);
    },
  );

  test('is in the envelope of its family: the XML of transfers and of V1, the status of E2', async () => {
    const legacy = await api.legacyToken();
    await arm({ effect: 'ERROR', error: 'unexpected' });
    const transfer = await api.withToken(token, 'POST', `/v1/transfers?loginId=${pat.loginId}`, {
      headers: { accept: 'application/xml', 'content-type': 'application/json' },
      payload: '{}',
    });
    expect(transfer.body).toMatch(/^<\?xml.*<ErrorResponse.*<code>TFR_10001<\/code>/su);
    const profile = await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`);
    expect(profile.json()).toMatchObject({ status: 500, code: 'UXU_99998' });
    const customer = await api.call(
      'GET',
      `/bankingservices/v2/fis/${api.institutionId}/fiCustomers/${pat.customerId}/accounts`,
      {
        headers: { authorization: `Bearer ${legacy}`, di_tid: randomUUID() },
      },
    );
    expect([customer.statusCode, faultOf(customer) === undefined]).toEqual([500, false]);
    expect(customer.body).toContain('<errorCode>10001</errorCode>');
  });

  test('has the form that a switch wants, and a quota row says when to come back', async () => {
    await arm({ operation: 'listAccounts', effect: 'ERROR', error: 'quotaExceeded' });
    await withSwitch(app, api.institutionId, 'quota.http', ['429', '500'], async () => {
      const met = await accountsOf(pat);
      expect([met.statusCode, met.json().code, met.headers['retry-after']]).toEqual([429, 'CMN_90001', '1']);
    });
  });

  test('comes after the token: one that is wrong is refused as ever', async () => {
    await arm({ effect: 'ERROR', error: 'unexpected', count: 1 });
    expect(await refusalOf(accountsOf(pat, api, 'nonsense'))).toEqual([401, 'ACC_00601']);
    expect(await armedOf()).toMatchObject([{ remaining: 1 }]);
    expect(await refusalOf(accountsOf(pat, api, token, { transactionId: undefined }))).toEqual([500, 'ACC_99999']);
  });

  test('of the token call is met with good keys, and counts no failed sign-in', async () => {
    const faultId = await arm({ operation: 'requestToken', effect: 'ERROR', error: 'CMN_90015', count: 4 });
    expect(await refusalOf(api.call('POST', '/oauth2/v1/token', { payload: '' }))).not.toEqual([401, 'CMN_90015']);
    for (const _ of [1, 2, 3, 4]) {
      const met = await api.signIn(pat.loginId, pat.password);
      expect([met.statusCode, met.json().code, faultOf(met)]).toEqual([401, 'CMN_90015', faultId]);
    }
    expect((await api.signIn(pat.loginId, pat.password)).statusCode).toBe(200);
  });
});

describe('a fault is met only by', () => {
  const fails = { operation: 'listAccounts', effect: 'ERROR', error: 'ACC_00002' };

  test('calls of its institution', async () => {
    await arm(fails);
    const other = createApiCaller(app, 1);
    const unhurt = await accountsOf(other.customer({ state: 'active' }), other, await other.partnerToken());
    expect([unhurt.statusCode, faultOf(unhurt)]).toEqual([200, undefined]);
    expect((await accountsOf(pat)).statusCode).toBe(401);
  });

  test('calls of its operation', async () => {
    await arm(fails);
    expect(faultOf(await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`))).toBeUndefined();
  });

  test('calls of its application', async () => {
    await arm({ ...fails, callerClientId: api.application('mobile').clientId });
    expect(faultOf(await accountsOf(pat))).toBeUndefined();
    expect(faultOf(await accountsOf(pat, api, await api.userToken(pat)))).toBeDefined();
  });

  test('calls that name its user, or have a token of that user', async () => {
    await arm({ ...fails, user: pat.loginId });
    expect([faultOf(await accountsOf(pat)) === undefined, faultOf(await accountsOf(kim))]).toEqual([false, undefined]);
    await control('DELETE');
    await arm({ ...fails, user: pat.institutionUserId });
    expect(faultOf(await accountsOf(pat))).toBeUndefined();
    expect(faultOf(await accountsOf(pat, api, await api.userToken(pat)))).toBeDefined();
    expect(faultOf(await accountsOf(kim, api, await api.userToken(kim)))).toBeUndefined();
  });

  test('operations that have such a refusal, when none is named', async () => {
    await arm({ effect: 'ERROR', error: 'ACC_00002' });
    expect(faultOf(await api.withToken(token, 'GET', `/v1/customers/${pat.customerId}`))).toBeUndefined();
    expect(faultOf(await accountsOf(pat))).toBeDefined();
  });
});

test('a transfer that meets a fault moves no money and leaves no trace id behind: sent again it is made once', async () => {
  const accounts = createTestAccounts(app, api.institutionId);
  const [from, to] = [await accounts.open(pat.memberNumber), await accounts.open(pat.memberNumber)];
  await accounts.book(from, { amountMinor: 10_000n, on: '2026-01-05' });
  const balanceOf = async () =>
    (
      await app.database.sql`select ledger_minor from account_balances
        where institution_id = ${api.institutionId} and account_key = ${from.accountKey}`
    )[0];
  const headers = { transactionId: randomUUID() };
  const body = {
    fromAccountHolderId: pat.customerId,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    amount: { amount: 25, currencyCode: 'USD' },
  };
  const send = () => createMoneyCalls(api, token).transfer(pat, body, { headers });
  for (const effect of [{ effect: 'ERROR', error: 'TFR_10001' }, { effect: 'MALFORMED' }]) {
    await arm({ operation: 'createTransfer', ...effect, count: 1 });
    expect(faultOf(await send())).toBeDefined();
    expect(await balanceOf()).toEqual({ ledger_minor: 10_000n });
    expect(await app.database.sql`select 1 from replays where trace_id = ${headers.transactionId}`).toHaveLength(0);
  }
  const made = await send();
  expect([made.statusCode, made.headers['x-replayed']]).toEqual([200, undefined]);
  expect(await balanceOf()).toEqual({ ledger_minor: 7_500n });
});

test('exactly as many calls as were wished meet it, however many come at once to two processes', async () => {
  await arm({ operation: 'listAccounts', effect: 'ERROR', error: 'ACC_00002', count: 7 });
  await arm({ operation: 'getCustomer', effect: 'ERROR', error: 'unexpected' });
  const elsewhere = createApiCaller(second);
  const isKnown = async () => faultOf(await elsewhere.withToken(token, 'GET', `/v1/customers/${pat.customerId}`)) !== undefined;
  await eventually(isKnown);
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => accountsOf(pat, index % 2 === 0 ? api : elsewhere)));
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(7);
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(23);
  await control('DELETE');
  await eventually(async () => !(await isKnown()));
});

test('of several the one that was armed first is met first', async () => {
  await arm({ operation: 'listAccounts', effect: 'ERROR', error: 'ACC_00002', count: 1 });
  await arm({ operation: 'listAccounts', effect: 'ERROR', error: 'ACC_00501', count: 1 });
  const codes = [await accountsOf(pat), await accountsOf(pat), await accountsOf(pat)].map((answer) => answer.json().code);
  expect(codes).toEqual(['ACC_00002', 'ACC_00501', undefined]);
});

test('a delayed call is answered after one that came later, and rightly', async () => {
  const order: string[] = [];
  const faultId = await arm({ operation: 'listAccounts', user: pat.loginId, effect: 'DELAY', delayMs: 1500 });
  const [slow] = await Promise.all([
    accountsOf(pat).then((answer) => {
      order.push('delayed');
      return answer;
    }),
    accountsOf(kim).then(() => order.push('other')),
  ]);
  expect([slow.statusCode, faultOf(slow), order]).toEqual([200, faultId, ['other', 'delayed']]);
});

test('a malformed answer is a success that nobody can read, JSON or XML', async () => {
  await arm({ effect: 'MALFORMED' });
  const accounts = await accountsOf(pat);
  expect(accounts.headers['content-type']).toBe('application/json; charset=utf-8');
  expect([accounts.statusCode, accounts.body]).toEqual([200, '{"']);
  const unlocked = await api.withToken(token, 'PUT', `/v1/customers/${pat.customerId}:unlock-user`);
  expect([unlocked.statusCode, unlocked.body]).toEqual([200, '{"']);
  const legacy = await api.signInV1(pat.loginId, pat.password);
  expect([legacy.statusCode, legacy.body]).toEqual([200, '<']);
});

test('a cut connection ends without an answer, and the next call is answered', async () => {
  const baseUrl = await app.http.listen({ host: '127.0.0.1', port: 0 });
  await arm({ operation: 'listAccounts', effect: 'CUT', count: 1 });
  const call = () =>
    fetch(`${baseUrl}/v1/accounts?loginId=${pat.loginId}`, {
      headers: { authorization: `Bearer ${token}`, transactionId: randomUUID() },
    });
  await expect(call()).rejects.toThrow();
  expect((await call()).status).toBe(200);
});

test('faults are listed, ended one by one or all at once, and by a reset', async () => {
  const fault = {
    operation: 'listAccounts',
    user: pat.loginId,
    callerClientId: 'some',
    effect: 'ERROR',
    error: 'ACC_00002',
    count: 3,
  };
  const { count, ...shown } = fault;
  const faultId = await arm(fault);
  const { institutionId } = api;
  expect(await armedOf()).toEqual([{ faultId, institutionId, ...shown, remaining: count }]);
  const other = await arm({ effect: 'DELAY' });
  expect((await control('DELETE', undefined, `&faultId=${faultId}`)).statusCode).toBe(204);
  expect(await armedOf()).toEqual([{ faultId: other, institutionId, effect: 'DELAY', delayMs: 2000 }]);
  expect((await control('DELETE', undefined, '&channel=SMS')).statusCode).toBe(204);
  expect(await armedOf()).toHaveLength(1);
  expect((await control('DELETE')).statusCode).toBe(204);
  expect(await armedOf()).toEqual([]);

  await arm({ operation: 'listAccounts', effect: 'ERROR', error: 'ACC_00002' });
  expect((await api.control('POST', ':reset')).statusCode).toBe(204);
  expect(await armedOf()).toEqual([]);
  expect((await accountsOf(pat)).statusCode).toBe(200);
});

test('production has no such faults: none is armed, and what a sandbox left behind is not met', async () => {
  await arm({ operation: 'getCustomer', effect: 'ERROR', error: 'unexpected' });
  const production = await createTestApp({ sharedWith: app, mode: 'production' });
  const there = createApiCaller(production);
  const unhurt = await there.withToken(token, 'GET', `/v1/customers/${pat.customerId}`);
  expect([unhurt.statusCode, faultOf(unhurt)]).toEqual([200, undefined]);
  const url = `/sandbox/v1/faults?institutionId=${api.institutionId}`;
  expect((await there.call('POST', url, { headers: { 'x-sandbox-key': app.sandbox.sandboxKey } })).statusCode).toBe(404);
  await production.close();
});

describe('what fits no call is refused:', () => {
  test.each([
    ['an operation that is none', { operation: 'nothing', effect: 'CUT' }],
    ['the control of the sandbox itself', { operation: 'disarmFaults', effect: 'CUT' }],
    ['a code of another family', { operation: 'listAccounts', effect: 'ERROR', error: 'BIS_20001' }],
    ['an error that is none', { effect: 'ERROR', error: 'constructor' }],
    ['ERROR without error', { effect: 'ERROR' }],
    ['an error without ERROR', { effect: 'CUT', error: 'ACC_00002' }],
    ['a delay without DELAY', { effect: 'CUT', delayMs: 5 }],
  ])('SBX_20014 400: %s', async (_, body) => expect(await refusalOf(control('POST', body))).toEqual([400, 'SBX_20014']));

  test.each([{ effect: 'OTHER' }, { effect: 'CUT', count: 0 }, { effect: 'DELAY', delayMs: 25_001 }, {}])(
    'SBX_10002 400: %j',
    async (body) => expect(await refusalOf(control('POST', body))).toEqual([400, 'SBX_10002']),
  );

  test('SBX_20001 404: an institution that is none', async () =>
    expect(await refusalOf(control('POST', { effect: 'CUT' }, '', '99999'))).toEqual([404, 'SBX_20001']));

  test('SBX_20015 409: a fault beside 100 others', async () => {
    await app.database.sql`
      insert into call_faults (institution_id, fault_id, client_id, effect)
      select ${api.institutionId}, gen_random_uuid(), 'nobody', 'CUT' from generate_series(1, 100)`;
    expect(await refusalOf(control('POST', { effect: 'CUT' }))).toEqual([409, 'SBX_20015']);
  });
});
