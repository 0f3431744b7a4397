import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Activity } from '@openbranch/server/platform/audit/record-activity';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordActivity } from '../../../platform/audit/record-activity.ts';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let other: ApplicationKeys;
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      await withoutLimits(sql);
      other = await insertApplication(sql, keyRing, { allowed_scopes: ['banking-activities:read'] });
    },
  });
  api = createApiCaller(app);
  token = await api.partnerToken('banking-activities:read');
  pat = api.customer({ state: 'active' });
});
beforeEach(() => app.database.sql`delete from activities where institution_id = ${institutionId}`);
afterAll(() => app.close());

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const fromNow = (ms: number) => new Date(Date.now() + ms);
const day = () => ({ startTime: fromNow(-dayMs).toISOString(), endTime: fromNow(hourMs).toISOString() });

interface Found {
  readonly status: number;
  readonly count: number;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly next: string | undefined;
}

const send = (body: unknown, headers: Record<string, string | undefined> = {}, url = '/v1/banking-activities') =>
  api.withToken(token, 'POST', url, {
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function search(body: object = {}, headers: Record<string, string | undefined> = {}): Promise<Found> {
  const answer = await send({ ...day(), ...body }, headers);
  if (answer.statusCode !== 200) return { status: answer.statusCode, count: 0, rows: [], next: undefined };
  const read: { count: number; bankingActivities: Found['rows']; nextPageToken?: string } = JSON.parse(
    gunzipSync(answer.rawPayload).toString('utf8'),
  );
  return { status: 200, count: read.count, rows: read.bankingActivities, next: read.nextPageToken };
}

const refusal = (body: object, headers: Record<string, string | undefined> = {}) => refusalOf(send({ ...day(), ...body }, headers));
const filtered = (...filters: object[]) => search({ additionalFilters: { filters } });
const refusedFilter = (filter: object) => refusal({ additionalFilters: { filters: [filter] } });
const ids = ({ rows }: Found) => rows.map((row) => row['reqctx_id']);

const record = (...activities: (Partial<Activity> & Pick<Activity, 'kind'>)[]) =>
  app.database.sql.begin(async (tx) => {
    for (const activity of activities) await recordActivity(tx, { institutionId, occurredAt: new Date(), ...activity });
  });
/** Rows that differ by their trace id only, the newest last. */
const recordMany = (count: number, from = 1) =>
  record(
    ...Array.from({ length: count }, (_, index) => ({
      kind: 'user_signed_in' as const,
      traceId: `row ${from + index}`,
      occurredAt: fromNow(-hourMs + (from + index) * 1000),
    })),
  );

describe('every spelling of the published pages searches', () => {
  test.each([
    '/v1/banking-activities',
    '/data-apis/v1/banking-activities',
    '/digitalbanking/v1/banking-activities',
    '/digitalbanking/data-apis/v1/banking-activities',
    '/digitalbanking/stage/v1/banking-activities',
  ])('%s', async (url) => {
    await recordMany(1);
    expect((await send(day(), {}, url)).statusCode).toBe(200);
  });
});

describe('the answer', () => {
  test('is gzip-coded whatever was allowed, JSON, and never kept by caches (acceptance check 10)', async () => {
    await recordMany(1);
    for (const accepted of [undefined, '', 'application/gzip', 'gzip', 'deflate', '*', 'br, gzip;q=0.5, deflate']) {
      const { statusCode, headers, rawPayload } = await send(day(), { 'accept-encoding': accepted });
      expect([statusCode, headers['content-encoding']]).toEqual([200, 'gzip']);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(JSON.parse(gunzipSync(rawPayload).toString('utf8'))).toMatchObject({ count: 1 });
    }
  });

  test('is 204 without a body when nothing matches (acceptance check 10)', async () => {
    const answer = await send(day());
    expect([answer.statusCode, answer.body, answer.headers['content-encoding'], answer.headers['content-type']]).toEqual([
      204,
      '',
      undefined,
      undefined,
    ]);
  });

  test('shows a row with keys in lower case and values as text, and lacks what the log does not know', async () => {
    await record({
      kind: 'user_sign_in_failed',
      occurredAt: fromNow(-1000),
      institutionUserId: pat.institutionUserId,
      clientId: 'client',
      operation: 'requestToken',
      traceId: 'trace-1',
      address: '192.0.2.7',
      details: { reason: 'wrong_password', failedLoginCount: 3 },
    });
    const { rows } = await search();
    expect(rows).toEqual([
      {
        eventid: 'login',
        reqctx_id: 'trace-1',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/u),
        eventdate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u),
        eventtype: 'Audit',
        glappid: 'client',
        guid: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u),
        result: 'Failure',
        errorcode: 'wrong_password',
        channel: 'API',
        source: 'requestToken',
        action: 'user_sign_in_failed',
        member: pat.memberNumber,
        reqctx_canonicalid: institutionId,
        reqctx_customertype: 'RETAIL',
        reqctx_usertype: 'retail',
        reqctx_ipaddress: '192.0.2.7',
        reqctx_loginid: pat.loginId,
        reqctx_userid: pat.institutionUserId,
      },
    ]);
  });

  test('shows the time in the zone of the institution, to the millisecond, in summer and in winter', async () => {
    const hours = { startTime: '2026-03-07T00:00:00Z', endTime: '2026-03-09T00:00:00Z' };
    await setClock(app, institutionId, '2026-03-10T00:00:00Z');
    try {
      await record(
        { kind: 'user_signed_in', occurredAt: new Date('2026-03-08T09:59:59.417Z') },
        { kind: 'user_signed_in', occurredAt: new Date('2026-03-08T10:00:00.005Z') },
      );
      token = await api.partnerToken('banking-activities:read');
      const { rows } = await search(hours);
      expect(rows.map(({ timestamp, eventdate }) => [timestamp, eventdate])).toEqual([
        ['2026-03-08T03:00:00.005-07:00', '2026-03-08'],
        ['2026-03-08T01:59:59.417-08:00', '2026-03-08'],
      ]);
    } finally {
      await setClock(app, institutionId, new Date().toISOString());
      token = await api.partnerToken('banking-activities:read');
    }
  });

  test('is newest first, and rows of one moment by their place in the log', async () => {
    const at = fromNow(-5000);
    await recordMany(3);
    await record(
      { kind: 'user_signed_in', traceId: 'same 1', occurredAt: at },
      { kind: 'user_signed_in', traceId: 'same 2', occurredAt: at },
    );
    expect(ids(await search())).toEqual(['same 2', 'same 1', 'row 3', 'row 2', 'row 1']);
  });

  test('never shows details that no kind lists', async () => {
    await record({ kind: 'user_signed_in', details: { secretly: 'hidden', reason: 'hidden' } });
    expect(JSON.stringify((await search()).rows)).not.toContain('hidden');
  });

  test('holds only rows of the institution of the token', async () => {
    await app.database.sql.begin((tx) =>
      recordActivity(tx, { institutionId: api.institutionId === '00042' ? '00043' : '00042', occurredAt: new Date(), kind: 'user_signed_in' }),
    );
    expect((await search()).status).toBe(204);
  });
});

describe('requestedAttributes', () => {
  test('in mixed case answer keys in lower case; eventid, reqctx_id and timestamp stay (acceptance check 10)', async () => {
    await recordMany(1);
    const { rows } = await search({ requestedAttributes: ['Result', 'ReqCtx_CanonicalId', 'ReqCtx_onBehalfOfUser', 'unknown'] });
    expect(rows.map((row) => Object.keys(row).sort())).toEqual([['eventid', 'reqctx_canonicalid', 'reqctx_id', 'result', 'timestamp']]);
  });
});

describe('pages', () => {
  const pages = async (body: object, between: () => Promise<unknown> = async () => undefined) => {
    const found: Found[] = [await search(body)];
    for (let next = found[0]?.next; next !== undefined; next = found.at(-1)?.next) {
      await between();
      found.push(await search({ ...body, nextPageToken: next }));
    }
    return found;
  };

  test('two pages join without gap or overlap while rows are being added (acceptance check 10)', async () => {
    await recordMany(25);
    const window = day();
    let added = 100;
    const found = await pages({ ...window, pageSize: 10 }, () => recordMany(5, (added += 5)));
    expect(found.map(({ count }) => count)).toEqual([10, 10, 5]);
    expect(found.flatMap(ids)).toEqual(Array.from({ length: 25 }, (_, index) => `row ${25 - index}`));
  });

  test('join when all rows are of one moment', async () => {
    const occurredAt = fromNow(-1000);
    await record(...Array.from({ length: 7 }, (_, index) => ({ kind: 'user_signed_in' as const, traceId: `${index}`, occurredAt })));
    const found = await pages({ ...day(), pageSize: 3 });
    expect(found.flatMap(ids)).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });

  test('a full last page has no token', async () => {
    await recordMany(4);
    expect((await pages({ ...day(), pageSize: 2 })).map(({ count }) => count)).toEqual([2, 2]);
  });

  test('keep the size of the first page when pageSize is left out', async () => {
    await recordMany(5);
    const window = day();
    const { next } = await search({ ...window, pageSize: 2 });
    expect(await search({ ...window, nextPageToken: next })).toMatchObject({ count: 2 });
    expect(await search({ ...window, pageSize: 3, nextPageToken: next })).toMatchObject({ count: 3 });
  });

  test.each([[undefined], [0], [-5], [1001], [9_000_000_000_000]])('pageSize %s is 1000', async (pageSize) => {
    await app.database.sql`
      insert into activities (institution_id, occurred_at, kind)
      select ${institutionId}, ${fromNow(-hourMs)}::timestamptz, 'user_signed_in' from generate_series(1, 1001)`;
    expect(await search({ pageSize })).toMatchObject({ count: 1000, next: expect.any(String) });
  });

  test('a filter that hardly ever fits looks at 50,000 rows at a time, and goes on where it stopped', async () => {
    await app.database.sql`
      insert into activities (institution_id, occurred_at, kind, trace_id)
      select ${institutionId}, ${fromNow(-hourMs)}::timestamptz + n * interval '1 millisecond', 'user_signed_in', 'row ' || n
      from generate_series(1, 110000) n`;
    const body = { ...day(), additionalFilters: { filters: [{ attributeId: 'reqctx_id', criteria: 'equals', value: 'row 5' }] } };
    const found = await pages(body);
    expect(found.map(({ status, count }) => [status, count])).toEqual([
      [200, 0],
      [200, 0],
      [200, 1],
    ]);
    expect(found.flatMap(ids)).toEqual(['row 5']);
  });

  test('do not run into the look-back, and their tokens end with it', async () => {
    await recordMany(3);
    const window = { startTime: fromNow(-90 * dayMs + 60_000).toISOString(), endTime: fromNow(-1000).toISOString() };
    const { next } = await search({ ...window, pageSize: 1 });
    await advanceClock(app, institutionId, 600);
    token = await api.partnerToken('banking-activities:read');
    expect(await refusal(window)).toEqual([400, 'BAS_10002']);
    expect(await search({ ...window, nextPageToken: next })).toMatchObject({ count: 1 });
    await setClock(app, institutionId, fromNow(91 * dayMs).toISOString());
    token = await api.partnerToken('banking-activities:read');
    expect(await refusal({ ...window, nextPageToken: next })).toEqual([400, 'BAS_10206']);
    await setClock(app, institutionId, new Date().toISOString());
    token = await api.partnerToken('banking-activities:read');
  });

  describe('400 BAS_10206: a token', () => {
    const first = async (body: object = {}) => {
      await recordMany(3);
      return (await search({ ...body, pageSize: 1 })).next ?? '';
    };
    test('with other criteria (acceptance check 10)', async () => {
      const window = day();
      const nextPageToken = await first({ ...window, eventIds: ['login'] });
      const same = { ...window, eventIds: ['login'], nextPageToken };
      expect((await search(same)).status).toBe(200);
      for (const change of [
        { eventIds: ['login', 'logout'] },
        { eventIds: [] },
        { eventType: 'system' },
        { userType: 'retail' },
        { userProduct: 'x' },
        { companyId: 'x' },
        { userId: pat.loginId, userIdType: 'loginId' },
        { endTime: fromNow(2 * hourMs).toISOString() },
        { requestedAttributes: ['result'] },
        { additionalFilters: { filters: [{ attributeId: 'result', value: 'Success' }] } },
      ]) {
        expect([change, await refusal({ ...same, ...change })]).toEqual([change, [400, 'BAS_10206']]);
      }
    });
    test('that was altered', async () => {
      const window = day();
      const good = await first(window);
      const flipped = (at: number) => `${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`;
      const bad = ['', 'x', `${good}=`, `${good}!`, ` ${good}`, good.slice(1), good.slice(0, -4), `${good}AAAA`, 'A'.repeat(900_000)];
      for (const nextPageToken of [...bad, ...[0, 12, 30, 40, good.length - 2].map(flipped)])
        expect([nextPageToken.slice(0, 90), await refusal({ ...window, nextPageToken })]).toEqual([nextPageToken.slice(0, 90), [400, 'BAS_10206']]);
    });
    test('of another institution', async () => {
      const theirs = createApiCaller(app, 1);
      const window = day();
      const nextPageToken = await first(window);
      const answer = theirs.withToken(await theirs.partnerToken('banking-activities:read'), 'POST', '/v1/banking-activities', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ ...window, nextPageToken }),
      });
      expect(await refusalOf(answer)).toEqual([400, 'BAS_10206']);
    });
  });
});

describe('criteria', () => {
  test('startTime and endTime are inclusive', async () => {
    const at = fromNow(-hourMs);
    await record({ kind: 'user_signed_in', occurredAt: at });
    const ms = (shift: number) => new Date(at.getTime() + shift).toISOString();
    for (const [startTime, endTime, count] of [
      [ms(0), ms(1), 1],
      [ms(-1), ms(0), 1],
      [ms(1), ms(2), 0],
      [ms(-2), ms(-1), 0],
    ] as const)
      expect(await search({ startTime, endTime })).toMatchObject({ count });
  });

  test('every way to write a time is read', async () => {
    await record({ kind: 'user_signed_in', occurredAt: fromNow(-hourMs) });
    const today = new Date().toISOString().slice(0, 10);
    const before = fromNow(-2 * dayMs).toISOString().slice(0, 10);
    for (const startTime of [before, `${before}T00:00Z`, `${before}T00:00:00-0800`, `${before}T00:00:00.123456+05:30`])
      expect(await search({ startTime, endTime: `${today}T23:59:59.999-08:00` })).toMatchObject({ count: 1 });
  });

  test('eventIds are exact, and unknown ones match nothing', async () => {
    await record({ kind: 'user_signed_in' }, { kind: 'user_unlocked' }, { kind: 'passcode_sent' });
    expect(await search({ eventIds: ['login', 'unlockUser', 'nonsense'] })).toMatchObject({ count: 2 });
    expect((await search({ eventIds: ['LOGIN'] })).status).toBe(204);
    expect(await search({ eventIds: [] })).toMatchObject({ count: 3 });
  });

  test('eventType tells what users did from what the institution did, and is user when absent', async () => {
    await record({ kind: 'user_signed_in' }, { kind: 'application_created', details: { name: 'an application' } });
    expect((await search()).rows.map((row) => row['eventid'])).toEqual(['login']);
    expect((await search({ eventType: 'system' })).rows).toMatchObject([{ eventid: 'applicationChange', eventtype: 'Audit' }]);
  });

  test('userType, userId, companyId and userProduct find the rows of a user', async () => {
    const owner = api.customer({ userType: 'BUSINESS' });
    await record(
      { kind: 'user_signed_in', traceId: 'pat', institutionUserId: pat.institutionUserId },
      { kind: 'user_signed_in', traceId: 'owner', institutionUserId: owner.institutionUserId },
      { kind: 'user_registered', traceId: 'new', details: { userProduct: 'THIRD_PARTY_REGISTRATION', channel: 'TPV_API' } },
    );
    expect(ids(await search({ userType: 'retail' }))).toEqual(['pat']);
    const business = await search({ userType: 'business' });
    expect(ids(business)).toEqual(['owner']);
    const companyId = business.rows[0]?.['reqctx_companyid'];
    expect(companyId).toMatch(/^[0-9a-f]{32}$/u);
    expect(business.rows[0]?.['member']).toBeUndefined();
    expect(ids(await search({ companyId: companyId?.toUpperCase() }))).toEqual(['owner']);
    expect(ids(await search({ userId: pat.loginId.toUpperCase(), userIdType: 'loginId' }))).toEqual(['pat']);
    expect(ids(await search({ userId: pat.memberNumber, userIdType: 'memberId' }))).toEqual(['pat']);
    expect((await search({ userId: 'nobody', userIdType: 'loginId' })).status).toBe(204);
    expect((await search({ userId: 'nobody', userIdType: 'memberId' })).status).toBe(204);
    expect(ids(await search({ userProduct: 'THIRD_PARTY_REGISTRATION' }))).toEqual(['new']);
  });
});

describe('additionalFilters', () => {
  beforeEach(() =>
    record(
      { kind: 'user_signed_in', traceId: 'one', address: '192.0.2.1', occurredAt: fromNow(-3000) },
      { kind: 'user_sign_in_failed', traceId: 'two', details: { reason: 'wrong_password' }, occurredAt: fromNow(-2000) },
      { kind: 'user_sign_in_failed', traceId: '3', details: { reason: 'locked' }, occurredAt: fromNow(-1000) },
    ),
  );

  test.each([
    [{ attributeId: 'Result', value: 'Failure' }, ['3', 'two']],
    [{ attributeId: 'result', criteria: 'equals', value: 'failure' }, []],
    [{ attributeId: 'result', criteria: 'notEqual', value: 'Failure' }, ['one']],
    [{ attributeId: 'ERRORCODE', criteria: 'like', value: 'PASS' }, ['two']],
    [{ attributeId: 'errorcode', criteria: 'like', value: '%' }, []],
    [{ attributeId: 'errorcode', criteria: 'notEqual', value: 'locked' }, ['two', 'one']],
    [{ attributeId: 'errorcode', criteria: 'isPresent' }, ['3', 'two']],
    [{ attributeId: 'errorcode', criteria: 'isNotPresent' }, ['one']],
    [{ attributeId: 'reqctx_id', criteria: 'greaterThan', value: 2 }, ['3', 'two', 'one']],
    [{ attributeId: 'reqctx_id', criteria: 'lessThan', value: '10' }, ['3']],
    [{ attributeId: 'unknown', criteria: 'isNotPresent' }, ['3', 'two', 'one']],
    [{ attributeId: 'unknown', criteria: 'lessThanEqual', value: 'x' }, []],
    [{ attributeId: 'timestamp', criteria: 'greaterThan', value: '2020-01-01' }, ['3', 'two', 'one']],
    [{ attributeId: 'timestamp', criteria: 'lessThan', value: '2020-01-01' }, []],
    [{ attributeId: 'result', value: "x' or 1=1 --" }, []],
    [{ attributeId: `result" = '' or '1' = '1`, criteria: 'isPresent' }, []],
  ])('%j finds %j', async (filter, found) => {
    expect(ids(await filtered(filter))).toEqual(found);
  });

  test('are joined by their condition, with the result of each sub-filter', async () => {
    const reason = (value: string) => ({ attributeId: 'errorcode', value });
    const anyOf = { condition: 'or', filters: [reason('locked'), reason('wrong_password')] };
    const find = async (additionalFilters: object) => ids(await search({ additionalFilters }));
    expect(await find({ condition: 'or', filters: [reason('locked'), { attributeId: 'reqctx_id', value: 'one' }] })).toEqual(['3', 'one']);
    expect(await find({ condition: 'and', filters: [{ attributeId: 'reqctx_id', value: '3' }], subFilters: [anyOf] })).toEqual(['3']);
    expect(await find({ subFilters: [anyOf] })).toEqual(['3', 'two']);
    expect(await find({ subFilter: anyOf })).toEqual(['3', 'two']);
    expect(await find({ filters: [], subFilters: [{ condition: 'or', filters: [] }] })).toEqual(['3', 'two', 'one']);
    expect(await find({})).toEqual(['3', 'two', 'one']);
  });
});

describe('refusals', () => {
  test.each([['startTime after endTime', 1000], ['the two at once', 0]])('400 BAS_10001: %s', async (_what, laterMs) => {
    const { endTime } = day();
    expect(await refusal({ startTime: new Date(Date.parse(endTime) + laterMs).toISOString(), endTime })).toEqual([400, 'BAS_10001']);
  });

  test('400 BAS_10002: startTime before the look-back, and a window that is too long', async () => {
    expect(await refusal({ startTime: fromNow(-90 * dayMs - 60_000).toISOString() })).toEqual([400, 'BAS_10002']);
    expect(await refusal({ startTime: fromNow(-dayMs).toISOString(), endTime: fromNow(89.5 * dayMs).toISOString() })).toEqual([400, 'BAS_10002']);
    expect((await search({ startTime: fromNow(-90 * dayMs + 60_000).toISOString(), endTime: fromNow(0).toISOString() })).status).toBe(204);
  });

  test('an institution may look back 93 days (switch activities.look_back_days)', async () => {
    const window = { startTime: fromNow(-93 * dayMs + 60_000).toISOString(), endTime: fromNow(0).toISOString() };
    await withSwitch(app, institutionId, 'activities.look_back_days', ['93', '90'], async () => {
      expect((await search(window)).status).toBe(200);
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

  test.each(['', '{', '[]', '[{}]', '"text"', '5', 'null', 'true', '{"__proto__":{}}'])('400 BAS_10006: the body %j', async (payload) => {
    expect(await refusalOf(send(payload))).toEqual([400, 'BAS_10006']);
  });

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
    { condition: 'or', subFilters: [{ condition: 'and', filters: [] }, { condition: 'or', filters: [] }] },
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
    [{ filters: Array(26).fill({ attributeId: 'a', value: 'x' }), subFilter: { condition: 'or', filters: Array(25).fill({ attributeId: 'a', value: 'x' }) } }],
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
    await recordMany(1);
    const filters = Array(25).fill({ attributeId: 'reqctx_loginid', criteria: 'notEqual', value: 'x' });
    expect(await search({ additionalFilters: { filters, subFilters: [{ condition: 'or', filters }] } })).toMatchObject({ count: 1 });
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
    expect(await refusalOf(send(day(), {}, '/v1/banking-activities?a=%00'))).toEqual([400, 'BAS_10201']);
  });

  test('400 BAS_10202: a transactionId that is too long', async () => {
    expect(await refusal({}, { transactionId: 'x'.repeat(65) })).toEqual([400, 'BAS_10202']);
  });

  test('400 BAS_10203: no transactionId', async () => {
    expect(await refusal({}, { transactionId: undefined })).toEqual([400, 'BAS_10203']);
  });

  test.each(['identity', 'br', 'br, zstd', 'gzip;q=0', 'gzipped', 'gzip;q=0.0, br'])('400 BAS_10203: Accept-Encoding %s', async (value) => {
    expect(await refusal({}, { 'accept-encoding': value })).toEqual([400, 'BAS_10203']);
  });

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
    const { loginId, password } = pat;
    const legacy: { access_token: string } | undefined = /<access_token>(?<access_token>[^<]+)</u.exec(
      (await api.signInV1(loginId, password)).body,
    )?.groups as never;
    expect(legacy).toBeDefined();
    expect(await refusal({}, { authorization: `Bearer ${legacy?.access_token}` })).toEqual([401, 'BAS_10102']);
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
    expect(await refusal({}, headers)).toEqual([400, 'BAS_10105']);
  });

  test('405 with Allow: other verbs', async () => {
    const answer = await api.withToken(token, 'GET', '/v1/banking-activities');
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  test('the trace id comes back with an answer and with a refusal', async () => {
    const transactionId = randomUUID();
    expect((await send(day(), { transactionId })).headers['transactionid']).toBe(transactionId);
    expect((await send({}, { transactionId })).headers['transactionid']).toBe(transactionId);
  });

  test('500 BAS_99999: an unexpected failure tells nothing but a reference', async () => {
    const { sql } = app.database;
    await sql`alter table activities rename column trace_id to trace_id_gone`;
    try {
      const answer = await send(day());
      expect([answer.statusCode, answer.json()]).toEqual([
        500,
        { code: 'BAS_99999', message: expect.stringMatching(/^an unexpected error, reference [0-9a-f-]{36}$/u) },
      ]);
    } finally {
      await sql`alter table activities rename column trace_id_gone to trace_id`;
    }
  });
});
