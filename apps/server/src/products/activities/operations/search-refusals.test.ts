import { randomUUID } from 'node:crypto';
import {
  type ActivitySearch,
  createActivitySearch,
  dayMs,
  fromNow,
  lastDay,
  recordSignIns,
} from '@openbranch/testkit/activity-search';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let pat: Customer;
let other: ApplicationKeys;
let search: ActivitySearch['search'];
let send: ActivitySearch['send'];
let refusal: ActivitySearch['refusal'];
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (database, keyRing) => {
      await withoutLimits(database);
      other = await insertApplication(database, keyRing, { allowed_scopes: ['banking-activities:read'] });
    },
  });
  api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
  ({ search, send, refusal } = createActivitySearch(api));
});
beforeEach(() => sql()`delete from activities where institution_id = ${institutionId}`);
afterAll(() => app.close());

const sql = () => app.database.sql;

const filtered = (...filters: object[]) => search({ additionalFilters: { filters } });
const refusedFilter = (filter: object) => refusal({ additionalFilters: { filters: [filter] } });

describe('refusals', () => {
  test.each([
    ['startTime after endTime', 1000],
    ['the two at once', 0],
  ])('400 BAS_10001: %s', async (_what, laterMs) => {
    const { endTime } = lastDay();
    expect(await refusal({ startTime: new Date(Date.parse(endTime) + laterMs).toISOString(), endTime })).toEqual([
      400,
      'BAS_10001',
    ]);
  });

  test('400 BAS_10002: startTime before the look-back, and a window that is too long', async () => {
    expect(await refusal({ startTime: fromNow(-90 * dayMs - 60_000).toISOString() })).toEqual([400, 'BAS_10002']);
    expect(await refusal({ startTime: fromNow(-dayMs).toISOString(), endTime: fromNow(89.5 * dayMs).toISOString() })).toEqual([
      400,
      'BAS_10002',
    ]);
    expect(
      (await search({ startTime: fromNow(-90 * dayMs + 60_000).toISOString(), endTime: fromNow(0).toISOString() })).status,
    ).toBe(204);
  });

  test('an institution may look back 93 days (switch activities.look_back_days)', async () => {
    const window = { startTime: fromNow(-93 * dayMs + 60_000).toISOString(), endTime: fromNow(0).toISOString() };
    await withSwitch(app, institutionId, 'activities.look_back_days', ['93', '90'], async () => {
      expect((await search(window)).status).toBe(204);
      expect(await refusal({ ...window, startTime: fromNow(-93 * dayMs - 60_000).toISOString() })).toEqual([400, 'BAS_10002']);
    });
    expect(await refusal(window)).toEqual([400, 'BAS_10002']);
  });

  test.each([
    { eventIds: 'login' },
    { eventIds: [1] },
    { eventIds: [null] },
    { requestedAttributes: {} },
    { eventType: 1 },
    { userType: ['retail'] },
    { userProduct: true },
    { userId: {}, userIdType: 'loginId' },
    { nextPageToken: 5 },
    { additionalFilters: [] },
    { additionalFilters: 'x' },
    { additionalFilters: { condition: 1 } },
    { additionalFilters: { filters: {} } },
    { additionalFilters: { filters: ['x'] } },
    { additionalFilters: { filters: [{ attributeId: 1, value: 'x' }] } },
    { additionalFilters: { filters: [{ attributeId: 'a', value: true }] } },
    { additionalFilters: { subFilters: 'x' } },
    { additionalFilters: { subFilters: [1] } },
    { additionalFilters: { subFilter: [] } },
  ])('400 BAS_10005: a member of the wrong type, %j', async (body) => {
    expect(await refusal(body)).toEqual([400, 'BAS_10005']);
  });

  test.each(['', '{', '[]', '[{}]', '"text"', '5', 'null', 'true', '{"__proto__":{}}'])(
    '400 BAS_10006: the body %j',
    async (payload) => {
      expect(await refusalOf(send(payload))).toEqual([400, 'BAS_10006']);
    },
  );

  test('413 BAS_10006: a body beyond 1 MiB', async () => {
    expect(await refusal({ padding: 'x'.repeat(1_048_576) })).toEqual([413, 'BAS_10006']);
  });

  test('400 BAS_10007: notEqual and like, where the institution refuses them (switch activities.negative_criteria)', async () => {
    await withSwitch(app, institutionId, 'activities.negative_criteria', ['rejected', 'supported'], async () => {
      for (const criteria of ['notEqual', 'like'])
        expect(await refusedFilter({ attributeId: 'result', criteria, value: 'x' })).toEqual([400, 'BAS_10007']);
      expect((await filtered({ attributeId: 'result', criteria: 'equals', value: 'x' })).status).toBe(204);
    });
  });

  test.each([
    { condition: 'and', subFilters: [{ condition: 'and', filters: [{ attributeId: 'a', value: 'b' }] }] },
    {
      condition: 'or',
      subFilters: [
        { condition: 'and', filters: [] },
        { condition: 'or', filters: [] },
      ],
    },
    { subFilters: [{ filters: [{ attributeId: 'a', value: 'b' }] }] },
    { condition: 'or', subFilter: { condition: 'or', filters: [] } },
  ])('400 BAS_10008: the same condition in a sub-filter, %j', async (additionalFilters) => {
    expect(await refusal({ additionalFilters })).toEqual([400, 'BAS_10008']);
  });

  test('400 BAS_10009: userType outside its values', async () => {
    expect(await refusal({ userType: 'RETAIL' })).toEqual([400, 'BAS_10009']);
  });

  test('400 BAS_10010: userIdType outside its values', async () => {
    expect(await refusal({ userId: '1', userIdType: 'guid' })).toEqual([400, 'BAS_10010']);
  });

  test('400 BAS_10011: userId without userIdType', async () => {
    expect(await refusal({ userId: 1 })).toEqual([400, 'BAS_10011']);
  });

  test('400 BAS_10012: eventType outside its values', async () => {
    expect(await refusal({ eventType: 'Audit' })).toEqual([400, 'BAS_10012']);
  });

  test.each([
    [{ filters: [{ attributeId: 'a', criteria: 'Equals', value: 'x' }] }],
    [{ filters: [{ attributeId: 'a', criteria: 'between', value: 'x' }] }],
    [{ filters: [{ attributeId: 'a' }] }],
    [{ filters: [{ attributeId: 'a', criteria: 'greaterThan', value: null }] }],
    [{ condition: 'xor', filters: [] }],
    [{ filters: [{ attributeId: 'timestamp', criteria: 'lessThan', value: 'yesterday' }] }],
    [{ filters: Array(51).fill({ attributeId: 'a', value: 'x' }) }],
    [
      {
        filters: Array(26).fill({ attributeId: 'a', value: 'x' }),
        subFilter: { condition: 'or', filters: Array(25).fill({ attributeId: 'a', value: 'x' }) },
      },
    ],
    [{ subFilters: Array(51).fill({ condition: 'or', filters: [] }) }],
    [{ filters: [{ attributeId: 'a'.repeat(65), value: 'x' }] }],
    [{ filters: [{ attributeId: 'a', value: 'x'.repeat(257) }] }],
  ])('400 BAS_10021: a search that cannot be built, %#', async (additionalFilters) => {
    expect(await refusal({ additionalFilters })).toEqual([400, 'BAS_10021']);
  });

  test.each([
    { eventIds: Array(101).fill('login') },
    { requestedAttributes: Array(101).fill('result') },
    { eventIds: ['x'.repeat(257)] },
    { userProduct: 'x'.repeat(257) },
  ])('400 BAS_10021: a search with too much in it, %#', async (body) => {
    expect(await refusal(body)).toEqual([400, 'BAS_10021']);
  });

  test('as many filters as are taken are answered', async () => {
    await recordSignIns(sql(), institutionId, 1);
    const filters = Array(25).fill({ attributeId: 'reqctx_loginid', criteria: 'notEqual', value: 'x' });
    expect(await search({ additionalFilters: { filters, subFilters: [{ condition: 'or', filters }] } })).toMatchObject({
      count: 1,
    });
  });

  test.each([
    { eventIds: ['l\u00f6gin'] },
    { requestedAttributes: ['a\tb'] },
    { userId: '\u0007', userIdType: 'loginId' },
    { userProduct: '\u00e9' },
    { additionalFilters: { filters: [{ attributeId: '\u00e9', value: 'x' }] } },
    { additionalFilters: { filters: [{ attributeId: 'x', value: 'a\nb' }] } },
  ])('400 BAS_10201: characters outside printable ASCII in the body, %#', async (body) => {
    expect(await refusal(body)).toEqual([400, 'BAS_10201']);
  });

  test('400 BAS_10201: characters outside printable ASCII in the query', async () => {
    expect(await refusalOf(send(lastDay(), {}, '/v1/banking-activities?a=%00'))).toEqual([400, 'BAS_10201']);
  });

  test('400 BAS_10202: a transactionId that is too long', async () => {
    expect(await refusal({}, { transactionId: 'x'.repeat(65) })).toEqual([400, 'BAS_10202']);
  });

  test('400 BAS_10203: no transactionId', async () => {
    expect(await refusal({}, { transactionId: undefined })).toEqual([400, 'BAS_10203']);
  });

  test.each(['identity', 'br', 'br, zstd', 'gzip;q=0', 'gzipped', 'gzip;q=0.0, br'])(
    '400 BAS_10203: Accept-Encoding %s',
    async (value) => {
      expect(await refusal({}, { 'accept-encoding': value })).toEqual([400, 'BAS_10203']);
    },
  );

  test('400 BAS_10203: a list of Accept-Encoding, where the institution takes only one name (switch activities.accept_encoding)', async () => {
    await withSwitch(app, institutionId, 'activities.accept_encoding', ['strict', 'lenient'], async () => {
      expect(await refusal({}, { 'accept-encoding': 'gzip, deflate' })).toEqual([400, 'BAS_10203']);
      for (const value of [undefined, 'application/gzip', 'GZIP', 'deflate', '*'])
        expect((await search({}, { 'accept-encoding': value })).status).toBe(204);
    });
  });

  test.each([undefined, 'text/plain', 'application/xml'])('400 BAS_10203: Content-Type %s', async (type) => {
    expect(await refusal({}, { 'content-type': type })).toEqual([400, 'BAS_10203']);
  });

  test.each([
    { startTime: undefined },
    { endTime: undefined },
    { startTime: null },
    { startTime: 1_770_000_000 },
    { startTime: '' },
    { startTime: '2026-02-30T00:00:00Z' },
    { startTime: '2026-02-03T24:00:00Z' },
    { startTime: '2026-02-03T00:00:00' },
    { startTime: '2026-02-03T00:00:00+24:00' },
    { endTime: 'tomorrow' },
    { pageSize: '10' },
    { pageSize: 1.5 },
    { pageSize: 1e300 },
    { pageSize: true },
    { additionalFilters: { filters: [{ value: 'x' }] } },
    { additionalFilters: { filters: [{ attributeId: '', value: 'x' }] } },
    { additionalFilters: { subFilters: [{ condition: 'or' }] } },
  ])('400 BAS_10204: a member that is missing or cannot be read, %j', async (body) => {
    expect(await refusal(body)).toEqual([400, 'BAS_10204']);
  });

  test('400 BAS_10205: headers that are too long, and callingAppId', async () => {
    expect(await refusal({}, { 'x-padding': 'x'.repeat(8200) })).toEqual([400, 'BAS_10205']);
    expect(await refusal({}, { callingAppId: 'x'.repeat(65) })).toEqual([400, 'BAS_10205']);
  });

  test.each([undefined, '', 'Basic eA==', 'Bearer', 'nonsense'])('401 BAS_10101: Authorization %s', async (authorization) => {
    expect(await refusal({}, { authorization })).toEqual([401, 'BAS_10101']);
  });

  test('401 BAS_10102: a token that is unknown, expired or of the other edition', async () => {
    expect(await refusal({}, { authorization: 'Bearer nonsense' })).toEqual([401, 'BAS_10102']);
    const { body } = await api.signInV1(pat.loginId, pat.password);
    const legacy = /<access_token>([^<]+)</u.exec(body)?.[1] ?? '';
    expect(legacy).not.toBe('');
    expect(await refusal({}, { authorization: `Bearer ${legacy}` })).toEqual([401, 'BAS_10102']);
    const expiring = await api.partnerToken('banking-activities:read');
    await advanceClock(app, institutionId, 3600);
    expect(await refusal({}, { authorization: `Bearer ${expiring}` })).toEqual([401, 'BAS_10102']);
    await setClock(app, institutionId, new Date().toISOString());
  });

  test('403 BAS_10101: a token without the scope, whichever others it has', async () => {
    const wrong = await api.partnerToken('accounts:read', 'institution-users:read');
    expect(await refusal({}, { authorization: `Bearer ${wrong}` })).toEqual([403, 'BAS_10101']);
  });

  test('403 BAS_10101: the token of a customer, scope or not', async () => {
    expect(await refusal({}, { authorization: `Bearer ${await api.userToken(pat)}` })).toEqual([403, 'BAS_10101']);
  });

  test('400 BAS_10103: a missing scope, where the institution wants it so (switch activities.scope_http)', async () => {
    const wrong = await api.partnerToken('accounts:read');
    await withSwitch(app, institutionId, 'activities.scope_http', ['400', '403'], async () => {
      expect(await refusal({}, { authorization: `Bearer ${wrong}` })).toEqual([400, 'BAS_10103']);
    });
  });

  test('400 BAS_10105: the application is no longer allowed for the institution of its token', async () => {
    const form = { grant_type: 'client_credentials' };
    const { accessToken } = await tokensOf(requestToken(app.http, other, form, { headers: { institutionId } }));
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await search({}, headers)).status).toBe(204);
    await changeApplication(app, other.clientId, { institution_ids: ['00043'] });
    const refused = await eventually(async () => ((await search({}, headers)).status === 204 ? undefined : refusal({}, headers)));
    expect(refused).toEqual([400, 'BAS_10105']);
  });

  test('405 with Allow: other verbs', async () => {
    const answer = await api.withToken('any', 'GET', '/v1/banking-activities');
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  test('the trace id comes back with an answer and with a refusal', async () => {
    const transactionId = randomUUID();
    expect((await send(lastDay(), { transactionId })).headers['transactionid']).toBe(transactionId);
    expect((await send({}, { transactionId })).headers['transactionid']).toBe(transactionId);
  });

  test('500 BAS_99999: an unexpected failure tells nothing but a reference', async () => {
    const { sql } = app.database;
    await sql`alter table activities rename column trace_id to trace_id_gone`;
    try {
      const answer = await send(lastDay());
      expect([answer.statusCode, answer.json()]).toEqual([
        500,
        { code: 'BAS_99999', message: expect.stringMatching(/^an unexpected error, reference [0-9a-f-]{36}$/u) },
      ]);
    } finally {
      await sql`alter table activities rename column trace_id_gone to trace_id`;
    }
  });
});
