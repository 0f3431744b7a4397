import { randomUUID } from 'node:crypto';
import { family } from '@openbranch/contract/family';
import { operation } from '@openbranch/contract/operation';
import { type Answer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { route } from './route.ts';

const failures = { traceMissing: 'traceInvalid', traceMalformed: 'traceInvalid', bodyInvalid: 'bodyInvalid' } as const;
const bearer = { authorizationMissing: 'refused', authorizationMalformed: 'refused', tokenInvalid: 'refused' } as const;

/** A family and operations of this test, as a later product would declare them. */
const paymentFamily = family({
  name: 'TST',
  title: 'Test payments',
  authentication: 'bearer',
  edition: 'v2',
  checks: 'bearer-calls',
  trace: { header: 'transactionId', form: 'text', isRequired: true },
  envelope: 'code-message',
  errors: {
    refused: { status: 401, code: 'TST_1', message: 'no token', kind: 'L' },
    traceInvalid: { status: 400, code: 'TST_2', message: 'no trace id', kind: 'L' },
    bodyInvalid: { status: 400, code: 'TST_3', message: 'bad body', kind: 'L' },
    noFunds: { status: 400, code: 'TST_4', message: 'no funds', kind: 'L' },
    inFlight: { status: 409, code: 'TST_5', message: 'still running', kind: 'L' },
    unexpected: { status: 500, code: 'TST_6', message: 'unexpected', kind: 'F' },
  },
  failures: { ...failures, ...bearer, replayInFlight: 'inFlight', unexpected: 'unexpected' },
});

const payment = {
  product: 'customers',
  summary: 'Pay',
  description: 'Pays.',
  family: paymentFamily,
  scopes: [],
  method: 'POST',
  body: Type.Object({ note: Type.String(), extra: Type.Optional(Type.String()) }),
  bodyFormat: 'json',
  errors: ['noFunds'],
  hasReplayGuard: true,
  example: {},
} as const;
const createPayment = operation({
  ...payment,
  id: 'createPayment',
  path: '/v1/test-payments',
  aliases: ['/test/v1/test-payments'],
  success: { status: 201, body: Type.Object({ paymentId: Type.String() }) },
});
const createPaymentXml = operation({
  ...payment,
  id: 'createPaymentXml',
  path: '/v1/test-payments-xml',
  success: { status: 200, body: Type.Object({ paymentId: Type.String() }), xmlRoot: 'payment' },
});
const cancelPayments = operation({
  ...payment,
  id: 'cancelPayments',
  path: '/v1/test-payments:cancel',
  success: { status: 204 },
});

/** Whoever holds this lock holds every payment that runs. */
const gate = 4711;

const pay = route(createPayment).handle((call) =>
  call.write(async (write) => {
    const paymentId = randomUUID();
    const { institutionId } = call.institution;
    await write.sql`insert into payments values (${institutionId}, ${paymentId}, ${call.body.note})`;
    await write.sql`select pg_advisory_xact_lock_shared(${gate})`;
    if (call.body.note === 'no funds') throw call.error('noFunds');
    if (call.body.note === 'bug') throw new Error('a bug');
    return { paymentId };
  }),
);
const payXml = route(createPaymentXml).handle((call) =>
  call.write(async (write) => {
    const paymentId = randomUUID();
    await write.sql`insert into payments values (${call.institution.institutionId}, ${paymentId}, ${call.body.note})`;
    return { paymentId };
  }),
);
const cancel = route(cancelPayments).handle((call) =>
  call.write(async (write) => {
    await write.sql`insert into payments values (${call.institution.institutionId}, 'cancelled', ${call.body.note})`;
  }),
);

let app: TestApp;
let second: TestApp;
let partner: string;
let other: string;
let elsewhere: string;

beforeAll(async () => {
  const extraRoutes = [pay, payXml, cancel];
  app = await createTestApp({
    extraRoutes,
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      await sql`create table payments (institution_id text, payment_id text, note text)`;
      const keys = await insertApplication(sql, keyRing, { institution_ids: ['00042', '00077'] });
      both = keys;
    },
  });
  second = await createTestApp({ sharedWith: app, extraRoutes });
  partner = await createApiCaller(app).partnerToken();
  const tokenIn = async (institutionId: string) =>
    (await tokensOf(requestToken(app.http, both, { grant_type: 'client_credentials' }, { headers: { institutionId } })))
      .accessToken;
  other = await tokenIn('00042');
  elsewhere = await tokenIn('00077');
});
let both = { clientId: '', clientSecret: '' };
beforeEach(async () => {
  await app.database.sql`delete from payments`;
});
afterAll(async () => {
  await second.close();
  await app.close();
});

interface Payment {
  readonly trace: string;
  readonly note?: string;
  readonly body?: string;
  readonly token?: string;
  readonly url?: string;
  readonly at?: TestApp;
}

function send({ trace, note = 'rent', body, token = partner, url = '/v1/test-payments', at = app }: Payment) {
  return createApiCaller(at).withToken(token, 'POST', url, {
    headers: { transactionId: trace, 'content-type': 'application/json' },
    payload: body ?? JSON.stringify({ note }),
  });
}
const isReplay = ({ headers }: Answer) => headers['x-replayed'] === 'true';
const countPayments = async () => (await app.database.sql`select 1 from payments`).length;

test('the same call again gives the stored answer, marked, and does nothing again', async () => {
  const trace = randomUUID();
  const first = await send({ trace });
  expect([first.statusCode, isReplay(first)]).toEqual([201, false]);
  for (const url of ['/v1/test-payments', '/test/v1/test-payments', '/digitalbanking/v1/test-payments/']) {
    const again = await send({ trace, url });
    expect([again.statusCode, again.body, isReplay(again)]).toEqual([201, first.body, true]);
    expect(again.headers['transactionid']).toBe(trace);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
  }
  expect(await countPayments()).toBe(1);
});

test('another process knows it too', async () => {
  const trace = randomUUID();
  const first = await send({ trace });
  const again = await send({ trace, at: second });
  expect([again.body, isReplay(again)]).toEqual([first.body, true]);
  expect(await countPayments()).toBe(1);
});

test('the same body in other blanks, with members that are not known or null, is the same body', async () => {
  const trace = randomUUID();
  const first = await send({ trace, body: '{"note":"rent"}' });
  const again = await send({ trace, body: '{ "note" : "rent", "extra" : null }' });
  expect([again.body, isReplay(again)]).toEqual([first.body, true]);
});

test('another body with the same trace id is another call, and each has its own answer', async () => {
  const trace = randomUUID();
  const rent = await send({ trace, note: 'rent' });
  const food = await send({ trace, note: 'food' });
  expect(isReplay(food)).toBe(false);
  expect(food.body).not.toBe(rent.body);
  expect((await send({ trace, note: 'rent' })).body).toBe(rent.body);
  expect((await send({ trace, note: 'food' })).body).toBe(food.body);
  expect(await countPayments()).toBe(2);
});

test('with switch replay.strict, another body with the same trace id answers 409 and does nothing', async () => {
  const trace = randomUUID();
  await withSwitch(app, '00042', 'replay.strict', [true, false], async () => {
    const rent = await send({ trace, note: 'rent' });
    expect((await send({ trace, note: 'food' })).statusCode).toBe(409);
    expect((await send({ trace, note: 'rent' })).body).toBe(rent.body);
  });
  expect(await countPayments()).toBe(1);
});

test('another trace id is another call', async () => {
  expect(isReplay(await send({ trace: randomUUID() }))).toBe(false);
  expect(isReplay(await send({ trace: randomUUID() }))).toBe(false);
  expect(await countPayments()).toBe(2);
});

test('another application, institution or operation has a key of its own', async () => {
  const trace = randomUUID();
  for (const token of [partner, other, elsewhere]) expect(isReplay(await send({ trace, token }))).toBe(false);
  expect(isReplay(await send({ trace, url: '/v1/test-payments:cancel' }))).toBe(false);
  expect(await countPayments()).toBe(4);
  for (const token of [partner, other, elsewhere]) expect(isReplay(await send({ trace, token }))).toBe(true);
  expect(await countPayments()).toBe(4);
});

test('answers without a body and in XML are given again as they were', async () => {
  const trace = randomUUID();
  for (const [url, status] of [
    ['/v1/test-payments:cancel', 204],
    ['/v1/test-payments-xml', 200],
  ] as const) {
    const first = await send({ trace, url });
    const again = await send({ trace, url });
    expect([first.statusCode, again.statusCode, again.body, isReplay(again)]).toEqual([status, status, first.body, true]);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
  }
  expect(await countPayments()).toBe(2);
});

test.each([
  ['no funds', 400, 'TST_4'],
  ['bug', 500, 'TST_6'],
])('a failure (%s) leaves nothing and is not stored: the next try runs', async (note, status, code) => {
  const trace = randomUUID();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answer = await send({ trace, note });
    expect([answer.statusCode, answer.json<{ code: string }>().code, isReplay(answer)]).toEqual([status, code, false]);
  }
  expect(await countPayments()).toBe(0);
  const [stored] = await app.database.sql<{ count: bigint }[]>`select count(*) from replays where trace_id = ${trace}`;
  expect(stored?.count).toBe(0n);
});

test('a call that the checks refuse takes no key', async () => {
  const trace = randomUUID();
  expect((await send({ trace, body: '{"note":1}' })).statusCode).toBe(400);
  expect((await send({ trace, token: 'none' })).statusCode).toBe(401);
  expect(isReplay(await send({ trace }))).toBe(false);
});

test('while the first runs, the second answers 409; then it gets the answer of the first', async () => {
  const trace = randomUUID();
  const { sql } = app.database;
  const holder = await sql.reserve();
  await holder`select pg_advisory_lock(${gate})`;
  const first = send({ trace });
  const firstAnswer = first.then((answer) => answer);
  await eventually(async () => {
    const waiting = await holder`select 1 from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`;
    return waiting.length > 0;
  });
  for (const at of [app, second]) {
    const meanwhile = await send({ trace, at });
    expect([meanwhile.statusCode, meanwhile.body]).toEqual([409, '{"code":"TST_5","message":"still running"}']);
    expect(meanwhile.headers['transactionid']).toBe(trace);
  }
  await holder`select pg_advisory_unlock(${gate})`;
  holder.release();
  const done = await firstAnswer;
  expect(done.statusCode).toBe(201);
  const after = await send({ trace });
  expect([after.body, isReplay(after)]).toEqual([done.body, true]);
  expect(await countPayments()).toBe(1);
});

test('of twenty at once one takes effect; the others get its answer or 409', async () => {
  const trace = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => send({ trace, at: index % 2 === 0 ? app : second })),
  );
  const fresh = answers.filter((answer) => answer.statusCode === 201 && !isReplay(answer));
  expect(fresh).toHaveLength(1);
  for (const answer of answers) {
    if (answer.statusCode === 201) expect(answer.body).toBe(fresh[0]?.body);
    else expect(answer.statusCode).toBe(409);
  }
  expect(await countPayments()).toBe(1);
});

test('after 24 hours the key is free again, whether or not the old row is still there', async () => {
  const trace = randomUUID();
  const { sql } = app.database;
  const first = await send({ trace });
  const [stored] = await sql<{ hours: number }[]>`
    select extract(epoch from expires_at - clock_timestamp())::float8 / 3600 as hours from replays where trace_id = ${trace}`;
  expect(stored?.hours).toBeGreaterThan(23.9);
  expect(stored?.hours).toBeLessThanOrEqual(24);
  await sql`update replays set expires_at = expires_at - interval '24 hours' where trace_id = ${trace}`;
  const later = await send({ trace });
  expect(isReplay(later)).toBe(false);
  expect(later.body).not.toBe(first.body);
  expect((await send({ trace })).body).toBe(later.body);
  await sql`update replays set expires_at = expires_at - interval '24 hours' where trace_id = ${trace}`;
  await app.jobs.find(({ name }) => name === 'delete_expired')?.run();
  expect(await sql`select 1 from replays where trace_id = ${trace}`).toHaveLength(0);
});
